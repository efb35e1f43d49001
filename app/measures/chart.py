"""A small line chart: where each measurement stands in a picture. It always begins at zero, so that it says no more
than the numbers do."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.measures.models import Indicator, Measurement

WIDTH, HEIGHT = 320, 150
LEFT, RIGHT, TOP, BOTTOM = 8.0, 312.0, 22.0, 126.0


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
