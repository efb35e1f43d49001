from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import and_, bindparam, or_
from sqlalchemy.orm import aliased, joinedload
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from app.content.models import Content
from app.core.paging import Page, decode_after, encode_after
from app.discussions.models import Comment, CommentSupport, Thread

Order = Literal["old", "new", "top"]
COMMENTS_PER_PAGE = 20
REPLIES_AT_FIRST = 5
MOST_REPLIES = 200


@dataclass(frozen=True)
class Discussion:
    """One page of a thread, what the viewer supports in it, and the comment to look at (0: none)."""

    page: Page[Comment]
    replies: dict[int, list[Comment]]
    supported: set[int]
    at: int = 0
    is_open: bool = True

    def replies_to(self, comment: Comment) -> list[Comment]:
        return self.replies.get(comment.id, [])


def read_discussion(
    session: Session, thread_id: int, order: Order, after: str, person_id: int | None, at: int = 0
) -> Discussion:
    """Four queries, however long the discussion: first comments, their first replies, the viewer's support,
    and whether people may go on.

    `at` is a comment to be found on the first page, above the others where its place is further on; it takes up to
    three queries more.
    """
    looked_at = _comment_in(session, thread_id, at) if at else None
    top = _top_comment(session, looked_at) if looked_at else None
    page = _first_comments(session, thread_id, order, after, top.id if top and after else 0)
    if top and not after and top.id not in [comment.id for comment in page.items]:
        page = Page([top, *page.items], page.next)
    replies = _first_replies(session, [comment.id for comment in page.items if comment.reply_count])
    if top and looked_at and looked_at.id not in (top.id, *(reply.id for reply in replies[top.id])):
        replies[top.id] = list(replies_after(session, top, 0))
    shown = [comment.id for comment in page.items] + [reply.id for some in replies.values() for reply in some]
    supported = supported_among(session, shown, person_id)
    return Discussion(page, replies, supported, looked_at.id if looked_at else 0, is_open(session, thread_id))


def is_open(session: Session, thread_id: int) -> bool:
    return bool(session.scalar(IS_OPEN, {"thread_id": thread_id}))


def _comment_in(session: Session, thread_id: int, comment_id: int) -> Comment | None:
    return session.exec(_visible_comments().where(Comment.id == comment_id, Comment.thread_id == thread_id)).first()


def _top_comment(session: Session, comment: Comment) -> Comment | None:
    """The first comment that this one stands below; itself when it is one."""
    return visible_comment(session, comment.parent_id) if comment.parent_id else comment


def _first_comments(session: Session, thread_id: int, order: Order, after: str, without: int = 0) -> Page[Comment]:
    statement = FIRST_COMMENTS[order]
    by_id: Any = col(Comment.id)
    match order if after else "":
        case "top":
            support = col(Comment.support_count)
            last_support, last_id = decode_after(after, (int, int))
            statement = statement.where(or_(support < last_support, and_(support == last_support, by_id > last_id)))
        case "new":
            statement = statement.where(by_id < decode_after(after, (int,))[0])
        case "old":
            statement = statement.where(by_id > decode_after(after, (int,))[0])
    rows = session.scalars(statement, {"thread_id": thread_id, "without": without}).all()
    shown = rows[:COMMENTS_PER_PAGE]
    if len(rows) <= COMMENTS_PER_PAGE:
        return Page(shown, None)
    last = shown[-1]
    position = (last.support_count, last.id) if order == "top" else (last.id,)
    return Page(shown, encode_after(*position))


def _first_replies(session: Session, parent_ids: Collection[int]) -> dict[int, list[Comment]]:
    """The oldest few replies of each comment, in one query."""
    grouped: dict[int, list[Comment]] = defaultdict(list)
    if not parent_ids:
        return grouped
    numbered = (
        select(
            Comment.id,
            func.row_number().over(partition_by=col(Comment.parent_id), order_by=col(Comment.id)).label("n"),
        )
        .where(col(Comment.parent_id).in_(parent_ids), col(Comment.visible))
        .subquery()
    )
    rows = session.exec(
        _with_authors()
        .join(numbered, numbered.c.id == col(Comment.id))
        .where(numbered.c.n <= REPLIES_AT_FIRST)
        .order_by(col(Comment.id))
    )
    for reply in rows:
        grouped[reply.parent_id or 0].append(reply)
    return grouped


def replies_after(session: Session, comment: Comment, after_id: int) -> Sequence[Comment]:
    return session.exec(
        _with_authors()
        .where(Comment.parent_id == comment.id, col(Comment.visible), col(Comment.id) > after_id)
        .order_by(col(Comment.id))
        .limit(MOST_REPLIES)
    ).all()


def read_comments(session: Session, thread_id: int, after: str = "", size: int = COMMENTS_PER_PAGE) -> Page[Comment]:
    """A thread as a flat list, oldest first."""
    statement = _visible_comments().where(Comment.thread_id == thread_id)
    if after:
        statement = statement.where(col(Comment.id) > decode_after(after, (int,))[0])
    rows = session.exec(statement.order_by(col(Comment.id)).limit(size + 1)).all()
    shown = rows[:size]
    return Page(shown, encode_after(shown[-1].id) if len(rows) > size else None)


def newest_comments(session: Session, thread_id: int, at_most: int) -> Sequence[Comment]:
    statement = _visible_comments().where(Comment.thread_id == thread_id, col(Comment.deleted_at).is_(None))
    return session.exec(statement.order_by(col(Comment.id).desc()).limit(at_most)).all()


def supported_among(session: Session, comment_ids: Collection[int], person_id: int | None) -> set[int]:
    if person_id is None or not comment_ids:
        return set()
    return set(
        session.exec(
            select(CommentSupport.comment_id).where(
                CommentSupport.person_id == person_id, col(CommentSupport.comment_id).in_(comment_ids)
            )
        )
    )


def visible_comment(session: Session, comment_id: int) -> Comment | None:
    return session.exec(_visible_comments().where(Comment.id == comment_id)).first()


def _visible_comments() -> SelectOfScalar[Comment]:
    """Answers to a hidden comment are left out with it."""
    above = aliased(Comment)
    return (
        _with_authors()
        .outerjoin(above, col(above.id) == Comment.parent_id)
        .where(col(Comment.visible))
        .where(or_(col(Comment.parent_id).is_(None), col(above.visible)))
    )


def comment_with_nonce(session: Session, nonce: str) -> Comment | None:
    return session.exec(_with_authors().where(Comment.nonce == nonce)).first()


def _with_authors() -> SelectOfScalar[Comment]:
    return select(Comment).options(joinedload(Comment.content).joinedload(Content.author))  # type: ignore[arg-type]


def _first_in(*order: Any) -> Any:
    return (
        _with_authors()
        .where(
            Comment.thread_id == bindparam("thread_id"),
            col(Comment.parent_id).is_(None),
            col(Comment.visible),
            col(Comment.id) != bindparam("without"),
        )
        .order_by(*order)
        .limit(COMMENTS_PER_PAGE + 1)
    )


# Asked by every page of an issue: putting a statement together takes longer than running it.
IS_OPEN: Any = select(Thread.is_open).where(Thread.id == bindparam("thread_id"))
FIRST_COMMENTS: dict[Order, Any] = {
    "old": _first_in(col(Comment.id)),
    "new": _first_in(col(Comment.id).desc()),
    "top": _first_in(col(Comment.support_count).desc(), col(Comment.id)),
}
