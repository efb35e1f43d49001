"""Ordering by what is rising, so that the order needs no recalculation as time passes.

Each vote counts for 1 when it is cast and half as much every seven days. Comparing sums of such votes at one moment
gives the same order at any other moment, so one number per issue, on a logarithmic scale, can be stored and indexed:
heat = log2(sum of 2^(t / 7 days)), with t the moment of each vote and of the filing itself.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from math import log2

HALF_LIFE = timedelta(days=7)
START = datetime(2020, 1, 1, tzinfo=UTC)


def heat_at_birth(filed_at: datetime) -> float:
    return (filed_at - START) / HALF_LIFE


def heated(heat: float, voted_at: datetime) -> float:
    """The heat with one more vote."""
    vote = heat_at_birth(voted_at)
    high, low = max(heat, vote), min(heat, vote)
    return high + log2(1 + 2 ** (low - high))


def cooled(heat: float, voted_at: datetime, filed_at: datetime) -> float:
    """The heat with one vote less; never below that of the filing itself."""
    floor = heat_at_birth(filed_at)
    rest = 1 - 2 ** min(0.0, heat_at_birth(voted_at) - heat)
    return max(floor, heat + log2(rest)) if rest > 1e-9 else floor


def heat_of_all(moments: Iterable[datetime]) -> float:
    """The heat of filings and votes together, from nothing."""
    heats = [heat_at_birth(moment) for moment in moments]
    high = max(heats)
    return high + log2(sum(2 ** (heat - high) for heat in heats))
