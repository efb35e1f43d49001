"""Taking part in a discussion."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Update, delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.content.actions import publish
from app.content.models import Kind
from app.core.clock import now
from app.core.errors import Conflict, NotFound
from app.core.i18n import _
from app.core.language import guess_language
from app.core.writes import count_changed, insert_once
from app.discussions.forms import CommentForm
from app.discussions.models import Comment, CommentSupport
from app.discussions.queries import comment_with_nonce, is_open

TIME_TO_EDIT = timedelta(minutes=15)
NO_LONGER_THERE = _("The comment that you answer is no longer there.")
THREAD_CLOSED = _("This discussion is closed. What was said can still be read.")


def post_comment(session: Session, person_id: int, thread_id: int, form: CommentForm) -> tuple[Comment, bool]:
    """The comment, and whether it is new: the same form sent twice is one comment.

    Raises Conflict when the discussion is closed.
    """
    if known := _posted_before(session, person_id, thread_id, form):
        return known, False
    if not is_open(session, thread_id):
        raise Conflict(THREAD_CLOSED)
    parent_id = _top_of(session, thread_id, form.parent) if form.parent else None
    try:
        with session.begin_nested():  # only this is undone, not the sign-in that may have led here
            return _write_comment(session, person_id, thread_id, parent_id, form), True
    except IntegrityError:
        known = _posted_before(session, person_id, thread_id, form)
        if known is None:
            raise
        return known, False


def _posted_before(session: Session, person_id: int, thread_id: int, form: CommentForm) -> Comment | None:
    known = comment_with_nonce(session, form.nonce_with_text) if form.nonce_with_text else None
    if known is not None and (known.content.author_id != person_id or known.thread_id != thread_id):
        raise Conflict(_("This form was used already. Open the page again."))
    return known


def _top_of(session: Session, thread_id: int, parent_id: int) -> int:
    """Threads have two levels: an answer to an answer stands under the same first comment."""
    parent = session.get(Comment, parent_id)
    if parent is None or parent.thread_id != thread_id or not parent.visible:
        raise NotFound(NO_LONGER_THERE)
    return parent.parent_id or parent_id


def _write_comment(
    session: Session, person_id: int, thread_id: int, parent_id: int | None, form: CommentForm
) -> Comment:
    content = publish(session, Kind.COMMENT, person_id, guess_language(form.body))
    comment = Comment(
        thread_id=thread_id, parent_id=parent_id, content_id=content.id, nonce=form.nonce_with_text,
        body=form.body, created_at=content.created_at,
    )  # fmt: skip
    session.add(comment)
    session.flush()
    if parent_id:
        _count_reply(session, parent_id, +1)
    return comment


def _count_reply(session: Session, parent_id: int, by: int) -> None:
    """Raises NotFound when the comment above was hidden in this very moment."""
    there = update(Comment).where(col(Comment.id) == parent_id, col(Comment.visible))
    if not count_changed(session, there.values(reply_count=Comment.reply_count + by)):
        raise NotFound(NO_LONGER_THERE)


def edit_comment(session: Session, comment: Comment, body: str) -> None:
    if comment.created_at + TIME_TO_EDIT < now():
        raise Conflict(_("A comment can be changed for 15 minutes. Write a new one instead."))
    there = _if_still_there(comment)
    if body != comment.body and not count_changed(session, there.values(body=body, edited_at=now())):
        raise NotFound


def _if_still_there(comment: Comment) -> Update:
    return update(Comment).where(col(Comment.id) == comment.id, col(Comment.deleted_at).is_(None), col(Comment.visible))


def delete_comment(session: Session, comment: Comment) -> bool:
    """The words go, a tombstone stays, so that the answers keep their place. False when it was gone already,
    or was hidden with the comment above it: what is gone is counted no more."""
    if comment.parent_id and not take_turn_below(session, comment.parent_id):
        return False
    return count_changed(session, _if_still_there(comment).values(body="", deleted_at=now())) == 1


def take_turn_below(session: Session, parent_id: Any) -> bool:
    """Whether the comment above is there; its row is locked, so that hiding and deleting come one after the other."""
    above = update(Comment).where(col(Comment.id).in_([parent_id] if isinstance(parent_id, int) else parent_id))
    locked = above.values(reply_count=Comment.reply_count).returning(col(Comment.visible))
    return bool(session.execute(locked.execution_options(synchronize_session=False)).scalar())


def support_comment(session: Session, person_id: int, comment: Comment) -> int:
    """Returns how many people support it now."""
    if insert_once(session, CommentSupport, comment_id=comment.id, person_id=person_id, created_at=now()):
        return _count_support(session, comment, +1)
    return _support_of(session, comment)


def stop_supporting(session: Session, person_id: int, comment: Comment) -> int:
    gone = delete(CommentSupport).where(
        col(CommentSupport.comment_id) == comment.id, col(CommentSupport.person_id) == person_id
    )
    if count_changed(session, gone):
        return _count_support(session, comment, -1)
    return _support_of(session, comment)


def _count_support(session: Session, comment: Comment, by: int) -> int:
    counted = (
        update(Comment)
        .where(col(Comment.id) == comment.id)
        .values(support_count=Comment.support_count + by)
        .returning(col(Comment.support_count))
        .execution_options(synchronize_session=False)
    )
    return int(session.execute(counted).scalar_one())


def _support_of(session: Session, comment: Comment) -> int:
    return session.exec(select(Comment.support_count).where(Comment.id == comment.id)).one()
