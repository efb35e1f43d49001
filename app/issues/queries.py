from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, union_all
from sqlalchemy.orm import defer, joinedload, selectinload
from sqlmodel import Session, col, func, select

from app.content.models import Content
from app.issues.models import Issue, Photo, Status, Vote
from app.places.models import Neighbourhood
from app.themes.models import Theme

# Asked by every page and every tap: putting a statement together takes longer than running it.
WHOLE_ISSUES: Any = (
    select(Issue)
    .where(col(Issue.visible))
    .options(
        joinedload(Issue.content).joinedload(Content.author),  # type: ignore[arg-type]
        joinedload(Issue.theme),  # type: ignore[arg-type]
        joinedload(Issue.neighbourhood).options(defer(Neighbourhood.outline)),  # type: ignore[arg-type]
        selectinload(Issue.photos),  # type: ignore[arg-type]
    )
)
# Of one issue the photos come along; of many they would repeat each issue as often as it has photos.
VISIBLE_ISSUE: Any = (
    select(Issue)
    .where(Issue.id == bindparam("issue_id"), col(Issue.visible))
    .options(
        defer(Issue.search_stems),  # type: ignore[arg-type]
        joinedload(Issue.content).joinedload(Content.author),  # type: ignore[arg-type]
        joinedload(Issue.theme).load_only(Theme.slug, Theme.icon, Theme.name_nl, Theme.name_en),  # type: ignore[arg-type]
        joinedload(Issue.neighbourhood).options(defer(Neighbourhood.outline)),  # type: ignore[arg-type]
        joinedload(Issue.photos),  # type: ignore[arg-type]
    )
)
BARE_ISSUE: Any = select(Issue).where(Issue.id == bindparam("issue_id"), col(Issue.visible))


def visible_issue(session: Session, issue_id: int) -> Issue | None:
    """An issue with all that its page shows; None when there is none or it is hidden."""
    return session.scalars(VISIBLE_ISSUE, {"issue_id": issue_id}).unique().first()


def bare_issue(session: Session, issue_id: int) -> Issue | None:
    """A visible issue without anything that belongs to it: enough to vote for it or to answer it."""
    return session.scalars(BARE_ISSUE, {"issue_id": issue_id}).first()


def whole_issues(session: Session, issue_ids: Sequence[int]) -> list[Issue]:
    """Issues with all that their pages show, in the order given, in two statements; hidden ones are left out."""
    found = {issue.id: issue for issue in session.exec(WHOLE_ISSUES.where(col(Issue.id).in_(issue_ids)))}
    return [found[issue_id] for issue_id in issue_ids if issue_id in found]


def visible_issues(session: Session, issue_ids: Collection[int]) -> Sequence[Issue]:
    return session.exec(
        select(Issue).where(col(Issue.id).in_(issue_ids), col(Issue.visible)).order_by(col(Issue.id))
    ).all()


def issue_with_nonce(session: Session, nonce: str) -> Issue | None:
    return session.exec(
        select(Issue).where(Issue.nonce == nonce).options(joinedload(Issue.content))  # type: ignore[arg-type]
    ).first()


def voted_among(session: Session, issue_ids: Collection[int], person_id: int) -> set[int]:
    """For which of these issues the person's vote counts, in one query: cast there, or on what was merged into it."""
    if not issue_ids:
        return set()
    there = select(Vote.issue_id).where(Vote.person_id == person_id, col(Vote.issue_id).in_(issue_ids))
    merged = (
        select(col(Issue.merged_into))
        .join(Vote, (col(Vote.issue_id) == Issue.id) & (col(Vote.person_id) == person_id))
        .where(col(Issue.merged_into).in_(issue_ids), col(Issue.visible))
    )
    return set(session.execute(union_all(there, merged)).scalars())


def photo_with_key(session: Session, key: str) -> Any:
    """A row with the photo's key and whether everybody may see it and its issue; None when there is none."""
    return session.exec(
        select(Photo.key, Photo.visible, col(Issue.visible).label("issue_visible"))
        .join(Issue, col(Issue.id) == Photo.issue_id)
        .where(Photo.key == key)
    ).first()


def counts_per_neighbourhood(session: Session) -> dict[int, int]:
    """How many visible issues each neighbourhood has, merged ones not counted."""
    rows = session.exec(
        select(Issue.neighbourhood_id, func.count())
        .where(col(Issue.visible), Issue.status != Status.MERGED, col(Issue.neighbourhood_id).is_not(None))
        .group_by(col(Issue.neighbourhood_id))
    )
    return {area: count for area, count in rows if area is not None}


def counts_per_theme(session: Session) -> dict[int, int]:
    """How many visible issues each theme has, merged ones not counted."""
    rows = session.exec(
        select(Issue.theme_id, func.count())
        .where(col(Issue.visible), Issue.status != Status.MERGED, col(Issue.theme_id).is_not(None))
        .group_by(col(Issue.theme_id))
    )
    return {theme: count for theme, count in rows if theme is not None}


def points_within(
    session: Session, south: float, west: float, north: float, east: float, at_most: int
) -> Sequence[Any]:
    """Issues on the map, newest first."""
    return session.exec(
        select(  # type: ignore[call-overload]
            Issue.id, Issue.title, Issue.lat, Issue.lon, Issue.status, Issue.vote_count
        )
        .where(
            col(Issue.visible),
            Issue.status != Status.MERGED,
            col(Issue.lat).between(south, north),
            col(Issue.lon).between(west, east),
        )
        .order_by(col(Issue.id).desc())
        .limit(at_most)
    ).all()


def issue_of_thread(session: Session, thread_id: int) -> Issue | None:
    return session.exec(select(Issue).where(Issue.thread_id == thread_id, col(Issue.visible))).first()
