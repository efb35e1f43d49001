"""Importing neighbourhoods from GeoJSON (RFC 7946)."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.core.errors import BadRequest
from app.core.forms import clean_text
from app.core.i18n import Text, _
from app.places.models import Neighbourhood
from app.places.queries import neighbourhood_with_code

CODE_FIELDS = ("code", "buurtcode", "wijkcode", "BU_CODE", "WK_CODE", "statcode")
LONGEST_CODE, LONGEST_NAME = 20, 80
NAME_FIELDS = ("name", "buurtnaam", "wijknaam", "BU_NAAM", "WK_NAAM", "statnaam", "naam")


@dataclass(frozen=True)
class AreaFound:
    code: str
    name: str
    outline: dict[str, Any]
    bounds: tuple[float, float, float, float]
    """West, south, east, north."""


def import_neighbourhoods(session: Session, collection: Any) -> int:
    """Adds or replaces areas by their code; returns how many. Raises BadRequest when an area cannot be used."""
    areas, problems = read_areas(collection)
    if problems:
        raise BadRequest(problems[0])
    for area in areas:
        keep_area(session, area)
    return len(areas)


def read_areas(collection: Any) -> tuple[list[AreaFound], list[Text]]:
    """The areas of a GeoJSON file, and what is wrong with those that cannot be used."""
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or collection.get("type") != "FeatureCollection":
        return [], [_("This is not a GeoJSON FeatureCollection.")]
    areas, problems = [], []
    for number, feature in enumerate(features, start=1):
        found = _read_area(number, feature if isinstance(feature, dict) else {})
        if isinstance(found, AreaFound):
            areas.append(found)
        else:
            problems.append(found)
    return areas, problems


def _read_area(number: int, feature: dict[str, Any]) -> AreaFound | Text:
    from shapely.errors import ShapelyError  # with its arrays 15 MB, for what an administrator does once
    from shapely.geometry import mapping, shape
    from shapely.validation import make_valid

    described = feature.get("properties")
    properties = described if isinstance(described, dict) else {}
    code, name = _first_of(properties, CODE_FIELDS), _first_of(properties, NAME_FIELDS)
    if not code or not name:
        return _("Area %(number)s has no code or no name.", number=number)
    if len(code) > LONGEST_CODE or len(name) > LONGEST_NAME:
        return _("The code or the name of area %(number)s is too long.", number=number)
    try:
        outline = make_valid(shape(feature["geometry"]))
    except (ShapelyError, KeyError, TypeError, ValueError, AttributeError):
        return _("Area %(number)s has no outline that we can read.", number=number)
    west, south, east, north = outline.bounds if not outline.is_empty else (0, 0, 0, 0)
    if outline.area == 0 or not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        return _("Area %(number)s is not a polygon in degrees (WGS 84).", number=number)
    return AreaFound(code, name, dict(mapping(outline)), (west, south, east, north))


def keep_area(session: Session, found: AreaFound) -> bool:
    """True when it is new."""
    known = neighbourhood_with_code(session, found.code)
    area = known or Neighbourhood(code=found.code, name=found.name, outline={}, south=0, west=0, north=0, east=0)
    area.name, area.outline = found.name, found.outline
    area.west, area.south, area.east, area.north = found.bounds
    session.add(area)
    session.flush()
    return known is None


def _first_of(properties: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((clean_text(str(properties[name])) for name in names if properties.get(name)), "")
