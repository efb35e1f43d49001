"""The feed: a list of issues by filter and order, in pages that stay stable while new issues arrive."""

from dataclasses import dataclass
from math import cos, inf, radians
from typing import Any, Literal

from sqlalchemy import Integer, Row, Select, and_, case, or_, tuple_
from sqlmodel import Session, col, func, select

from app.core.paging import PAGE_SIZE, Page, decode_after, encode_after
from app.issues.models import Issue, Photo, Status
from app.issues.search import Words, matches_query, matches_words
from app.places.grid import METRES_PER_DEGREE, cells_within
from app.places.models import Neighbourhood
from app.themes.models import Theme

Sort = Literal["new", "top", "rising", "near"]
GROUPS: dict[str, tuple[Status, ...]] = {
    "busy": (Status.ACKNOWLEDGED, Status.IN_PILOT, Status.WITH_SERVICE, Status.REOPENED),
    "done": (Status.RESOLVED, Status.CONFIRMED),
}
"""What a reader may also ask for as a status: several that mean the same to them."""
RINGS_M = (300.0, 1_000.0, 3_000.0, 10_000.0, 30_000.0)
LARGEST_GRID_SEARCH_M = 3_000.0


@dataclass(frozen=True)
class Feed:
    """What a reader asks for; everything may be left open.

    `looseness` counts how much a search forgives, and `words` is what is looked for then instead of `q`.
    """

    q: str = ""
    looseness: int = 0
    words: Words = ()
    theme: str = ""
    neighbourhood: str = ""
    status: str = ""
    sort: Sort = "new"
    lat: float | None = None
    lon: float | None = None
    bbox: tuple[float, float, float, float] | None = None  # west, south, east, north

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or self.theme or self.neighbourhood or self.status)


def read_feed(session: Session, feed: Feed, after: str = "", size: int = PAGE_SIZE) -> Page[Row[Any]]:
    """One page of rows: what a card shows, in one statement."""
    if feed.sort == "near" and feed.lat is not None and feed.lon is not None:
        return _nearest(session, feed, feed.lat, feed.lon, after, size)
    order: Any = {"top": col(Issue.vote_count), "rising": col(Issue.heat)}.get(feed.sort)
    statement = _filtered(session, _cards(), feed).where(col(Issue.visible))
    ceiling = inf
    if after:
        *key, last_id, ceiling = decode_after(after, (float, int, float) if order is not None else (int, float))
        if order is None:
            statement = statement.where(col(Issue.id) < last_id)
        else:
            # As one comparison of two pairs, which an index can answer; as an "or" it reads from the top.
            later = tuple_(order, col(Issue.id)) < tuple_(key[0], last_id, types=[order.type, Integer()])
            statement = statement.where(later, col(Issue.id) <= ceiling)
    descending = [column.desc() for column in (order, col(Issue.id)) if column is not None]
    rows = session.exec(statement.order_by(*descending).limit(size + 1)).all()  # type: ignore[call-overload]
    if ceiling == inf and rows:
        ceiling = _newest_id(session) if order is not None else rows[0].id
    return _page(rows, size, lambda row: ([] if order is None else [_key(row, feed.sort)]) + [row.id, ceiling])


def _key(row: Row[Any], sort: Sort) -> float:
    return float(row.vote_count if sort == "top" else row.heat)


def _page(rows: Any, size: int, position: Any) -> Page[Row[Any]]:
    more = len(rows) > size
    shown = rows[:size]
    return Page(shown, encode_after(*position(shown[-1])) if more else None)


def _newest_id(session: Session) -> int:
    return session.exec(select(func.max(Issue.id))).one() or 0


def _cards() -> Select[Any]:
    first_photo = (
        select(Photo.key)
        .where(Photo.issue_id == Issue.id, col(Photo.visible))
        .order_by(col(Photo.position))
        .limit(1)
        .scalar_subquery()
    )
    return (  # type: ignore[no-any-return]
        select(  # type: ignore[call-overload]
            Issue.id,
            Issue.title,
            func.substr(Issue.description, 1, 200).label("beginning"),
            Issue.language,
            Issue.status,
            Issue.vote_count,
            Issue.merged_count,
            Issue.comment_count,
            Issue.heat,
            Issue.address,
            Issue.created_at,
            Issue.city_spoke_at,
            Issue.lat,
            Issue.lon,
            col(Theme.slug).label("theme_slug"),
            col(Theme.icon).label("theme_icon"),
            col(Theme.name_nl).label("theme_nl"),
            col(Theme.name_en).label("theme_en"),
            col(Neighbourhood.code).label("neighbourhood_code"),
            col(Neighbourhood.name).label("neighbourhood_name"),
            first_photo.label("photo_key"),
        )
        .outerjoin(Theme, col(Theme.id) == Issue.theme_id)
        .outerjoin(Neighbourhood, col(Neighbourhood.id) == Issue.neighbourhood_id)
    )


def _filtered(session: Session, statement: Select[Any], feed: Feed) -> Select[Any]:
    statement = statement.where(col(Issue.taken_away_at).is_(None))
    if feed.theme:
        theme_id = session.exec(select(Theme.id).where(Theme.slug == feed.theme)).first()
        statement = statement.where(col(Issue.theme_id) == (theme_id or -1))
    if feed.neighbourhood:
        area_id = session.exec(select(Neighbourhood.id).where(Neighbourhood.code == feed.neighbourhood)).first()
        statement = statement.where(col(Issue.neighbourhood_id) == (area_id or -1))
    if feed.status in GROUPS:
        statement = statement.where(col(Issue.status).in_(GROUPS[feed.status]))
    elif feed.status:
        statement = statement.where(col(Issue.status) == feed.status)
    else:
        statement = statement.where(col(Issue.status) != Status.MERGED)
    if feed.q:
        found = matches_words(session, feed.words) if feed.words else matches_query(session, feed.q)
        statement = statement.where(found)
    if feed.bbox:
        west, south, east, north = feed.bbox
        statement = statement.where(col(Issue.lat).between(south, north), col(Issue.lon).between(west, east))
    return statement


def _nearest(session: Session, feed: Feed, lat: float, lon: float, after: str, size: int) -> Page[Row[Any]]:
    """Looks in growing circles, so that a page near somebody never reads the whole city."""
    north = (col(Issue.lat) - lat) * METRES_PER_DEGREE
    east = (col(Issue.lon) - lon) * (METRES_PER_DEGREE * cos(radians(lat)))
    distance = (north * north + east * east).label("distance_squared")
    # Not a plain `visible`: SQLite would take an index that begins with it, and read the whole city.
    visible = func.coalesce(col(Issue.visible), False)
    statement = _filtered(session, _cards(), feed).where(visible).add_columns(distance)
    if after:
        last_distance, last_id = decode_after(after, (float, int))
        statement = statement.where(
            or_(distance > last_distance, and_(distance == last_distance, col(Issue.id) < last_id))
        )
    rows: Any = []
    for radius in RINGS_M:
        if radius <= LARGEST_GRID_SEARCH_M:
            ring = statement.where(col(Issue.cell).in_(cells_within(lat, lon, radius)))
        else:
            ring = statement.where(col(Issue.lat).is_not(None))
        inside = ring.where(distance <= radius**2)
        rows = session.exec(inside.order_by(distance, col(Issue.id).desc()).limit(size + 1)).all()  # type: ignore[call-overload]
        if len(rows) > size:
            break
    return _page(rows, size, lambda row: [row.distance_squared, row.id])


def count_by_status(session: Session) -> dict[str, int]:
    """For the home page: how many issues are new, being worked on, and done, as the feed shows them."""
    kind = case(*((col(Issue.status).in_(group), name) for name, group in GROUPS.items()), else_=col(Issue.status))
    rows = session.exec(select(kind, func.count()).where(col(Issue.visible)).group_by(kind))
    return {str(name): count for name, count in rows}
