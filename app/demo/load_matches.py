"""Matches every issue the way filing does, and keeps what the team decided about it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.core.writes import count_changed
from app.demo.progress import Progress
from app.issues.models import Issue, Status, ThemeBy
from app.matching.actions import corpus_of, keep_ranking, problem_of
from app.matching.deciding import confirm_pilot
from app.matching.engine.ranking import match
from app.matching.engine.suggestion import Likelihood
from app.matching.models import PilotMatch, State, ThemeMatch
from app.pilots.models import PilotIssue


def load_matches(session: Session, issues: Sequence[Issue], decided_by: int, progress: Progress) -> None:
    """In order of time. Themes and pilots stay as they are meanwhile, so they are looked at once.

    What the decisions teach, the worker catches up with when the demo is first served: it would take as long again.
    """
    session.flush()
    corpus = corpus_of(session)
    for number, issue in enumerate(issues, start=1):
        keep_ranking(session, issue, match(replace(problem_of(issue), theme_id=None), corpus))
        _settle_theme(session, issue, decided_by)
        progress("Matches", number, len(issues))
    by_number = {issue.id: issue for issue in issues}
    for link in session.exec(select(PilotIssue)).all():
        confirm_pilot(session, by_number[link.issue_id], link.pilot_id, decided_by)
        this = (col(PilotMatch.issue_id) == link.issue_id, col(PilotMatch.pilot_id) == link.pilot_id)
        session.execute(update(PilotMatch).where(*this).values(decided_at=link.linked_at))


def _settle_theme(session: Session, issue: Issue, decided_by: int) -> None:
    """The team settles the theme when it first answers; a new issue only has suggestions."""
    if issue.status is Status.NEW or issue.theme_id is None:
        return
    at = issue.city_spoke_at or issue.updated_at
    decision: dict[str, Any] = {"state": State.CONFIRMED, "decided_by": decided_by, "decided_at": at}
    this = (col(ThemeMatch.issue_id) == issue.id, col(ThemeMatch.theme_id) == issue.theme_id)
    if not count_changed(session, update(ThemeMatch).where(*this).values(decision)):
        by_hand: dict[str, Any] = {
            "score": 1.0,
            "likelihood": Likelihood.LIKELY,
            "reasons": [],
            "rank": 1,
            "engine": "",
        }
        session.add(ThemeMatch(issue_id=issue.id, theme_id=issue.theme_id, created_at=at, **by_hand, **decision))
    issue.theme_by = ThemeBy.TEAM
    session.flush()
