"""When somebody leaves: what becomes of what they said and supported."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.content.models import Content
from app.core.clock import now
from app.discussions.models import Comment, CommentSupport


def take_comments_away(session: Session, person_id: int) -> Mapping[int, int]:
    """The words go, tombstones stay. Returns how many fewer each thread shows."""
    mine = select(Comment).join(Content, col(Content.id) == Comment.content_id).where(Content.author_id == person_id)
    comments = session.exec(mine.order_by(col(Comment.id)).with_for_update(of=Comment)).all()
    above = [comment.parent_id for comment in comments if comment.parent_id]
    hidden = set(session.exec(select(Comment.id).where(col(Comment.id).in_(above), ~col(Comment.visible))))
    shown = Counter(
        comment.thread_id
        for comment in comments
        if comment.deleted_at is None and comment.visible and comment.parent_id not in hidden
    )
    emptied = update(Comment).where(col(Comment.id).in_([comment.id for comment in comments]))
    session.execute(emptied.values(body="", edited_at=None))
    standing = update(Comment).where(
        col(Comment.id).in_([comment.id for comment in comments]), col(Comment.deleted_at).is_(None)
    )
    session.execute(standing.values(deleted_at=now()))
    return shown


def withdraw_all_support(session: Session, person_id: int) -> None:
    supported = select(CommentSupport.comment_id).where(CommentSupport.person_id == person_id)
    session.exec(select(Comment.id).where(col(Comment.id).in_(supported)).order_by(col(Comment.id)).with_for_update())
    less = update(Comment).where(col(Comment.id).in_(supported)).values(support_count=Comment.support_count - 1)
    session.execute(less.execution_options(synchronize_session=False))
    session.execute(delete(CommentSupport).where(col(CommentSupport.person_id) == person_id))
