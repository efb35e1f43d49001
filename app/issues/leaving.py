"""When authors leave, or take an issue away: what becomes of their words, photos and votes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, or_, update
from sqlmodel import Session, col, select

from app.activity.actions import tell
from app.content.models import Content, Kind, Visibility
from app.core.clock import now
from app.core.i18n import _, translate
from app.discussions.models import Comment, Thread
from app.issues.actions import CHANGE_HEAT, ISSUES, recount_votes
from app.issues.heat import cooled
from app.issues.merged import heat_of
from app.issues.models import EarlierText, Issue, IssueMerge, Photo, Precision, Vote

TAKEN_AWAY = _("Taken away by the person who filed it")
ONE_VOTE_LESS = (
    update(ISSUES)
    .where(ISSUES.c.id == bindparam("issue_id"))
    .values(vote_count=ISSUES.c.vote_count - 1, heat=bindparam("new_heat"))
)


def issues_filed_by(session: Session, person_id: int) -> Sequence[Issue]:
    """All of them, also hidden ones."""
    return session.exec(
        select(Issue)
        .join(Content, col(Content.id) == Issue.content_id)
        .where(Content.author_id == person_id)
        .order_by(col(Issue.id))
    ).all()


def lock_issues_touched_by(session: Session, person_id: int) -> None:
    """All that leaving changes, in one order: who leaves at the same time, or rewrites or votes, takes turns."""
    filed = select(Content.id).where(Content.author_id == person_id)
    voted = select(Vote.issue_id).where(Vote.person_id == person_id)
    threads = select(Comment.thread_id).where(col(Comment.content_id).in_(filed))
    heads = select(col(Issue.merged_into)).where(col(Issue.id).in_(voted), col(Issue.merged_into).is_not(None))
    touched = or_(
        col(Issue.content_id).in_(filed),
        col(Issue.id).in_(voted),
        col(Issue.thread_id).in_(threads),
        col(Issue.id).in_(heads),
    )
    session.exec(select(Issue.id).where(touched).order_by(col(Issue.id)).with_for_update(key_share=True)).all()


def take_issue_away(session: Session, issue: Issue) -> Sequence[str]:
    """The words, the place and the photos go; a tombstone stays with its votes, comments and what the city said.

    Returns the keys of the photos, whose files have to go once this is committed.
    """
    at = now()
    emptied = {
        "title": translate(TAKEN_AWAY, issue.language),
        "description": "",
        "address": "",
        "lat": None,
        "lon": None,
        "cell": None,
        "precision": Precision.AREA,
        "search_stems": "",
        "edited_at": None,
        "updated_at": at,
        "taken_away_at": at,
    }
    session.execute(update(Issue).where(col(Issue.id) == issue.id).values(emptied))
    session.execute(update(Thread).where(col(Thread.id) == issue.thread_id).values(is_open=False))
    session.execute(update(IssueMerge).where(col(IssueMerge.issue_id) == issue.id).values(objection=""))
    tell(session, "issue", issue.id, "taken-away")
    return _remove_photos(session, issue.id)


def forget_author(session: Session, issue: Issue) -> None:
    """Nobody can tell any more who filed it; what it said before an edit goes as well."""
    photos = select(Photo.content_id).where(Photo.issue_id == issue.id)
    mine = update(Content).where((col(Content.id) == issue.content_id) | col(Content.id).in_(photos))
    session.execute(mine.values(author_id=None).execution_options(synchronize_session=False))
    session.execute(delete(EarlierText).where(col(EarlierText.issue_id) == issue.id))


def _remove_photos(session: Session, issue_id: int) -> Sequence[str]:
    photos = session.exec(select(Photo).where(Photo.issue_id == issue_id)).all()
    contents = [photo.content_id for photo in photos]
    gone = update(Content).where(col(Content.id).in_(contents), Content.kind == Kind.PHOTO)  # type: ignore[arg-type]
    session.execute(gone.values(visibility=Visibility.REMOVED, author_id=None))
    session.execute(delete(Photo).where(col(Photo.issue_id) == issue_id))
    return [photo.key for photo in photos]


def withdraw_all_votes(session: Session, person_id: int) -> int:
    """One person, one vote holds also for who leaves and comes back: their votes go with them."""
    cast: dict[int, datetime] = dict(
        session.exec(select(Vote.issue_id, Vote.created_at).where(Vote.person_id == person_id)).all()
    )
    if not cast:
        return 0
    rows = _lock_with_heads(session, list(cast))
    session.execute(delete(Vote).where(col(Vote.person_id) == person_id))
    alone = [row for row in rows if row.id in cast and not row.merged_count]
    if alone:
        session.connection().execute(
            ONE_VOTE_LESS,
            [{"issue_id": row.id, "new_heat": cooled(row.heat, cast[row.id], row.created_at)} for row in alone],
        )
    for row in rows:
        if row.merged_count:  # counts each person once over all that was merged into it
            recount_votes(session, row.id)
            session.execute(CHANGE_HEAT, {"issue_id": row.id, "new_heat": heat_of(session, row.id)})
    return len(cast)


def _lock_with_heads(session: Session, issue_ids: list[int]) -> Sequence[Any]:
    """The issues and those they were merged into, locked in one order, so that nobody waits for nobody."""
    heads = select(col(Issue.merged_into)).where(col(Issue.id).in_(issue_ids), col(Issue.merged_into).is_not(None))
    return session.exec(
        select(Issue.id, Issue.heat, Issue.created_at, Issue.merged_count)
        .where(col(Issue.id).in_(issue_ids) | col(Issue.id).in_(heads))
        .order_by(col(Issue.id))
        .with_for_update(key_share=True)
    ).all()
