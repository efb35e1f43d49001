"""The words at the target stay clear of the lines, whatever was measured."""

from datetime import date, timedelta

import pytest

from app.measures.chart import BOTTOM, LETTERS, chart_of
from app.measures.models import Direction, Indicator, Measurement


@pytest.mark.parametrize(
    ("values", "target"),
    [
        ([23, 14, 9, 7, 8], 10),
        ([33, 24], 20),
        ([41, 43, 40], 38),
        ([0, 20, 28, 31], 20),
        ([21, 30, 47], 60),
        ([5, 5], 5),
        ([17, 4, 1, 0], 2),
    ],
)
def test_the_target_can_be_read(values: list[int], target: int) -> None:
    begin = date(2026, 1, 1)
    measured = [
        Measurement(indicator_id=1, value=value, taken_on=begin + timedelta(days=30 * at))
        for at, value in enumerate(values)
    ]
    cyclists = Indicator(
        pilot_id=1, name="Fietsers", unit="per dag", source="telling", better=Direction.HIGHER, target=target,
        measurements=measured,
    )  # fmt: skip
    chart = chart_of(cyclists)
    assert chart is not None
    x, y = chart.target_label
    at_it = [chart._height_at(x + aside) for aside in (-40, 0, 40)]
    assert all(abs(height - (y - LETTERS / 3)) > LETTERS / 2 for height in [*at_it, chart.zero])
    assert LETTERS < y < BOTTOM
