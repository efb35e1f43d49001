"""A pilot grows from issues: who may start one, and what comes of it."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.activity.models import AuditEntry, TimelineEntry
from app.core.clock import now
from app.core.errors import Conflict
from app.issues.models import Issue, Status
from app.pilots.actions import PilotText, start_pilot
from app.pilots.models import Pilot, PilotIssue, PilotTheme
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import hide, make_issue

FORM = {
    "title": "Veilig naar huis",
    "problem": "Bewoners zien 's avonds niets op het fietspad langs de duinen.",
}


@pytest.fixture
def team(browser_of, cast: Cast) -> Browser:  # type: ignore[no-untyped-def]
    return browser_of(cast.team)


def test_the_team_starts_a_pilot_from_issues(team: Browser, session: Session, cast: Cast) -> None:
    issues = [
        make_issue(session, cast.author, theme="mobility"),
        make_issue(session, cast.author, lat="52.107"),
    ]
    assert "/pilots/new?issues=" in team.get(f"/issues/{issues[0].id}").text
    started = team.post("/pilots", data={**FORM, "issues": f"#{issues[0].id}, {issues[1].id}"})
    assert started.status_code == 303
    session.expire_all()
    pilot = session.exec(select(Pilot)).one()
    assert started.headers["location"] == f"/pilots/{pilot.id}"
    assert {link.issue_id for link in session.exec(select(PilotIssue))} == {issue.id for issue in issues}
    assert len(session.exec(select(PilotTheme)).all()) == 1
    assert {issue.status for issue in session.exec(select(Issue))} == {Status.IN_PILOT}
    assert pilot.lat == pytest.approx(52.106)
    told = {(entry.subject_kind, entry.kind) for entry in session.exec(select(TimelineEntry))}
    assert {("pilot", "stage.idea"), ("issue", "status.in-pilot")} <= told
    assert "pilot.started" in {entry.kind for entry in session.exec(select(AuditEntry))}
    page = team.get(f"/pilots/{pilot.id}").text
    assert page.index("fietspad langs de duinen") < page.index(issues[0].title)


@pytest.mark.parametrize("numbers", ["", "geen", "999999", "1" * 30])
def test_without_an_issue_there_is_no_pilot(team: Browser, session: Session, numbers: str) -> None:
    refused = team.post("/pilots", data={**FORM, "issues": numbers})
    assert refused.status_code == 422
    assert 'id="issues-error"' in refused.text
    assert FORM["problem"].split("'")[0] in refused.text
    assert session.exec(select(Pilot)).first() is None


def test_the_rule_stands_below_the_form_too(session: Session, cast: Cast) -> None:
    with pytest.raises(Conflict):
        start_pilot(session, cast.team.id, [], PilotText(**FORM))


def test_a_hidden_issue_is_as_good_as_none(team: Browser, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    hide(session, issue)
    assert team.post("/pilots", data={**FORM, "issues": str(issue.id)}).status_code == 422


def test_who_is_suspended_starts_no_pilot(team: Browser, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    cast.team.suspended_until = now() + timedelta(days=1)
    session.add(cast.team)
    session.commit()
    assert team.post("/pilots", data={**FORM, "issues": str(issue.id)}).status_code == 403


def test_others_cannot_tell_that_the_form_exists(resident: Browser, session: Session, cast: Cast) -> None:
    make_issue(session, cast.author)
    assert resident.get("/pilots/new").status_code == 404
    assert "/pilots/new" not in resident.get("/pilots").text
