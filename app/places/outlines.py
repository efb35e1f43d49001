"""Whether a point lies in an outline, without a library of geometry: every filing asks, and that would be 15 MB."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

Ring = Sequence[Sequence[float]]


def covers(outline: Mapping[str, Any], lat: float, lon: float) -> bool:
    """Of GeoJSON, where only polygons count; what lies on a border, also that of a hole, is within."""
    return any(_polygon_covers(rings, lon, lat) for rings in _polygons(outline))


def _polygons(outline: Mapping[str, Any]) -> Iterable[Sequence[Ring]]:
    match outline["type"]:
        case "Polygon":
            yield outline["coordinates"]
        case "MultiPolygon":
            yield from outline["coordinates"]
        case "GeometryCollection":
            for each in outline["geometries"]:
                yield from _polygons(each)


def _polygon_covers(rings: Sequence[Ring], x: float, y: float) -> bool:
    if any(_is_on(ring, x, y) for ring in rings):
        return True
    outer, *holes = rings
    return _is_inside(outer, x, y) and not any(_is_inside(hole, x, y) for hole in holes)


def _is_inside(ring: Ring, x: float, y: float) -> bool:
    """A line to the east crosses the ring an odd number of times."""
    inside = False
    for (x1, y1, *_z1), (x2, y2, *_z2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            inside = not inside
    return inside


def _is_on(ring: Ring, x: float, y: float) -> bool:
    for (x1, y1, *_z1), (x2, y2, *_z2) in pairwise(ring):
        within = min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2)
        if within and (x2 - x1) * (y - y1) == (y2 - y1) * (x - x1):
            return True
    return False
