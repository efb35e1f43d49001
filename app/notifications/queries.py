from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_
from sqlalchemy.orm import aliased, joinedload
from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.activity.models import RecordedIn, TimelineEntry
from app.content.models import Content
from app.core.clock import now
from app.core.paging import PAGE_SIZE, Page, decode_after, encode_after
from app.discussions.models import Comment
from app.issues.models import Issue, Status
from app.issues.slugs import issue_path
from app.notifications.models import MailChoice, Notice, NoticeKind
from app.pilots.models import Pilot
from app.pilots.timeline import as_public

LONGEST_QUOTE = 400
MOST_COUNTED = 100


@dataclass(frozen=True)
class Told:
    """A notice with what it says: where it happened, what, in whose words."""

    notice: Notice
    title: str
    language: str
    path: str
    what: str
    quote: str = ""
    quote_language: str = ""
    by: str = ""
    asks: bool = False

    @property
    def is_new(self) -> bool:
        return self.notice.read_at is None


def read_notices(session: Session, person_id: int, after: str = "", size: int = PAGE_SIZE) -> Page[Told]:
    """Newest first, in five queries; without what is hidden by now."""
    statement = _visible_notices().where(Notice.person_id == person_id)
    if after:
        statement = statement.where(col(Notice.id) < decode_after(after, (int,))[0])
    rows = session.execute(statement.order_by(col(Notice.id).desc()).limit(size + 1)).all()
    shown = rows[:size]
    return Page(_told(session, shown), encode_after(shown[-1].Notice.id) if len(rows) > size else None)


def notices_with_numbers(session: Session, person_id: int, notice_ids: Collection[int]) -> list[Told]:
    """For a mail: what may still be told of these, newest first; nothing of somebody suspended meanwhile."""
    statement = _visible_notices(by_anybody=False).where(Notice.person_id == person_id, col(Notice.id).in_(notice_ids))
    return _told(session, session.execute(statement.order_by(col(Notice.id).desc())).all())


def count_unread(session: Session, person_id: int) -> int:
    """At most a hundred: more is just many."""
    unread = _visible_notices().where(Notice.person_id == person_id, col(Notice.read_at).is_(None))
    some = unread.with_only_columns(col(Notice.id)).limit(MOST_COUNTED).subquery()
    return session.exec(select(func.count()).select_from(some)).one()


def unread_and_hidden(session: Session, at_most: int = 500) -> Sequence[Any]:
    """Numbers of notices and of their people, where what they tell was hidden before it was read."""
    visible = _visible_notices().with_only_columns(col(Notice.id)).where(col(Notice.read_at).is_(None))
    unread = select(Notice.id, Notice.person_id).where(col(Notice.read_at).is_(None))
    return session.exec(unread.where(col(Notice.id).not_in(visible)).limit(at_most)).all()


def _visible_notices(by_anybody: bool = True) -> Any:
    """With issue and pilot; a reply only while it and what it answers can be read."""
    above = aliased(Comment)
    author = aliased(Person)
    is_reply = col(Notice.source) == RecordedIn.COMMENT
    statement = (
        select(Notice, Issue, Pilot)
        .outerjoin(Issue, col(Issue.id) == Notice.issue_id)
        .outerjoin(Pilot, col(Pilot.id) == Notice.pilot_id)
        .outerjoin(Comment, and_(is_reply, col(Comment.id) == Notice.source_id))
        .outerjoin(above, col(above.id) == Comment.parent_id)
        .where(
            or_(col(Notice.issue_id).is_(None), col(Issue.visible)),
            or_(col(Notice.pilot_id).is_(None), col(Pilot.visible)),
            or_(~is_reply, and_(col(Comment.visible), col(Comment.deleted_at).is_(None))),
            or_(col(Comment.parent_id).is_(None), col(above.visible)),
        )
    )
    if by_anybody:
        return statement
    suspended = and_(col(author.suspended_until).is_not(None), col(author.suspended_until) > now())
    return (
        statement.outerjoin(Content, col(Content.id) == Comment.content_id)
        .outerjoin(author, col(author.id) == Content.author_id)
        .where(or_(~is_reply, and_(col(author.id).is_not(None), ~suspended)))
    )


def _told(session: Session, rows: Sequence[Any]) -> list[Told]:
    entries = _entries(session, [row.Notice.source_id for row in rows if row.Notice.source is RecordedIn.TIMELINE])
    comments = _comments(session, [row.Notice.source_id for row in rows if row.Notice.source is RecordedIn.COMMENT])
    return [told for row in rows if (told := _say(row, entries, comments))]


def _entries(session: Session, ids: Sequence[int]) -> dict[int, TimelineEntry]:
    if not ids:
        return {}
    entries = session.exec(select(TimelineEntry).where(col(TimelineEntry.id).in_(ids))).all()
    return {entry.id: entry for entry in as_public(session, entries)}


def _comments(session: Session, ids: Sequence[int]) -> dict[int, Comment]:
    if not ids:
        return {}
    statement = select(Comment).where(col(Comment.id).in_(ids))
    with_author = joinedload(Comment.content).joinedload(Content.author)  # type: ignore[arg-type]
    return {comment.id: comment for comment in session.exec(statement.options(with_author))}


def _say(row: Any, entries: dict[int, TimelineEntry], comments: dict[int, Comment]) -> Told | None:
    notice: Notice = row.Notice
    subject = row.Issue or row.Pilot
    place: dict[str, Any] = {"title": subject.title if subject else "", "language": subject.language if subject else ""}
    if notice.source is RecordedIn.DECISION:
        return Told(notice, path=f"/me/decisions/{notice.source_id}", what="decision", **place)
    if comment := comments.get(notice.source_id) if notice.source is RecordedIn.COMMENT else None:
        author = comment.content.author.display_name if comment.content.author else ""
        return Told(
            notice, path=f"/issues/{notice.issue_id}?comment={comment.id}#comment-{comment.id}", what="comment",
            quote=_shortened(comment.body), quote_language=comment.language, by=author, **place,
        )  # fmt: skip
    entry = entries.get(notice.source_id) if notice.source is RecordedIn.TIMELINE else None
    if entry is None:
        return None
    is_solved = entry.kind == "status.resolved" and row.Issue is not None and row.Issue.status is Status.RESOLVED
    return Told(
        notice, path=_path_of(row, entry), what=entry.kind, quote=_shortened(entry.text),
        quote_language=entry.language, asks=is_solved or entry.kind == "verdict.asked", **place,
    )  # fmt: skip


def _path_of(row: Any, entry: TimelineEntry) -> str:
    if row.Issue is None:
        return f"/pilots/{row.Notice.pilot_id}" + ("#verdict" if entry.kind == "verdict.asked" else "")
    if entry.kind.startswith("merge.") and row.Issue.status is Status.MERGED:
        return f"/issues/{row.Issue.id}/merged"  # where its author may object
    return issue_path(row.Issue.id, row.Issue.title)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"


def own_notice(session: Session, person_id: int, notice_id: int) -> Told | None:
    statement = _visible_notices().where(Notice.person_id == person_id, Notice.id == notice_id)
    return next(iter(_told(session, session.execute(statement).all())), None)


def choices_of(session: Session, person_id: int) -> dict[NoticeKind, MailChoice]:
    chosen = session.exec(select(MailChoice).where(MailChoice.person_id == person_id))
    return {choice.kind: choice for choice in chosen}
