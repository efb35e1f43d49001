"""Old suggestions are made anew in the background when pilots, themes, decisions or the engine changed, or what
people say about an issue.

A pass goes from the newest open issue to the oldest. What somebody decided stays, nobody is told, and nothing is
written for an issue whose text or place changes meanwhile: its author's own change is matched in that request.
"""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import and_, or_, update
from sqlmodel import Session, col, func, select

from app.core.clock import now
from app.core.db import Database
from app.core.writes import count_changed, insert_once
from app.issues.models import Issue, Status
from app.matching.actions import keep_ranking, problem_of, rank
from app.matching.engine.ranking import ENGINE
from app.matching.engine.talk import FEWEST_SUPPORTERS
from app.matching.knowledge.corpus import TAUGHT
from app.matching.knowledge.profile_memory import stamp_of_profiles
from app.matching.knowledge.writing import progress_of
from app.matching.models import MatchingProgress, TalkHeard

PASS, STAMP = "refreshed down to issue", "refreshed for state"
AT_ONCE = 25
QUIET = timedelta(minutes=10)
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


def hear_some(database: Database, at_most: int = AT_ONCE) -> int:
    """Issues that people commented on or voted for since; returns how many were looked at."""
    with database.session() as session:
        issues = _talked_about(session, at_most)
    for issue in issues:
        with database.session() as session:
            refresh(session, issue)
    return len(issues)


def _talked_about(session: Session, at_most: int) -> Sequence[Issue]:
    """Not for every vote: when there are twice as many, or half. A new comment waits for those that follow it."""
    heard: Any = TalkHeard
    votes, remarks = col(Issue.vote_count), col(Issue.comment_count) + col(Issue.merged_count)
    first = and_(heard.issue_id.is_(None), or_(remarks > 0, votes >= FEWEST_SUPPORTERS))
    more = and_(remarks > heard.remarks, heard.heard_at < now() - QUIET)
    by_votes = or_(votes * 2 <= heard.votes, and_(votes >= FEWEST_SUPPORTERS, votes >= 2 * heard.votes))
    changed = or_(first, heard.due, remarks < heard.remarks, more, and_(votes != heard.votes, by_votes))
    return session.exec(
        select(Issue)
        .outerjoin(heard, heard.issue_id == Issue.id)
        .where(col(Issue.visible), col(Issue.is_matched), col(Issue.status).in_(WAITING), changed)
        .order_by(col(Issue.id).desc())
        .limit(at_most)
    ).all()


def listen_again(session: Session, thread_id: int) -> None:
    """A comment in this thread was changed, hidden or deleted: what was heard there counts no more."""
    heard_in = select(func.coalesce(Issue.merged_into, Issue.id)).where(Issue.thread_id == thread_id)
    session.execute(update(TalkHeard).where(col(TalkHeard.issue_id).in_(heard_in)).values(due=True))


def _where_the_pass_is(session: Session) -> int:
    """Issues below this number are still to be done; what changed since the last pass began makes another."""
    upto, stamp = progress_of(session, PASS), _stamp(session)
    if upto == DONE and progress_of(session, STAMP) != stamp:
        _note(session, STAMP, stamp)
        upto = (session.exec(select(func.max(Issue.id))).one() or 0) + 1
    return upto


def _stamp(session: Session) -> int:
    """Another number when something changed that suggestions depend on; twenty lessons count as one change."""
    parts = (ENGINE, *stamp_of_profiles(session), progress_of(session, TAUGHT) // LESSONS_THAT_MATTER)
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
    """False when the issue was changed or is gone since it was read, or a comment on it."""
    matches = rank(session, problem_of(issue))
    unchanged = update(Issue).where(
        col(Issue.id) == issue.id,
        col(Issue.updated_at) == issue.updated_at,
        col(Issue.comment_count) == issue.comment_count,
        col(Issue.visible),
    )
    if not count_changed(session, unchanged.values(updated_at=issue.updated_at)):
        return False
    keep_ranking(session, issue, matches)
    _note_heard(session, issue)
    return True


def _note_heard(session: Session, issue: Issue) -> None:
    remarks = issue.comment_count + issue.merged_count
    heard = {"remarks": remarks, "votes": issue.vote_count, "due": False, "heard_at": now()}
    known = update(TalkHeard).where(col(TalkHeard.issue_id) == issue.id)
    if not count_changed(session, known.values(**heard)) and (remarks or issue.vote_count >= FEWEST_SUPPORTERS):
        insert_once(session, TalkHeard, issue_id=issue.id, **heard)
