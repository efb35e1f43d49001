"""Neighbourhoods: import, finding the one a point lies in, and the drawn map."""

import json
from math import cos, radians
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, mapping
from shapely.validation import make_valid
from sqlmodel import Session, func, select

from app.commands import import_areas
from app.core.errors import BadRequest
from app.places.actions import import_neighbourhoods
from app.places.grid import METRES_PER_DEGREE, around_here, cell_of, cells_within, distance_m
from app.places.models import Neighbourhood
from app.places.outlines import covers
from app.places.queries import neighbourhood_at
from app.settings import Settings
from tests.browsing import Browser
from tests.factories import square

lats = st.floats(50, 54)
lons = st.floats(3, 8)


def collection(*features: object) -> dict[str, object]:
    return {"type": "FeatureCollection", "features": list(features)}


def test_the_command_adds_and_replaces_by_code(
    settings: Settings, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.commands.get_settings", lambda: settings)
    file = tmp_path / "areas.geojson"
    file.write_text(
        json.dumps(collection(square("BU00000001", "Nieuwe naam", 4.3, 52.1), square("BU3", "Derde", 4.31, 52.1)))
    )
    import_areas(file)
    assert session.exec(select(func.count()).select_from(Neighbourhood)).one() == 3
    assert session.exec(select(Neighbourhood.name).where(Neighbourhood.code == "BU00000001")).one() == "Nieuwe naam"


def test_names_as_the_national_files_have_them(session: Session) -> None:
    feature = square("", "", 4.4, 52.1)
    feature["properties"] = {"buurtcode": "BU05180001", "buurtnaam": "Oud Duin"}
    assert import_neighbourhoods(session, collection(feature)) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "Feature"},
        collection({"type": "Feature", "properties": {}, "geometry": None}),
        collection({**square("BU9", "Negen", 4.3, 52.1), "geometry": None}),
        collection({**square("BU9", "Negen", 4.3, 52.1), "geometry": {"type": "Polygon", "coordinates": [[1]]}}),
        collection(square("BU9", "Rijksdriehoek", 80_000.0, 455_000.0)),
        collection({**square("BU9", "Een punt", 4.3, 52.1), "geometry": {"type": "Point", "coordinates": [4, 52]}}),
    ],
)
def test_what_is_no_area_is_refused_in_words(session: Session, wrong: dict[str, object]) -> None:
    with pytest.raises(BadRequest):
        import_neighbourhoods(session, wrong)


def test_a_point_lies_in_one_neighbourhood(session: Session) -> None:
    west, east, border = (neighbourhood_at(session, 52.105, lon) for lon in (4.275, 4.285, 4.28))
    assert (west and west.name, east and east.name) == ("Westhoek", "Oosthoek")
    assert border
    assert neighbourhood_at(session, 52.2, 4.275) is None


rings = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=8, unique=True)


@given(rings, rings, st.integers(0, 6), st.integers(0, 6))
def test_a_point_is_found_as_a_library_of_geometry_finds_it(
    outer: list[tuple[int, int]], hole: list[tuple[int, int]], x: int, y: int
) -> None:
    holes = (
        [hole] if Polygon(outer).is_valid and Polygon(hole).is_valid and Polygon(outer).contains(Polygon(hole)) else []
    )
    outline = make_valid(Polygon(outer, holes))
    areas = [each for each in getattr(outline, "geoms", [outline]) if each.area > 0]
    is_exact = Polygon(outer).is_valid  # else lines cross between whole numbers, and nobody can say what lies on them
    assume(is_exact or all(area.boundary.distance(Point(x, y)) > 1e-9 for area in areas))
    assert covers(dict(mapping(outline)), y, x) == any(area.covers(Point(x, y)) for area in areas)


def test_the_map_is_drawn_without_tiles_and_without_javascript(visitor: Browser) -> None:
    page = visitor.get("/issues/map").text
    assert "drawn-map" in page
    assert "Westhoek" in page
    areas = visitor.get("/map/areas.json").json()
    assert {feature["properties"].get("code") for feature in areas["features"]} >= {
        "BU00000001",
        "BU00000002",
    }


@pytest.mark.parametrize("bbox", ["", "1,2,3", "a,b,c,d", "5,52,4,53", "nan,nan,nan,nan", "1e999,0,0,0"])
def test_a_map_section_that_cannot_be_is_refused(visitor: Browser, bbox: str) -> None:
    assert visitor.get("/issues/map/points.json", params={"bbox": bbox}).status_code == 400


@given(lats, lons)
def test_around_here_moves_a_point_by_less_than_its_square(lat: float, lon: float) -> None:
    rounded = around_here(lat, lon)
    assert distance_m(lat, lon, *rounded) < 75
    assert around_here(*rounded) == pytest.approx(rounded, abs=1e-5)


@given(lats, lons, st.floats(-0.9, 0.9), st.floats(-0.9, 0.9), st.floats(50, 3000))
def test_what_lies_within_a_circle_lies_in_its_squares(
    lat: float, lon: float, north: float, east: float, radius: float
) -> None:
    reach = radius / METRES_PER_DEGREE
    other = (lat + reach * north, lon + reach / cos(radians(lat)) * east)
    if distance_m(lat, lon, *other) <= radius:
        assert cell_of(*other) in cells_within(lat, lon, radius)


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert distance_m(52, 4, 53, 4) == pytest.approx(111_195, rel=1e-3)
