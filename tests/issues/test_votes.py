from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlmodel import Session, func, select

from app.accounts.models import Person
from app.issues.models import Issue, Status, Vote
from app.settings import Settings
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import make_issue
from tests.filing.test_file_issue import sign_in


@pytest.fixture
def issue(session: Session, cast: Cast) -> Issue:
    return make_issue(session, cast.author)


def votes(session: Session, issue: Issue) -> tuple[int, int]:
    """The counter and the truth."""
    session.rollback()
    session.expire_all()
    counted = session.exec(select(Issue.vote_count).where(Issue.id == issue.id)).one()
    return counted, session.exec(select(func.count()).select_from(Vote).where(Vote.issue_id == issue.id)).one()


def test_one_tap_is_one_vote(resident: Browser, session: Session, issue: Issue) -> None:
    voted = resident.htmx("POST", f"/issues/{issue.id}/vote")
    assert voted.status_code == 200
    assert 'aria-pressed="true"' in voted.text
    assert "<html" not in voted.text
    assert votes(session, issue) == (1, 1)


def test_without_javascript_the_page_comes_back(resident: Browser, issue: Issue) -> None:
    voted = resident.post(f"/issues/{issue.id}/vote")
    assert voted.status_code == 303
    assert voted.headers["location"].startswith(f"/issues/{issue.id}")


def test_voting_again_changes_nothing(resident: Browser, session: Session, issue: Issue) -> None:
    for _again in range(3):
        resident.post(f"/issues/{issue.id}/vote")
    assert votes(session, issue) == (1, 1)


def test_a_vote_can_be_withdrawn_and_cast_again(resident: Browser, session: Session, issue: Issue) -> None:
    born = issue.heat
    resident.post(f"/issues/{issue.id}/vote")
    withdrawn = resident.htmx("POST", f"/issues/{issue.id}/vote/withdrawal")
    assert 'aria-pressed="false"' in withdrawn.text
    resident.post(f"/issues/{issue.id}/vote/withdrawal")
    assert votes(session, issue) == (0, 0)
    assert session.exec(select(Issue.heat).where(Issue.id == issue.id)).one() == pytest.approx(born, abs=1e-6)
    resident.post(f"/issues/{issue.id}/vote")
    assert votes(session, issue) == (1, 1)


def test_a_visitors_vote_counts_after_signing_in(
    visitor: Browser, app: FastAPI, settings: Settings, session: Session, issue: Issue
) -> None:
    kept = visitor.post(f"/issues/{issue.id}/vote")
    assert kept.headers["location"].startswith("/sign-in?next=/issues/")
    assert votes(session, issue) == (0, 0)
    came_in = sign_in(visitor, app, settings)
    assert came_in.headers["location"].startswith(f"/issues/{issue.id}")  # type: ignore[attr-defined]
    assert votes(session, issue) == (1, 1)


def test_a_closed_issue_takes_no_votes(resident: Browser, session: Session, issue: Issue) -> None:
    issue.status = Status.DECLINED
    session.add(issue)
    session.commit()
    refused = resident.post(f"/issues/{issue.id}/vote")
    assert refused.status_code == 409
    assert "closed" in refused.text or "gesloten" in refused.text
    notice = resident.htmx("POST", f"/issues/{issue.id}/vote")
    assert notice.headers["hx-retarget"] == "#messages"


def test_the_votes_of_several_people_add_up(
    browser_of: Callable[[Person | None], Browser], cast: Cast, session: Session, issue: Issue
) -> None:
    for person in (cast.resident, cast.team, cast.moderator):
        browser_of(person).post(f"/issues/{issue.id}/vote")
    assert votes(session, issue) == (3, 3)


def test_a_write_from_another_site_is_refused(resident: Browser, session: Session, issue: Issue) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        assert resident.post(f"/issues/{issue.id}/vote", headers=headers).status_code == 403
    del resident.headers["Origin"]
    assert resident.post(f"/issues/{issue.id}/vote").status_code == 403
    assert votes(session, issue) == (0, 0)
