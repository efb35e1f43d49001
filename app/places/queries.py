from collections.abc import Sequence

from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from app.places.models import City, Neighbourhood
from app.places.outlines import covers


def the_city(session: Session) -> City | None:
    return session.get(City, 1)


def all_neighbourhoods(session: Session) -> Sequence[Neighbourhood]:
    """By name, without their outlines."""
    return session.exec(
        select(Neighbourhood).order_by(col(Neighbourhood.name)).options(defer(Neighbourhood.outline))  # type: ignore[arg-type]
    ).all()


def neighbourhoods_with_outlines(session: Session) -> Sequence[Neighbourhood]:
    return session.exec(select(Neighbourhood).order_by(col(Neighbourhood.name))).all()


def neighbourhood_with_code(session: Session, code: str) -> Neighbourhood | None:
    return session.exec(select(Neighbourhood).where(Neighbourhood.code == code)).first()


def neighbourhood_at(session: Session, lat: float, lon: float) -> Neighbourhood | None:
    """The neighbourhood that a point lies in; on a shared border the one with the lower id."""
    boxes = select(Neighbourhood).where(
        Neighbourhood.south <= lat,
        Neighbourhood.north >= lat,
        Neighbourhood.west <= lon,
        Neighbourhood.east >= lon,
    )
    for area in session.exec(boxes.order_by(col(Neighbourhood.id))):
        if covers(area.outline, lat, lon):
            return area
    return None


def has_neighbourhoods(session: Session) -> bool:
    return session.exec(select(func.count()).select_from(select(Neighbourhood.id).limit(1).subquery())).one() > 0


def bounds_of_city(session: Session) -> tuple[float, float, float, float] | None:
    """South, west, north, east of all neighbourhoods together, in degrees."""
    edges = session.exec(
        select(
            func.min(Neighbourhood.south),
            func.min(Neighbourhood.west),
            func.max(Neighbourhood.north),
            func.max(Neighbourhood.east),
        )
    ).one()
    return None if edges[0] is None else (edges[0], edges[1], edges[2], edges[3])
