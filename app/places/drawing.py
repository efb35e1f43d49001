"""A map drawn by ourselves, as SVG: neighbourhoods, sea and roads, for when there are no tiles or no JavaScript."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from markupsafe import Markup
from sqlmodel import Session

from app.places.models import Neighbourhood
from app.places.queries import neighbourhoods_with_outlines, the_city

WIDTH = 720.0
MARGIN = 0.03


@dataclass(frozen=True)
class Frame:
    """Degrees to drawing units: equirectangular, true to scale in the middle of the map."""

    south: float
    west: float
    north: float
    east: float

    @property
    def scale(self) -> float:
        return WIDTH / ((self.east - self.west) * self.squeeze)

    @property
    def squeeze(self) -> float:
        return cos(radians((self.south + self.north) / 2))

    @property
    def height(self) -> float:
        return (self.north - self.south) * self.scale

    def spot(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self.west) * self.squeeze * self.scale, (self.north - lat) * self.scale


@dataclass(frozen=True)
class DrawnMap:
    """A finished drawing, on which a pin can still be put. A template shows it as it is."""

    frame: Frame
    shapes: Markup

    def __html__(self) -> str:
        return self.shapes + Markup("</svg>")

    def with_pin(self, lat: float, lon: float) -> Markup:
        x, y = self.frame.spot(lon, lat)
        pin = Markup('<circle class="drawn-pin" cx="{:.1f}" cy="{:.1f}" r="18"/></svg>').format(x, y)
        return self.shapes + pin

    def with_dots(self, spots: Iterable[tuple[float, float]]) -> Markup:
        """Smaller ones, for many; given as latitude and longitude."""
        dot = Markup('<circle class="drawn-pin" cx="{:.0f}" cy="{:.0f}" r="11"/>')
        dots = [dot.format(*self.frame.spot(lon, lat)) for lat, lon in spots]
        return self.shapes + Markup("").join(dots) + Markup("</svg>")


def draw_city(session: Session) -> DrawnMap | None:
    """The whole city; takes a while, and hardly ever changes, so remember it."""
    city = the_city(session)
    return draw_map(neighbourhoods_with_outlines(session), city.landmarks if city else {})


def draw_map(areas: Sequence[Neighbourhood], landmarks: dict[str, Any]) -> DrawnMap | None:
    """These areas and what lies around them; None for a city without areas."""
    if not areas:
        return None
    frame = _frame(areas)
    size = Markup('<svg class="drawn-map" viewBox="0 0 {:.0f} {:.0f}" aria-hidden="true" focusable="false">')
    pieces = [size.format(WIDTH, frame.height)]
    pieces += [_feature(frame, feature) for feature in landmarks.get("features", [])]
    pieces += [_path(frame, area.outline, "drawn-area") for area in areas]
    pieces += [_name(frame, area) for area in areas]
    return DrawnMap(frame, Markup("").join(pieces))


def _frame(areas: Iterable[Neighbourhood]) -> Frame:
    areas = list(areas)
    south, north = min(area.south for area in areas), max(area.north for area in areas)
    west, east = min(area.west for area in areas), max(area.east for area in areas)
    rim_lat, rim_lon = (north - south) * MARGIN, (east - west) * MARGIN
    return Frame(south - rim_lat, west - rim_lon, north + rim_lat, east + rim_lon)


def _feature(frame: Frame, feature: dict[str, Any]) -> Markup:
    kind = str(feature.get("properties", {}).get("kind", "land"))
    safe_kind = "".join(letter for letter in kind if letter.isalnum() or letter == "-")
    return _path(frame, feature["geometry"], f"drawn-{safe_kind}")


def _path(frame: Frame, geometry: dict[str, Any], css_class: str) -> Markup:
    lines = "".join(_line(frame, line, closed) for line, closed in _lines(geometry))
    return Markup('<path class="{}" d="{}"/>').format(css_class, lines) if lines else Markup("")


def _lines(geometry: dict[str, Any]) -> Iterable[tuple[list[list[float]], bool]]:
    coordinates = geometry.get("coordinates", [])
    match geometry.get("type"):
        case "LineString":
            yield coordinates, False
        case "MultiLineString":
            yield from ((line, False) for line in coordinates)
        case "Polygon":
            yield from ((ring, True) for ring in coordinates)
        case "MultiPolygon":
            yield from ((ring, True) for polygon in coordinates for ring in polygon)
        case "GeometryCollection":
            for part in geometry.get("geometries", []):
                yield from _lines(part)


def _line(frame: Frame, line: list[list[float]], closed: bool) -> str:
    spots = [frame.spot(point[0], point[1]) for point in line]
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in spots) + ("Z" if closed else "")


def _name(frame: Frame, area: Neighbourhood) -> Markup:
    x, y = frame.spot((area.west + area.east) / 2, (area.south + area.north) / 2)
    return Markup('<text class="drawn-name" x="{:.0f}" y="{:.0f}">{}</text>').format(x, y, area.name)
