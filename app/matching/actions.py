"""Matching an issue, what the team decides about it, and what is learned from that."""

from typing import Any

from sqlmodel import Session, col, delete, select

from app.core.clock import now
from app.issues.models import Issue, ThemeBy
from app.matching.corpus import LESSONS, CityCorpus
from app.matching.engine import ENGINE, match
from app.matching.learning import learn, with_bias
from app.matching.models import Likelihood, Match, PilotMatch, SimilarMatch, State, ThemeMatch, ThemeWord
from app.matching.problem import Matches, Problem, Ranking
from app.matching.profile_memory import pilot_index, theme_index
from app.matching.reading import read
from app.matching.themes import expected_score
from app.matching.writing import advance, put_theme_weights


def rank(session: Session, problem: Problem) -> Matches:
    """Only reads, so that it can run before the write lock is taken."""
    return match(problem, corpus_of(session))


def corpus_of(session: Session) -> CityCorpus:
    return CityCorpus(session, theme_index(session), pilot_index(session))


def keep_ranking(session: Session, issue: Issue, matches: Matches) -> None:
    """Replaces the suggestions of an issue; what somebody confirmed or rejected stays as it is."""
    _replace(session, ThemeMatch, "theme_id", issue.id, matches.themes)
    _replace(session, PilotMatch, "pilot_id", issue.id, matches.pilots)
    _replace(session, SimilarMatch, "other_id", issue.id, matches.similar)
    if issue.theme_by not in (ThemeBy.AUTHOR, ThemeBy.TEAM):
        _take_likely_theme(session, issue, matches.themes)


def _take_likely_theme(session: Session, issue: Issue, ranking: Ranking) -> None:
    """Until a person chooses, the issue is found under its likely theme; where the engine is not sure, under none."""
    likely = [each.key for each in ranking.shown if each.likelihood is Likelihood.LIKELY]
    issue.theme_id = likely[0] if likely else None
    issue.theme_by = ThemeBy.MATCHER if likely else None
    session.add(issue)


def _replace(session: Session, table: Any, key: str, issue_id: int, ranking: Ranking) -> None:
    issue_column, key_column = col(table.issue_id), col(getattr(table, key))
    session.execute(delete(table).where(issue_column == issue_id, col(table.state) == State.SUGGESTED))
    decided = set(session.exec(select(key_column).where(issue_column == issue_id)))
    for place, suggestion in enumerate(ranking.shown, start=1):
        if suggestion.key not in decided:
            session.add(
                table(
                    issue_id=issue_id,
                    **{key: suggestion.key},
                    score=suggestion.score,
                    likelihood=suggestion.likelihood,
                    reasons=[reason.stored() for reason in suggestion.reasons],
                    rank=place,
                    engine=ENGINE,
                    created_at=now(),
                )
            )


def confirm_theme(session: Session, issue: Issue, theme_id: int, decided_by: int, reason: str = "") -> None:
    """The team settles the main theme, or moves the issue from the one it had; the engine learns."""
    settled = select(ThemeMatch).where(ThemeMatch.issue_id == issue.id, ThemeMatch.state == State.CONFIRMED)
    for earlier in session.exec(settled).all():
        if earlier.theme_id == theme_id:
            return
        _decide(session, earlier, State.REJECTED, decided_by, reason)
    _decide(
        session,
        _match_row(session, ThemeMatch, issue, theme_id=theme_id),
        State.CONFIRMED,
        decided_by,
        reason,
    )
    issue.theme_id, issue.theme_by = theme_id, ThemeBy.TEAM
    session.add(issue)
    learn_theme(session, issue, theme_id)


def reject_theme(session: Session, issue: Issue, theme_id: int, decided_by: int, reason: str = "") -> None:
    _decide(session, _match_row(session, ThemeMatch, issue, theme_id=theme_id), State.REJECTED, decided_by, reason)


def confirm_pilot(session: Session, issue: Issue, pilot_id: int, decided_by: int, reason: str = "") -> None:
    _decide(
        session,
        _match_row(session, PilotMatch, issue, pilot_id=pilot_id),
        State.CONFIRMED,
        decided_by,
        reason,
    )


def reject_pilot(session: Session, issue: Issue, pilot_id: int, decided_by: int, reason: str = "") -> None:
    _decide(session, _match_row(session, PilotMatch, issue, pilot_id=pilot_id), State.REJECTED, decided_by, reason)


def confirm_similar(session: Session, issue: Issue, other_id: int, decided_by: int, reason: str = "") -> None:
    _decide(
        session,
        _match_row(session, SimilarMatch, issue, other_id=other_id),
        State.CONFIRMED,
        decided_by,
        reason,
    )


def reject_similar(session: Session, issue: Issue, other_id: int, decided_by: int, reason: str = "") -> None:
    _decide(
        session,
        _match_row(session, SimilarMatch, issue, other_id=other_id),
        State.REJECTED,
        decided_by,
        reason,
    )


def _match_row(session: Session, table: Any, issue: Issue, **key: int) -> Match:
    """What was suggested, or a new row where the team links what the engine did not see."""
    found: Match | None = session.get(table, {"issue_id": issue.id, **key})
    return found or table(issue_id=issue.id, **key, score=1.0, likelihood=Likelihood.LIKELY)


def _decide(session: Session, row: Match, state: State, decided_by: int, reason: str) -> None:
    row.state, row.decided_by, row.decided_at, row.decision_reason = state, decided_by, now(), reason
    session.add(row)


def learn_theme(session: Session, issue: Issue, theme_id: int) -> None:
    """One lesson; lessons of several processes come one after the other."""
    advance(session, LESSONS)
    corpus = corpus_of(session)
    reading = read(issue.title, issue.description, issue.language)
    features = with_bias(reading.features())
    likeness = corpus.themes.compare(reading).by_key()
    expected = {key: expected_score(like) for key, like in likeness.items()}
    known = corpus.theme_weights(features.keys())
    put_theme_weights(session, learn(features, known, likeness.keys(), theme_id, expected))


def relearn_themes(session: Session) -> int:
    """Forgets all lessons and takes them again in the order of the decisions; returns how many."""
    session.execute(delete(ThemeWord))
    decided = session.exec(
        select(Issue, ThemeMatch.theme_id)
        .join(ThemeMatch, col(ThemeMatch.issue_id) == col(Issue.id))
        .where(ThemeMatch.state == State.CONFIRMED)
        .order_by(col(ThemeMatch.decided_at), col(Issue.id))
    ).all()
    for issue, theme_id in decided:
        learn_theme(session, issue, theme_id)
    return len(decided)
