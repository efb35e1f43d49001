"""New issues that somebody asked to hear of: a few with their titles, the rest as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from app.content.models import Content
from app.following.models import Alert
from app.issues.models import Issue, Status
from app.places.grid import METRES_PER_DEGREE
from app.places.models import Neighbourhood
from app.themes.models import Theme

SHOWN = 5
MOST_GROUPS = 6


@dataclass(frozen=True)
class NewIssues:
    """What is new for one alert: `groups` counts by theme, or by neighbourhood for an alert on a theme."""

    alert: Alert
    count: int
    top: Sequence[Issue]
    groups: Sequence[tuple[Any, int]]

    @property
    def rest(self) -> int:
        return self.count - len(self.top)


def is_there_any(session: Session, alert: Alert, after: int, up_to: int) -> bool:
    return session.exec(select(Issue.id).where(*_new(alert, after, up_to)).limit(1)).first() is not None


def new_issues(session: Session, alert: Alert, after: int, up_to: int) -> NewIssues:
    """Three queries, however many there are."""
    new = _new(alert, after, up_to)
    votes = col(Issue.vote_count) + 0  # as an expression: by the bare column SQLite walks the whole city
    top = session.exec(select(Issue).where(*new).order_by(votes.desc(), col(Issue.id).desc()).limit(SHOWN)).all()
    count = session.exec(select(func.count()).select_from(Issue).where(*new)).one()
    return NewIssues(alert, count, top, _groups(session, alert, new))


def _groups(session: Session, alert: Alert, new: list[ColumnElement[bool]]) -> Sequence[tuple[Any, int]]:
    table: Any = Neighbourhood if alert.theme_id else Theme
    belongs = col(Issue.neighbourhood_id) if alert.theme_id else col(Issue.theme_id)
    counted = (
        select(col(table.id), func.count())
        .select_from(Issue)
        .join(table, col(table.id) == belongs)
        .where(*new)
        .group_by(col(table.id))
        .order_by(func.count().desc(), col(table.id))
        .limit(MOST_GROUPS)
    )
    rows = session.exec(counted).all()
    named = {row.id: row for row in session.exec(select(table).where(col(table.id).in_([key for key, _n in rows])))}
    return [(named[key], count) for key, count in rows]


def _new(alert: Alert, after: int, up_to: int) -> list[ColumnElement[bool]]:
    """Visible ones in that range of numbers, but not what the person filed themselves."""
    own = select(Content.id).where(Content.id == Issue.content_id, Content.author_id == alert.person_id)
    return [
        col(Issue.id) > after,
        col(Issue.id) <= up_to,
        col(Issue.visible).is_(True),
        col(Issue.status) != Status.MERGED,
        ~own.exists(),
        *_about(alert),
    ]


def _about(alert: Alert) -> list[ColumnElement[bool]]:
    if alert.theme_id:
        return [col(Issue.theme_id) == alert.theme_id]
    if alert.neighbourhood_id:
        return [col(Issue.neighbourhood_id) == alert.neighbourhood_id]
    lat, lon, radius = alert.lat or 0.0, alert.lon or 0.0, alert.radius_m or 0
    north = (col(Issue.lat) - lat) * METRES_PER_DEGREE
    east = (col(Issue.lon) - lon) * (METRES_PER_DEGREE * cos(radians(lat)))
    return [north * north + east * east <= radius**2]
