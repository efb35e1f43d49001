"""One number makes probabilities honest."""

import random

import pytest

from app.matching.engine.calibration import Forecast, fitted_temperature
from app.matching.engine.learning import shares


def forecasts(boast: float, number: int = 2_000) -> list[Forecast]:
    """From an engine whose scores are `boast` times what they should be."""
    rng = random.Random(1)
    told: list[Forecast] = []
    for _each in range(number):
        scores = {key: rng.gauss(0, 1.5) for key in range(5)}
        chances = shares(scores)
        right = rng.choices(list(chances), list(chances.values()))[0]
        told.append(({str(key): boast * score for key, score in scores.items()}, str(right)))
    return told


@pytest.mark.parametrize("boast", [0.7, 1.0, 2.5])
def test_scores_are_brought_back_to_what_came_true(boast: float) -> None:
    assert fitted_temperature(forecasts(boast)) == pytest.approx(boast, rel=0.15)


def test_nothing_is_learned_from_nothing() -> None:
    assert fitted_temperature([]) == 1.0
    assert fitted_temperature([({"1": 0.3}, "gone")]) == 1.0
