"""Suggestions follow pilots and decisions, in the background, and leave alone what people decided or change."""

from sqlmodel import Session, select

from app.core.clock import now
from app.core.db import Database
from app.issues.models import Issue
from app.matching import deciding
from app.matching.models import PilotMatch, State
from app.matching.refreshing import refresh, refresh_some
from tests.conftest import Cast
from tests.factories import make_issue, make_pilot


def pilots_of(session: Session, issue: Issue) -> dict[int, State]:
    session.rollback()
    rows = session.exec(select(PilotMatch).where(PilotMatch.issue_id == issue.id)).all()
    return {row.pilot_id: row.state for row in rows}


def test_a_new_pilot_is_suggested_to_the_issues_that_were_there_before(
    database: Database, session: Session, cast: Cast
) -> None:
    old = [make_issue(session, cast.author) for _number in range(5)]
    while refresh_some(database):
        pass
    pilot = make_pilot(session, [make_issue(session, cast.author)])
    assert pilots_of(session, old[0]) == {}
    assert refresh_some(database, at_most=4) == 4
    assert pilots_of(session, old[4]) == {pilot.id: State.SUGGESTED}
    assert pilots_of(session, old[0]) == {}
    while refresh_some(database, at_most=4):
        pass
    assert pilots_of(session, old[0]) == {pilot.id: State.SUGGESTED}
    assert refresh_some(database) == 0


def test_what_the_team_decided_stays(database: Database, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    pilot = make_pilot(session, [make_issue(session, cast.author)])
    deciding.reject_pilot(session, issue, pilot.id, cast.team.id)
    session.commit()
    while refresh_some(database):
        pass
    assert pilots_of(session, issue) == {pilot.id: State.REJECTED}


def test_an_issue_that_changes_meanwhile_is_left_to_its_author(
    database: Database, session: Session, cast: Cast
) -> None:
    issue = make_issue(session, cast.author)
    make_pilot(session, [make_issue(session, cast.author)])
    with database.session() as other:
        read_before = other.get_one(Issue, issue.id)
    issue.updated_at = now()
    session.add(issue)
    session.commit()
    assert not refresh(session, read_before)
    assert pilots_of(session, issue) == {}
