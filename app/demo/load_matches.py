"""Matches every issue the way filing does, and keeps what the team decided about it."""

from datetime import datetime

from sqlmodel import Session, select

from app.demo.progress import Progress
from app.issues.models import Issue, Status
from app.matching.actions import keep_ranking, rank
from app.matching.models import Likelihood, PilotMatch, State, ThemeMatch
from app.matching.problem import Problem
from app.pilots.models import PilotIssue


def load_matches(session: Session, issues: list[Issue], decided_by: int, progress: Progress) -> None:
    """In order of time, so that an issue finds what was there before it."""
    session.flush()
    for number, issue in enumerate(issues, start=1):
        keep_ranking(session, issue, rank(session, _as_problem(issue)))
        _confirm_theme(session, issue, decided_by)
        progress("Matches", number, len(issues))
    for link in session.exec(select(PilotIssue)).all():
        found = session.get(PilotMatch, (link.issue_id, link.pilot_id))
        match = found or PilotMatch(
            issue_id=link.issue_id, pilot_id=link.pilot_id, score=1.0, likelihood=Likelihood.LIKELY
        )
        _confirm(session, match, decided_by, link.linked_at)


def _as_problem(issue: Issue) -> Problem:
    return Problem(
        title=issue.title,
        text=issue.description,
        language=issue.language,
        lat=issue.lat,
        lon=issue.lon,
        neighbourhood_id=issue.neighbourhood_id,
        created=issue.created_at,
        issue_id=issue.id,
    )


def _confirm_theme(session: Session, issue: Issue, decided_by: int) -> None:
    """The team settles the theme when it first answers; a new issue only has suggestions."""
    if issue.status is Status.NEW or issue.theme_id is None:
        return
    found = session.get(ThemeMatch, (issue.id, issue.theme_id))
    match = found or ThemeMatch(issue_id=issue.id, theme_id=issue.theme_id, score=1.0, likelihood=Likelihood.LIKELY)
    _confirm(session, match, decided_by, issue.city_spoke_at or issue.updated_at)


def _confirm(session: Session, match: ThemeMatch | PilotMatch, by: int, at: datetime) -> None:
    match.state, match.decided_by, match.decided_at = State.CONFIRMED, by, at
    session.add(match)
