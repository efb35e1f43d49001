"""Matches every issue the way filing does, and keeps what the team decided about it."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, select

from app.demo.progress import Progress
from app.issues.models import Issue, Status
from app.matching.actions import keep_ranking, problem_of, rank
from app.matching.deciding import confirm_pilot, confirm_theme
from app.matching.models import PilotMatch, ThemeMatch
from app.pilots.models import PilotIssue


def load_matches(session: Session, issues: list[Issue], decided_by: int, progress: Progress) -> None:
    """In order of time, so that an issue finds what was there before it, and the engine learns from each decision."""
    session.flush()
    for number, issue in enumerate(issues, start=1):
        keep_ranking(session, issue, rank(session, replace(problem_of(issue), theme_id=None)))
        _settle_theme(session, issue, decided_by)
        progress("Matches", number, len(issues))
    by_number = {issue.id: issue for issue in issues}
    for link in session.exec(select(PilotIssue)).all():
        confirm_pilot(session, by_number[link.issue_id], link.pilot_id, decided_by)
        _date(session, PilotMatch, (link.issue_id, link.pilot_id), link.linked_at)


def _settle_theme(session: Session, issue: Issue, decided_by: int) -> None:
    """The team settles the theme when it first answers; a new issue only has suggestions."""
    if issue.status is Status.NEW or issue.theme_id is None:
        return
    theme_id = issue.theme_id
    confirm_theme(session, issue, theme_id, decided_by)
    _date(session, ThemeMatch, (issue.id, theme_id), issue.city_spoke_at or issue.updated_at)


def _date(session: Session, table: type[ThemeMatch] | type[PilotMatch], key: tuple[int, int], at: datetime) -> None:
    """The decision was taken then, not while the demo is loaded."""
    session.flush()
    match = session.get_one(table, key)
    match.decided_at = at
    session.add(match)
