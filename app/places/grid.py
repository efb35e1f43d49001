"""Points on the map: distances, rounding, and a grid of squares that makes "near" an index look-up.

Angles are degrees in WGS 84, lengths are metres.
"""

from math import asin, cos, floor, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8
METRES_PER_DEGREE = 111_320.0
CELL_M = 500.0
AROUND_HERE_M = 100.0
ROW_SIZE = 100_000


def distance_m(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance in metres (haversine formula)."""
    half_lat = radians(other_lat - lat) / 2
    half_lon = radians(other_lon - lon) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def around_here(lat: float, lon: float) -> tuple[float, float]:
    """The middle of the 100 m square that a point lies in; what is stored when a resident said "around here"."""
    row = floor(lat * METRES_PER_DEGREE / AROUND_HERE_M)
    middle_lat = (row + 0.5) * AROUND_HERE_M / METRES_PER_DEGREE
    metres_per_degree_lon = METRES_PER_DEGREE * cos(radians(middle_lat))
    column = floor(lon * metres_per_degree_lon / AROUND_HERE_M)
    return round(middle_lat, 6), round((column + 0.5) * AROUND_HERE_M / metres_per_degree_lon, 6)


def cell_of(lat: float, lon: float) -> int:
    """The number of the 500 m square that a point lies in."""
    row = _row(lat)
    return row * ROW_SIZE + _column(row, lon)


def cells_within(lat: float, lon: float, radius_m: float) -> list[int]:
    """The squares that a circle touches (some corners more); meant for radii up to a few kilometres."""
    reach_lat = radius_m / METRES_PER_DEGREE
    reach_lon = radius_m / (METRES_PER_DEGREE * max(0.01, cos(radians(lat))))
    cells: list[int] = []
    for row in range(_row(lat - reach_lat), _row(lat + reach_lat) + 1):
        first, last = _column(row, lon - reach_lon), _column(row, lon + reach_lon)
        cells += [row * ROW_SIZE + column for column in range(first, last + 1)]
    return cells


def _row(lat: float) -> int:
    return floor((lat + 90.0) * METRES_PER_DEGREE / CELL_M)


def _column(row: int, lon: float) -> int:
    """Columns are 500 m wide in the middle of their row."""
    middle_lat = (row + 0.5) * CELL_M / METRES_PER_DEGREE - 90.0
    width = CELL_M / (METRES_PER_DEGREE * max(0.01, cos(radians(middle_lat))))
    return floor((lon + 180.0) / width)
