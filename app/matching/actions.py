"""Matching an issue, and what is learned from what the team decides (`app.matching.deciding`)."""

from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, delete, select

from app.core.clock import now
from app.core.writes import count_changed
from app.issues.models import Issue, ThemeBy
from app.matching.engine.problem import Problem
from app.matching.engine.ranking import ENGINE, match
from app.matching.engine.suggestion import Likelihood, Matches, Ranking
from app.matching.knowledge.corpus import CityCorpus
from app.matching.knowledge.profile_memory import memory_of
from app.matching.knowledge.writing import put_in_where_free
from app.matching.models import CardMatch, PilotMatch, SimilarMatch, State, ThemeMatch


def rank(session: Session, problem: Problem) -> Matches:
    """Only reads, so that it can run before the write lock is taken."""
    return match(problem, corpus_of(session))


def corpus_of(session: Session) -> CityCorpus:
    return CityCorpus(session, memory_of(session))


def keep_ranking(session: Session, issue: Issue, matches: Matches) -> None:
    """Replaces the suggestions of an issue; what somebody confirmed or rejected stays as it is.

    An issue whose author objects to automatic matching gets none.
    """
    if not issue.is_matched:
        matches = Matches()
    _replace(session, ThemeMatch, "theme_id", issue.id, matches.themes)
    _replace(session, PilotMatch, "pilot_id", issue.id, matches.pilots)
    _replace(session, CardMatch, "card_id", issue.id, matches.cards)
    _replace(session, SimilarMatch, "other_id", issue.id, matches.similar)
    if issue.theme_by not in (ThemeBy.AUTHOR, ThemeBy.TEAM):
        take_likely_theme(session, issue)


def _replace(session: Session, table: Any, key: str, issue_id: int, ranking: Ranking) -> None:
    suggested = col(table.state) == State.SUGGESTED
    session.execute(delete(table).where(col(table.issue_id) == issue_id, suggested))
    rows = [
        {
            "issue_id": issue_id,
            key: suggestion.key,
            "score": suggestion.score,
            "likelihood": suggestion.likelihood,
            "reasons": [reason.stored() for reason in suggestion.reasons],
            "rank": place,
            "engine": ENGINE,
            "state": State.SUGGESTED,
            "decision_reason": "",
            "created_at": now(),
        }
        for place, suggestion in enumerate(ranking.shown, start=1)
    ]
    put_in_where_free(session, table, rows)


def take_likely_theme(session: Session, issue: Issue) -> None:
    """Until a person chooses, the issue is found under its likely theme; where the engine is not sure, under none."""
    suggested = select(ThemeMatch.theme_id).where(
        ThemeMatch.issue_id == issue.id,
        ThemeMatch.state == State.SUGGESTED,
        ThemeMatch.likelihood == Likelihood.LIKELY,
    )
    theme_id = session.exec(suggested.order_by(col(ThemeMatch.rank)).limit(1)).first()
    given = {"theme_id": theme_id, "theme_by": ThemeBy.MATCHER if theme_id else None}
    open_to_it = or_(col(Issue.theme_by).is_(None), col(Issue.theme_by) == ThemeBy.MATCHER)
    if count_changed(session, update(Issue).where(col(Issue.id) == issue.id, open_to_it).values(given)):
        for name, value in given.items():
            set_committed_value(issue, name, value)


def problem_of(issue: Issue) -> Problem:
    """A stored issue as the engine takes it: as of the moment it was filed."""
    return Problem(
        title=issue.title,
        text=issue.description,
        language=issue.language,
        lat=issue.lat,
        lon=issue.lon,
        neighbourhood_id=issue.neighbourhood_id,
        created=issue.created_at,
        theme_id=issue.theme_id if issue.theme_by is ThemeBy.AUTHOR else None,
        issue_id=issue.id,
    )
