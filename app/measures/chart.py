"""A small line chart: where each measurement stands in a picture. It always begins at zero, so that it says no more
than the numbers do."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.measures.models import Indicator, Measurement

WIDTH, HEIGHT = 320, 150
LEFT, RIGHT, TOP, BOTTOM = 8.0, 312.0, 22.0, 126.0
LETTERS, WORDS, ENOUGH = 12, 96, 14.0
"""How high letters are, how wide the words at the target, and how much room around them is enough."""


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    measurement: Measurement


@dataclass(frozen=True)
class Chart:
    """`zero` and `target` are heights; `line` is what a polyline wants."""

    dots: Sequence[Dot]
    zero: float
    target: float | None

    @property
    def target_label(self) -> tuple[float, float]:
        """The middle of the words at the target: where they stand clearest of the lines, the values and the days."""
        target = self.target or 0.0
        places = [(x, target + below) for x in (160.0, 262.0, 58.0) for below in (-4.0, 13.0)]
        return max(places, key=lambda place: min(self._room_at(*place), ENOUGH))

    def _room_at(self, x: float, y: float) -> float:
        middle = y - LETTERS / 3
        line = [abs(self._height_at(x + aside) - middle) for aside in range(-WORDS // 2, WORDS // 2 + 1, 6)]
        values = [abs(dot.y - LETTERS - middle) for dot in self.named if abs(dot.x - x) < WORDS / 2 + LETTERS]
        zero = [abs(self.zero - middle)] if self.zero != self.target else []
        return min([*line, *values, *zero, BOTTOM + LETTERS - middle, middle])

    def _height_at(self, x: float) -> float:
        """Of the line, which goes from edge to edge."""
        left, right = next(pair for pair in pairwise(self.dots) if pair[0].x <= x <= pair[1].x)
        return left.y if left.x == right.x else left.y + (x - left.x) / (right.x - left.x) * (right.y - left.y)

    @property
    def line(self) -> str:
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)

    @property
    def named(self) -> Sequence[Dot]:
        """Those with their value beside them: the baseline, else the first; and the last."""
        first = next((dot for dot in self.dots if dot.measurement.is_baseline), self.dots[0])
        return (first, self.dots[-1]) if first is not self.dots[-1] else (first,)


def chart_of(indicator: Indicator) -> Chart | None:
    """None when there are not two measurements to draw a line between."""
    measured = sorted(indicator.measurements, key=lambda each: each.taken_on)
    if len(measured) < 2:
        return None
    values = [0.0, *(each.value for each in measured)]
    values += [] if indicator.target is None else [indicator.target]
    low, span = min(values), (max(values) - min(values)) or 1.0
    begin = measured[0].taken_on.toordinal()
    days = measured[-1].taken_on.toordinal() - begin

    def height(value: float) -> float:
        return round(BOTTOM - (value - low) / span * (BOTTOM - TOP), 1)

    dots = [
        Dot(round(LEFT + (each.taken_on.toordinal() - begin) / days * (RIGHT - LEFT), 1), height(each.value), each)
        for each in measured
    ]
    return Chart(dots, height(0.0), None if indicator.target is None else height(indicator.target))
