"""Issues that were merged, as people read them: what belongs together, what lies where."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.content.models import Content
from app.core.paging import Page, decode_after, encode_after
from app.issues.heat import heat_of_all
from app.issues.models import Follow, Issue, IssueMerge, Photo, Status, Vote

SHOWN = 10


def counts_for(issue_id: int) -> ColumnElement[bool]:
    """A condition on issues: this one, or merged into it."""
    return or_(col(Issue.id) == issue_id, col(Issue.merged_into) == issue_id)


def speaks_for(issue_id: int) -> ColumnElement[bool]:
    """The same without what was merged and is hidden: whom that brought along is neither counted nor told."""
    return or_(col(Issue.id) == issue_id, and_(col(Issue.merged_into) == issue_id, col(Issue.visible)))


def heat_of(session: Session, issue_id: int) -> float:
    """From the filings and from the first vote of each person, over all that counts for this issue."""
    filed = session.exec(select(Issue.created_at).where(speaks_for(issue_id))).all()
    first_votes = session.exec(
        select(func.min(Vote.created_at))
        .where(col(Vote.issue_id).in_(select(Issue.id).where(speaks_for(issue_id))))
        .group_by(col(Vote.person_id))
    ).all()
    return heat_of_all([*filed, *first_votes])


def issue_that_stays(session: Session, issue: Issue) -> Issue | None:
    """Where a merged issue goes on; None when it was not merged, or when that one is hidden."""
    if issue.status is not Status.MERGED or issue.merged_into is None:
        return None
    return session.exec(select(Issue).where(Issue.id == issue.merged_into, col(Issue.visible))).first()


def merged_into_it(session: Session, issue: Issue, after: str = "") -> Page[Issue]:
    """The visible issues that were merged into this one, with author and photos, newest first."""
    if not issue.merged_count:
        return Page([], None)
    statement = (
        select(Issue)
        .where(Issue.merged_into == issue.id, col(Issue.visible))
        .options(joinedload(Issue.content).joinedload(Content.author), selectinload(Issue.photos))  # type: ignore[arg-type]
    )
    if after:
        statement = statement.where(col(Issue.id) < decode_after(after, (int,))[0])
    rows = session.exec(statement.order_by(col(Issue.id).desc()).limit(SHOWN + 1)).all()
    shown = rows[:SHOWN]
    return Page(shown, encode_after(shown[-1].id) if len(rows) > SHOWN else None)


def standing_merge(session: Session, issue_id: int) -> IssueMerge | None:
    """The merge of this issue that was not undone."""
    return session.exec(
        select(IssueMerge).where(IssueMerge.issue_id == issue_id, col(IssueMerge.undone_at).is_(None))
    ).first()


def figures_of(session: Session, issue_ids: Collection[int]) -> dict[str, int]:
    """What lies on these issues and on all that was merged into them and can be seen: distinct people, comments,
    photos.
    """
    merged = and_(col(Issue.merged_into).in_(issue_ids), col(Issue.visible))
    together = select(Issue.id).where(or_(col(Issue.id).in_(issue_ids), merged))
    voters = select(func.count(func.distinct(Vote.person_id))).where(col(Vote.issue_id).in_(together))
    followers = select(func.count(func.distinct(Follow.person_id))).where(
        col(Follow.issue_id).in_(together), col(Follow.ended_at).is_(None)
    )
    comments = select(func.coalesce(func.sum(Issue.comment_count), 0)).where(col(Issue.id).in_(together))
    photos = select(func.count(col(Photo.id))).where(col(Photo.issue_id).in_(together), col(Photo.visible))
    questions = {"votes": voters, "followers": followers, "comments": comments, "photos": photos}
    return {name: int(session.exec(question).one()) for name, question in questions.items()}


def authors_of(session: Session, issue_ids: Collection[int]) -> Sequence[Person]:
    """Who filed them, each person once."""
    return session.exec(
        select(Person)
        .join(Content, col(Content.author_id) == Person.id)
        .join(Issue, col(Issue.content_id) == Content.id)
        .where(col(Issue.id).in_(issue_ids))
        .order_by(col(Person.id))
        .distinct()
    ).all()


def recent_merges(session: Session, after: str = "") -> Page[Row[Any]]:
    """Merges of visible issues with the titles of both and who did it, newest first."""
    other = Issue.__table__.alias("other")  # type: ignore[attr-defined]
    statement = (
        select(  # type: ignore[call-overload]
            IssueMerge, Issue.title, Issue.language, other.c.title.label("into_title"),
            other.c.language.label("into_language"), Person.display_name,
        )
        .join(Issue, col(Issue.id) == IssueMerge.issue_id)
        .join(other, other.c.id == IssueMerge.into_id)
        .outerjoin(Person, col(Person.id) == IssueMerge.merged_by)
        .where(col(Issue.visible), other.c.visible)
    )  # fmt: skip
    if after:
        statement = statement.where(col(IssueMerge.id) < decode_after(after, (int,))[0])
    rows = session.exec(statement.order_by(col(IssueMerge.id).desc()).limit(2 * SHOWN + 1)).all()
    shown = rows[: 2 * SHOWN]
    return Page(shown, encode_after(shown[-1][0].id) if len(rows) > 2 * SHOWN else None)


def open_objections(session: Session, at_most: int = 2 * SHOWN) -> Sequence[Any]:
    """Merges to which an author objected and that nobody answered, oldest first, with the title of the issue."""
    return session.exec(
        select(IssueMerge, Issue.title, Issue.language)
        .join(Issue, col(Issue.id) == IssueMerge.issue_id)
        .where(
            col(Issue.visible),
            col(IssueMerge.objected_at).is_not(None),
            col(IssueMerge.undone_at).is_(None),
            col(IssueMerge.answered_at).is_(None),
        )
        .order_by(col(IssueMerge.objected_at))
        .limit(at_most)
    ).all()
