"""What the team's decisions teach about themes: an online linear classifier, one lesson for each decision.

A theme has a weight for each feature. A decision moves the weights of what stands in its text: a little for what was
often seen, more for what is new (AdaGrad steps on the log loss of a softmax, one step size per feature). What a lesson
changed is kept in whole numbers, so that taking it back leaves exactly what the other lessons add up to.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import exp, sqrt
from typing import NamedTuple

from app.matching.engine.corpus import Weights

STEP = 0.7
FIRST_SPREAD = 0.01
BIAS = "bias"
BIAS_VALUE = 0.3  # how often a theme is chosen at all
SMALLEST_ERROR = 0.001
FINE = 10_000  # steps and errors are counted in such parts
UNIT = 1 / FINE**2  # and their products in parts of those


class Learned(NamedTuple):
    """Of one feature: its weight for each theme, and the sum of squares that makes its next step smaller."""

    weights: Mapping[int, int]
    spread: int


class Step(NamedTuple):
    """Of one feature in one lesson: how far its weights move per error, and what that adds to its spread."""

    size: int
    square: int


@dataclass(frozen=True)
class Lesson:
    """How far off the engine was about each theme, and what moves on account of that."""

    errors: Mapping[int, int] = field(default_factory=dict)
    steps: Mapping[str, Step] = field(default_factory=dict)


NOTHING = Learned({}, 0)


def with_bias(features: Mapping[str, float]) -> dict[str, float]:
    return {**features, BIAS: BIAS_VALUE}


def as_weights(learned: Learned) -> Weights:
    return {theme: weight * UNIT for theme, weight in learned.weights.items()}


def linear_scores(features: Mapping[str, float], weights: Mapping[str, Weights]) -> dict[int, float]:
    """Per theme the sum of weight times value; a theme that nothing was learned about is left out."""
    scores: dict[int, float] = {}
    for feature, value in features.items():
        for theme, weight in weights.get(feature, {}).items():
            scores[theme] = scores.get(theme, 0.0) + weight * value
    return scores


def shares(scores: Mapping[int, float]) -> dict[int, float]:
    """Softmax: positive, together 1."""
    top = max(scores.values(), default=0.0)
    powers = {key: exp(score - top) for key, score in scores.items()}
    whole = sum(powers.values()) or 1.0
    return {key: power / whole for key, power in powers.items()}


def lesson_of(
    features: Mapping[str, float],
    known: Mapping[str, Learned],
    themes: Collection[int],
    right: int,
    expected: Mapping[int, float],
) -> Lesson:
    """What a decision for `right` teaches; `expected` is what the engine knew without any lesson."""
    scores = linear_scores(features, {feature: as_weights(learned) for feature, learned in known.items()})
    likely = shares({theme: scores.get(theme, 0.0) + expected.get(theme, 0.0) for theme in themes})
    errors = {theme: likely[theme] - (theme == right) for theme in sorted(themes)}
    errors = {theme: error for theme, error in errors.items() if abs(error) > SMALLEST_ERROR}
    if not errors:
        return Lesson()
    most = max(abs(error) for error in errors.values())
    steps = {
        feature: step_of(value, most * value, known.get(feature, NOTHING).spread) for feature, value in features.items()
    }
    return Lesson({theme: round(FINE * error) for theme, error in errors.items()}, steps)


def step_of(value: float, move: float, spread: int) -> Step:
    square = round((FINE * move) ** 2)
    size = STEP * value / sqrt(FIRST_SPREAD + (spread + square) / FINE**2)
    return Step(round(FINE * size), square)


def with_lesson(known: Mapping[str, Learned], lesson: Lesson, sign: int = 1) -> dict[str, Learned]:
    """The features of the lesson as they are after it, or, with sign -1, after it was taken back."""
    changed = {}
    for feature, step in lesson.steps.items():
        before = known.get(feature, NOTHING)
        weights = dict(before.weights)
        for theme, error in lesson.errors.items():
            weights[theme] = weights.get(theme, 0) - sign * step.size * error
        weights = {theme: weight for theme, weight in weights.items() if weight}
        changed[feature] = Learned(weights, before.spread + sign * step.square)
    return changed
