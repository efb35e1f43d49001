"""The front door, the two lists it leads to, and the page for who got lost."""

import re
from collections.abc import Callable

import pytest
from sqlmodel import Session

from app.accounts.models import Person
from app.core.clock import now
from app.issues.models import Status
from app.pilots.models import Stage
from app.verdicts.models import VerdictQuestion
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import hide, make_issue, make_lesson, make_pilot

BrowserOf = Callable[[Person | None], Browser]


def test_home_shows_what_came_of_it_one_of_each_kind(visitor: Browser, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    titles = {
        "Elke maandag schoon": Stage.EMBEDDED,
        "Ouder dan het schone strand": Stage.EMBEDDED,
        "Gestopt met meten": Stage.STOPPED,
        "Nu aan het proberen": Stage.PILOT,
    }
    pilots = {title: make_pilot(session, [issue], title) for title in titles}
    for title, stage in titles.items():
        pilots[title].stage = stage
    pilots["Elke maandag schoon"].updated_at = now()
    made = pilots["Elke maandag schoon"]
    session.add(VerdictQuestion(pilot_id=made.id, asked=9, solved=5, partly=2, not_solved=1))
    make_lesson(session, pilots["Gestopt met meten"], "Vraag het eerst")
    session.commit()

    page = visitor.get("/").text
    shown = [title for title in titles if title in page]
    assert shown == ["Elke maandag schoon", "Gestopt met meten", "Nu aan het proberen"]
    assert "8 residents answered: 5 solved, 2 partly, 1 not" in page
    assert "Vraag het eerst" in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_figures_lead_to_what_they_count(visitor: Browser, session: Session, cast: Cast) -> None:
    said = [Status.NEW, Status.ACKNOWLEDGED, Status.REOPENED, Status.RESOLVED, Status.CONFIRMED, Status.ANSWERED]
    issues = [make_issue(session, cast.author, f"Vraagstuk dat {status} is") for status in said]
    for issue, status in zip(issues, said, strict=True):
        issue.status = status
    hide(session, make_issue(session, cast.author, "Verborgen en nieuw"))
    session.commit()

    figures = visitor.get("/").text
    for group, statuses in {"new": [0], "busy": [1, 2], "done": [3, 4]}.items():
        assert re.search(rf'status={group}">[^<]+</a></dt><dd>{len(statuses)}</dd>', figures)
        feed = visitor.get(f"/issues?status={group}").text
        assert [number for number, issue in enumerate(issues) if issue.title in feed] == statuses


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_themes_and_neighbourhoods_say_how_much_goes_on(visitor: Browser, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author, theme="mobility")
    make_pilot(session, [issue])
    hide(session, make_issue(session, cast.author, theme="mobility"))
    themes, areas = visitor.get("/themes").text, visitor.get("/neighbourhoods").text
    assert 'href="/themes/mobility"' in themes
    assert "1 issue<" in themes
    assert 'href="/neighbourhoods/BU00000001"' in areas


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_gets_lost_stays_signed_in(visitor: Browser, cast: Cast, browser_of: BrowserOf) -> None:
    lost = browser_of(cast.resident).get("/no-such-page")
    assert lost.status_code == 404
    assert 'href="/me"' in lost.text
    assert "/sign-in?next=" not in lost.text
    assert "/sign-in?next=/no-such-page" in visitor.get("/no-such-page").text
    assert 'href="/me"' in browser_of(cast.resident).put("/issues").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_thousands_are_written_as_the_language_does(visitor: Browser, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    issue.vote_count = 1284
    session.commit()
    assert "1,284 people have this problem too" in visitor.get(f"/issues/{issue.id}", follow_redirects=True).text
    dutch = visitor.get(f"/issues/{issue.id}", follow_redirects=True, headers={"Accept-Language": "nl"}).text
    assert "Bij 1.284 mensen speelt dit ook" in dutch
