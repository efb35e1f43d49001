"""Whether a link fits: one voice per person, and the team sees who objects."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlmodel import Session, select

from app.accounts.models import Person
from app.core.db import Database
from app.issues.models import Issue
from app.matching.models import LinkKind, MatchOpinion, ThemeMatch
from app.matching.opinions import Opinions, give_opinion, opinions_about
from tests.browsing import Browser
from tests.conftest import Cast
from tests.crowd import at_once
from tests.factories import hide, make_issue


@pytest.fixture
def issue(session: Session, cast: Cast) -> Issue:
    return make_issue(session, cast.author)


@pytest.fixture
def theme_id(session: Session, issue: Issue) -> int:
    return session.exec(select(ThemeMatch.theme_id).where(ThemeMatch.issue_id == issue.id)).one()


def opinion(issue: Issue, theme_id: int) -> str:
    return f"/issues/{issue.id}/matches/theme/{theme_id}/opinion"


def test_one_voice_per_person_and_the_last_one_counts(
    author: Browser, resident: Browser, session: Session, issue: Issue, theme_id: int
) -> None:
    path = opinion(issue, theme_id)
    assert resident.post(path, data={"agrees": "no"}).status_code == 303
    resident.post(path, data={"agrees": "yes", "reason": "Dat zie ik ook zo."})
    author.post(path, data={"agrees": "no", "reason": "Het gaat om licht."})
    session.rollback()
    assert opinions_about(session, issue.id) == {(LinkKind.THEME, theme_id): Opinions(1, 1, author_objects=True)}
    assert "klopt niet" not in resident.get(f"/issues/{issue.id}").text.partition("thread")[0].lower()
    assert "dit niet klopt" in author.get(f"/issues/{issue.id}", follow_redirects=True).text
    assert author.post(f"{path}/withdrawal").status_code == 303
    session.rollback()
    assert opinions_about(session, issue.id) == {(LinkKind.THEME, theme_id): Opinions(1, 0, author_objects=False)}


def test_a_person_who_presses_many_times_at_once_has_one_voice(
    database: Database, session: Session, cast: Cast, issue: Issue, theme_id: int
) -> None:
    def press(agrees: bool) -> None:
        with database.session() as own:
            give_opinion(own, cast.resident.id, issue, LinkKind.THEME, theme_id, agrees, "")

    at_once([partial(press, number % 2 == 0) for number in range(12)])
    assert len(session.exec(select(MatchOpinion)).all()) == 1


def test_what_is_not_linked_cannot_be_judged(
    resident: Browser, session: Session, cast: Cast, issue: Issue, theme_id: int
) -> None:
    assert resident.post(opinion(issue, 999), data={"agrees": "no"}).status_code == 404
    assert resident.post(f"/issues/{issue.id}/matches/pilot/1/opinion", data={"agrees": "no"}).status_code == 404
    assert resident.post(f"/issues/{issue.id}/matches/mood/1/opinion", data={"agrees": "no"}).status_code in (404, 422)
    assert resident.post(opinion(issue, theme_id), data={"agrees": "perhaps"}).status_code == 400
    hide(session, issue)
    assert resident.post(opinion(issue, theme_id), data={"agrees": "no"}).status_code == 404
    assert session.exec(select(MatchOpinion)).all() == []


def test_the_team_sees_beside_the_suggestion_who_objects(
    browser_of: Callable[[Person | None], Browser], author: Browser, cast: Cast, issue: Issue, theme_id: int
) -> None:
    author.post(opinion(issue, theme_id), data={"agrees": "no"})
    desk = browser_of(cast.team).get(f"/team/issues/{issue.id}").text
    assert "De schrijver zegt dat dit niet klopt." in desk
    assert "0 zeggen dat het klopt, 1 dat het niet klopt" in desk


def test_a_visitor_is_asked_to_sign_in_first(visitor: Browser, issue: Issue, theme_id: int) -> None:
    assert "Sign in to say whether this fits" in visitor.get(f"/issues/{issue.id}", follow_redirects=True).text
    answer = visitor.post(opinion(issue, theme_id), data={"agrees": "no"})
    assert answer.headers["location"].startswith("/sign-in")
