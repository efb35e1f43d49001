"""Following an issue: who hears what comes of it."""

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.writes import insert_once
from app.issues.merged import counts_for
from app.issues.models import Follow, Issue


def follow(session: Session, person_id: int, issue_id: int) -> None:
    """Because the person asked to."""
    if not insert_once(session, Follow, issue_id=issue_id, person_id=person_id, created_at=now()):
        again = update(Follow).where(col(Follow.issue_id) == issue_id, col(Follow.person_id) == person_id)
        session.execute(again.values(ended_at=None))


def follow_by_itself(session: Session, person_id: int, issue_id: int) -> None:
    """Because the person takes part; changes nothing for somebody who stopped following."""
    insert_once(session, Follow, issue_id=issue_id, person_id=person_id, created_at=now())


def stop_following(session: Session, person_id: int, issue_id: int) -> None:
    """Also what was merged into it. The row stays, so that the next comment does not begin it again."""
    at = now()
    insert_once(session, Follow, issue_id=issue_id, person_id=person_id, created_at=at, ended_at=at)
    together = select(Issue.id).where(counts_for(issue_id))
    theirs = update(Follow).where(col(Follow.person_id) == person_id, col(Follow.issue_id).in_(together))
    session.execute(theirs.where(col(Follow.ended_at).is_(None)).values(ended_at=at))


def is_following(session: Session, person_id: int, issue_id: int) -> bool:
    """This issue, or one that was merged into it."""
    theirs = (Follow.person_id == person_id, col(Follow.ended_at).is_(None))
    together = select(Issue.id).where(counts_for(issue_id))
    found = select(Follow.issue_id).where(*theirs, col(Follow.issue_id).in_(together)).limit(1)
    return session.exec(found).first() is not None
