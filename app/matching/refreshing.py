"""Old suggestions are made anew in the background when pilots, themes, decisions or the engine changed.

A pass goes from the newest open issue to the oldest. What somebody decided stays, nobody is told, and nothing is
written for an issue whose text or place changes meanwhile: its author's own change is matched in that request.
"""

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from app.core.db import Database
from app.core.writes import count_changed, insert_once
from app.issues.models import Issue, Status
from app.matching.actions import keep_ranking, problem_of, rank
from app.matching.corpus import LESSONS
from app.matching.engine import ENGINE
from app.matching.models import MatchingProgress
from app.matching.profile_memory import stamp_of_profiles
from app.matching.writing import progress_of

PASS, STAMP = "refreshed down to issue", "refreshed for state"
AT_ONCE = 25
LESSONS_THAT_MATTER = 20
WAITING = (Status.NEW, Status.ACKNOWLEDGED, Status.REOPENED)
DONE = 0


def refresh_some(database: Database, at_most: int = AT_ONCE) -> int:
    """How many issues were looked at; 0 when everything is fresh."""
    with database.session() as session:
        upto = _where_the_pass_is(session)
        if upto == DONE:
            return 0
        issues = _next_issues(session, upto, at_most)
        _note(session, PASS, issues[-1].id if issues else DONE)
    for issue in issues:
        with database.session() as session:
            refresh(session, issue)
    return len(issues)


def _where_the_pass_is(session: Session) -> int:
    """Issues below this number are still to be done; what changed since the last pass began makes another."""
    upto, stamp = progress_of(session, PASS), _stamp(session)
    if upto == DONE and progress_of(session, STAMP) != stamp:
        _note(session, STAMP, stamp)
        upto = (session.exec(select(func.max(Issue.id))).one() or 0) + 1
    return upto


def _stamp(session: Session) -> int:
    """Another number when something changed that suggestions depend on; twenty lessons count as one change."""
    parts = (ENGINE, *stamp_of_profiles(session), progress_of(session, LESSONS) // LESSONS_THAT_MATTER)
    return int.from_bytes(sha256(repr(parts).encode()).digest()[:3], "big")


def _next_issues(session: Session, upto: int, at_most: int) -> Sequence[Issue]:
    return session.exec(
        select(Issue)
        .where(col(Issue.visible), col(Issue.id) < upto, col(Issue.status).in_(WAITING))
        .order_by(col(Issue.id).desc())
        .limit(at_most)
    ).all()


def _note(session: Session, name: str, value: int) -> None:
    insert_once(session, MatchingProgress, name=name, upto=value)
    session.execute(update(MatchingProgress).where(col(MatchingProgress.name) == name).values(upto=value))


def refresh(session: Session, issue: Issue) -> bool:
    """False when the issue was changed or is gone since it was read."""
    matches = rank(session, problem_of(issue))
    unchanged = update(Issue).where(
        col(Issue.id) == issue.id, col(Issue.updated_at) == issue.updated_at, col(Issue.visible)
    )
    if not count_changed(session, unchanged.values(updated_at=issue.updated_at)):
        return False
    keep_ranking(session, issue, matches)
    return True
