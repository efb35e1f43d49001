"""The queue: issues that wait for the city team, oldest first, in pages that stay stable while others work on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Row, exists, union_all
from sqlmodel import Session, col, func, select

from app.core.clock import now
from app.core.paging import PAGE_SIZE, Page, decode_after, encode_after
from app.issues.models import WAITING, Issue, Status
from app.issues.search import matches_query
from app.matching.engine.suggestion import Likelihood
from app.matching.models import PilotMatch, State, ThemeMatch
from app.pilots.models import Pilot
from app.places.models import Neighbourhood
from app.themes.models import Theme

LONGEST_WAIT_DAYS = 3_650


@dataclass(frozen=True)
class Queue:
    """What somebody wants to see of it; without a status everything that waits for a first word."""

    q: str = ""
    status: str = ""
    theme: str = ""
    neighbourhood: str = ""
    unsure: bool = False
    pilot: bool = False
    days: int = 0

    @property
    def statuses(self) -> Sequence[Status]:
        return (Status(self.status),) if self.status else WAITING

    @property
    def is_filtered(self) -> bool:
        return self != Queue()

    @property
    def query(self) -> str:
        """As it stands in an address, with the question mark; empty when nothing is chosen."""
        chosen = {name: int(value) if isinstance(value, bool) else value for name, value in vars(self).items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""

    def after(self, position: str) -> str:
        return f"{self.query}{'&' if self.query else '?'}after={position}"


def read_queue(session: Session, queue: Queue, after: str = "", size: int = PAGE_SIZE) -> Page[Row[Any]]:
    last_id = int(decode_after(after, (int,))[0]) if after else 0
    ids = _ids(session, queue, col(Issue.id) > last_id, col(Issue.id), size + 1)
    rows = session.exec(_rows().where(col(Issue.id).in_(ids)).order_by(col(Issue.id)).limit(size + 1)).all()
    more = len(rows) > size
    return Page(rows[:size], encode_after(rows[size - 1].id) if more else None)


def next_in_queue(session: Session, queue: Queue, issue_id: int) -> int | None:
    ids = _ids(session, queue, col(Issue.id) > issue_id, col(Issue.id), 1)
    return session.exec(select(func.min(col(Issue.id))).where(col(Issue.id).in_(ids))).one()


def previous_in_queue(session: Session, queue: Queue, issue_id: int) -> int | None:
    ids = _ids(session, queue, col(Issue.id) < issue_id, col(Issue.id).desc(), 1)
    return session.exec(select(func.max(col(Issue.id))).where(col(Issue.id).in_(ids))).one()


def _ids(session: Session, queue: Queue, beyond: ColumnElement[bool], order: Any, at_most: int) -> Any:
    """The first few of each status, which an index gives in order; all at once would be sorted first."""
    conditions = _conditions(session, queue)
    firsts = [
        select(Issue.id)
        .where(col(Issue.visible), Issue.status == status, beyond, *conditions)
        .order_by(order)
        .limit(at_most)
        .subquery()
        for status in queue.statuses
    ]
    return union_all(*(select(first.c.id) for first in firsts))


def _conditions(session: Session, queue: Queue) -> list[ColumnElement[bool]]:
    """As expressions: by the bare columns, SQLite reads all issues of a theme to find the few that wait."""
    conditions: list[Any] = []
    if queue.theme:
        conditions.append(col(Issue.theme_id) + 0 == _id_of(session, Theme, Theme.slug == queue.theme))
    if queue.neighbourhood:
        area = _id_of(session, Neighbourhood, Neighbourhood.code == queue.neighbourhood)
        conditions.append(col(Issue.neighbourhood_id) + 0 == area)
    if queue.unsure:
        conditions.append(col(Issue.theme_id).is_(None))
    if queue.pilot:
        conditions.append(_likely_pilot())
    if queue.days:
        conditions.append(Issue.created_at < now() - timedelta(days=queue.days))
    if queue.q:
        conditions.append(matches_query(session, queue.q))
    return conditions


def _id_of(session: Session, table: Any, condition: Any) -> int:
    return session.exec(select(table.id).where(condition)).first() or -1


def _likely_pilot() -> ColumnElement[bool]:
    return exists().where(
        col(PilotMatch.issue_id) == Issue.id,
        col(PilotMatch.state) == State.SUGGESTED,
        col(PilotMatch.likelihood) == Likelihood.LIKELY,
    )


def _rows() -> Any:
    return (
        select(  # type: ignore[call-overload]
            Issue.id,
            Issue.title,
            Issue.language,
            Issue.status,
            Issue.vote_count,
            Issue.comment_count,
            Issue.address,
            Issue.created_at,
            Issue.theme_by,
            col(Theme.name_nl).label("theme_nl"),
            col(Theme.name_en).label("theme_en"),
            col(Theme.icon).label("theme_icon"),
            col(Neighbourhood.name).label("neighbourhood_name"),
        )
        .outerjoin(Theme, col(Theme.id) == Issue.theme_id)
        .outerjoin(Neighbourhood, col(Neighbourhood.id) == Issue.neighbourhood_id)
    )


def best_themes(session: Session, issue_ids: Sequence[int]) -> dict[int, Any]:
    """The first suggestion for issues without a theme, by issue."""
    rows = session.exec(
        select(ThemeMatch.issue_id, ThemeMatch.likelihood, Theme.name_nl, Theme.name_en)
        .join(Theme, col(Theme.id) == ThemeMatch.theme_id)
        .where(col(ThemeMatch.issue_id).in_(issue_ids), ThemeMatch.state == State.SUGGESTED)
        .order_by(col(ThemeMatch.rank).desc())
    )
    return {row[0]: row for row in rows}


def best_pilots(session: Session, issue_ids: Sequence[int]) -> dict[int, Any]:
    """The pilot that it is linked to, else the first candidate, by issue."""
    rows = session.exec(
        select(PilotMatch.issue_id, PilotMatch.likelihood, PilotMatch.state, Pilot.title, Pilot.language)  # type: ignore[call-overload]
        .join(Pilot, col(Pilot.id) == PilotMatch.pilot_id)
        .where(col(PilotMatch.issue_id).in_(issue_ids), PilotMatch.state != State.REJECTED, col(Pilot.visible))
        .order_by(col(PilotMatch.state) == State.CONFIRMED, col(PilotMatch.rank).desc())
    )
    return {row[0]: row for row in rows}


@dataclass(frozen=True)
class Waiting:
    """How many wait: in all, and per theme, neighbourhood and status."""

    total: int
    unsure: int
    themes: dict[str, int]
    neighbourhoods: dict[str, int]
    statuses: dict[str, int]


def count_waiting(session: Session) -> Waiting:
    """Over the whole city, so remember it for a while."""
    counted = (
        select(Issue.theme_id, Issue.neighbourhood_id, func.count().label("issues"))
        .where(col(Issue.visible), col(Issue.status).in_(WAITING))
        .group_by(col(Issue.theme_id), col(Issue.neighbourhood_id))
        .subquery()
    )
    rows = session.exec(
        select(Theme.slug, Neighbourhood.code, counted.c.issues)
        .select_from(counted)
        .outerjoin(Theme, col(Theme.id) == counted.c.theme_id)
        .outerjoin(Neighbourhood, col(Neighbourhood.id) == counted.c.neighbourhood_id)
    ).all()
    by_status = select(Issue.status, func.count()).where(col(Issue.visible)).group_by(col(Issue.status))
    return Waiting(
        total=sum(count for _theme, _area, count in rows),
        unsure=sum(count for theme, _area, count in rows if theme is None),
        themes=_summed((theme, count) for theme, _area, count in rows),
        neighbourhoods=_summed((area, count) for _theme, area, count in rows),
        statuses={str(status): count for status, count in session.exec(by_status)},
    )


def _summed(pairs: Any) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, count in pairs:
        if name is not None:
            sums[name] = sums.get(name, 0) + count
    return sums
