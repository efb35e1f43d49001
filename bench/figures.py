"""A figure: what was measured, what it may be, and whether it is."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`ratio` and `milliseconds` are compared with their budget; the others are told as they are."""

    name: str
    value: float
    unit: str
    budget: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def is_met(self) -> bool:
        if self.budget is None:
            return True
        return self.value >= self.budget if self.at_least else self.value <= self.budget


def ratio(name: str, ours: float, reference: float, budget: float | None, note: str = "") -> Figure:
    """Ours divided by the reference, where more is better."""
    return Figure(name, ours / reference, "×", budget, at_least=True, note=note)


def interleaved(contestants: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median of each contestant, measured in turns, so that what else the machine does hits all of them."""
    results: dict[str, list[float]] = {name: [] for name in contestants}
    for _round in range(rounds):
        for name, measure in contestants.items():
            results[name].append(measure())
    return {name: statistics.median(values) for name, values in results.items()}


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
