"""Streets to file issues in: short lines of which every point lies well inside its neighbourhood."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from shapely.geometry import Point, shape
from sqlmodel import Session, select

from app.demo.stories import read_wording
from app.places.actions import import_neighbourhoods
from app.places.models import Neighbourhood
from app.places.queries import bounds_of_city

STREETS = 12
ISSUES_PER_AREA = 4000
MOST_AREAS = 240
SQUARES_IN_A_ROW = 16
SQUARE = (0.009, 0.0146)  # about a kilometre, in degrees of latitude and longitude
EDGE = 0.0021  # degrees: further than half a street and the rounding of "around here" together
REACH = (0.00045, 0.0007)  # about fifty metres


@dataclass(frozen=True, slots=True)
class Street:
    """A line through `lat`, `lon`; `along` leads from its middle to its end. All in degrees."""

    name: str
    area_id: int
    area: str
    lat: float
    lon: float
    along: tuple[float, float]

    def point(self, share: float) -> tuple[float, float]:
        """A point between one end (-1) and the other (1)."""
        return round(self.lat + self.along[0] * share, 6), round(self.lon + self.along[1] * share, 6)


def add_areas(session: Session, issues: int) -> None:
    """New quarters inland, so that a large city does not live in eight neighbourhoods."""
    known = session.exec(select(Neighbourhood.code)).all()
    wanted = min(MOST_AREAS, issues // ISSUES_PER_AREA) - len(known)
    bounds = bounds_of_city(session)
    if wanted <= 0 or bounds is None:
        return
    south, west = bounds[0], bounds[1]
    squares = [_square(number, south, west) for number in range(MOST_AREAS)]
    fresh = [square for square in squares if square["properties"]["code"] not in known]
    import_neighbourhoods(session, {"type": "FeatureCollection", "features": fresh[:wanted]})


def _square(number: int, south: float, west: float) -> dict[str, Any]:
    row, column = divmod(number, SQUARES_IN_A_ROW)
    top, left = south - row * SQUARE[0], west + column * SQUARE[1]
    bottom, right = top - SQUARE[0], left + SQUARE[1]
    ring = [[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]]
    wording = read_wording()
    part, root = divmod(number, len(wording["area_roots"]))
    name = f"{wording['area_roots'][root]} {wording['area_parts'][part]}"
    return {
        "type": "Feature",
        "properties": {"code": f"BU9999{number + 1001:04d}", "name": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def lay_streets(session: Session, rng: Random) -> list[Street]:
    wording = read_wording()
    names = [root + ending for root in wording["street_roots"] for ending in wording["street_endings"]]
    streets: list[Street] = []
    for area in session.exec(select(Neighbourhood).order_by(Neighbourhood.code)):
        streets += _streets_of(area, rng.sample(names, STREETS), rng)
    return streets


def _streets_of(area: Neighbourhood, names: Sequence[str], rng: Random) -> list[Street]:
    inside = shape(area.outline).buffer(-EDGE)
    streets: list[Street] = []
    for name in names:
        middle = _point_within(inside, rng) if not inside.is_empty else shape(area.outline).representative_point()
        turn = rng.uniform(-1, 1), rng.choice((-1, 1))
        along = (REACH[0] * turn[0], REACH[1] * turn[1]) if not inside.is_empty else (0.0, 0.0)
        streets.append(Street(name, area.id, area.name, middle.y, middle.x, along))
    return streets


def _point_within(inside: Any, rng: Random) -> Point:
    west, south, east, north = inside.bounds
    while True:
        point = Point(rng.uniform(west, east), rng.uniform(south, north))
        if inside.contains(point):
            return point
