"""Importing neighbourhoods from GeoJSON (RFC 7946)."""

from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.validation import make_valid
from sqlmodel import Session

from app.core.errors import BadRequest
from app.core.i18n import _
from app.places.models import Neighbourhood
from app.places.queries import neighbourhood_with_code

CODE_FIELDS = ("code", "buurtcode", "wijkcode", "BU_CODE", "WK_CODE", "statcode")
NAME_FIELDS = ("name", "buurtnaam", "wijknaam", "BU_NAAM", "WK_NAAM", "statnaam", "naam")


def import_neighbourhoods(session: Session, collection: dict[str, Any]) -> int:
    """Adds or replaces areas by their code; returns how many. Raises BadRequest when an area cannot be used."""
    features = collection.get("features")
    if collection.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise BadRequest(_("This is not a GeoJSON FeatureCollection."))
    for number, feature in enumerate(features, start=1):
        _import_one(session, number, feature)
    return len(features)


def _import_one(session: Session, number: int, feature: dict[str, Any]) -> None:
    properties = feature.get("properties") or {}
    code = _first_of(properties, CODE_FIELDS)
    name = _first_of(properties, NAME_FIELDS)
    if not code or not name:
        raise BadRequest(_("Area %(number)s has no code or no name.", number=number))
    try:
        outline = make_valid(shape(feature["geometry"]))
    except (ShapelyError, KeyError, TypeError, ValueError, AttributeError):
        raise BadRequest(_("Area %(number)s has no outline that we can read.", number=number)) from None
    west, south, east, north = outline.bounds if not outline.is_empty else (0, 0, 0, 0)
    if outline.area == 0 or not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadRequest(_("Area %(number)s is not a polygon in degrees (WGS 84).", number=number))
    area = neighbourhood_with_code(session, code) or Neighbourhood(
        code=code, name=name, outline={}, south=0, west=0, north=0, east=0
    )
    area.name = name
    area.outline = dict(mapping(outline))
    area.south, area.west, area.north, area.east = south, west, north, east
    session.add(area)
    session.flush()


def _first_of(properties: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((str(properties[name]).strip() for name in names if properties.get(name)), "")
