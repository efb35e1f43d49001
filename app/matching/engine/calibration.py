"""Makes the probabilities of themes honest: of what is said with 80%, eight in ten should come true.

A city's own decisions tell. For each one it is kept which scores the themes had before; then one number, the
temperature, is chosen that makes those decisions most probable. Above 1 it makes the engine more modest.
"""

from collections.abc import Mapping, Sequence
from math import exp, log

FEWEST_FORECASTS = 200
FORECASTS_READ = 500
TEMPERATURES = [round(0.4 * 1.08**step, 3) for step in range(36)]  # 0.4 to 5.9

Forecast = tuple[Mapping[str, float], str]
"""The scores by theme, and the theme that the team chose."""


def fitted_temperature(forecasts: Sequence[Forecast]) -> float:
    """1.0 when nothing can be learned from them."""
    known = [(list(scores.values()), scores[right]) for scores, right in forecasts if right in scores]
    return min(TEMPERATURES, key=lambda each: (surprise(known, each), each)) if known else 1.0


def surprise(known: Sequence[tuple[list[float], float]], temperature: float) -> float:
    """The log loss: how improbable what came true was, added up."""
    whole = 0.0
    for scores, right in known:
        top = max(scores)
        whole += log(sum([exp((score - top) / temperature) for score in scores])) - (right - top) / temperature
    return whole
