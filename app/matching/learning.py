"""What the team's decisions teach about themes: an online linear classifier, one step for each decision.

A theme has a weight for each feature. A decision moves the weights of what stands in its text: a little
for what was often seen, more for what is new (AdaGrad steps on the log loss of a softmax). Nothing has to be
trained: the next issue profits, and the same decisions in the same order give the same weights.
"""

from collections.abc import Collection, Mapping
from math import exp, sqrt

from app.matching.problem import Weights

STEP = 0.5
FIRST_SPREAD = 0.01
BIAS = "bias"
BIAS_VALUE = 0.3  # how often a theme is chosen at all
SMALLEST_ERROR = 0.001


def with_bias(features: Mapping[str, float]) -> dict[str, float]:
    return {**features, BIAS: BIAS_VALUE}


def linear_scores(features: Mapping[str, float], weights: Mapping[str, Weights]) -> dict[int, float]:
    """Per theme the sum of weight times value; a theme that nothing was learned about is left out."""
    scores: dict[int, float] = {}
    for feature, value in features.items():
        for theme, (weight, _spread) in weights.get(feature, {}).items():
            scores[theme] = scores.get(theme, 0.0) + weight * value
    return scores


def shares(scores: Mapping[int, float]) -> dict[int, float]:
    """Softmax: positive, together 1."""
    top = max(scores.values(), default=0.0)
    powers = {key: exp(score - top) for key, score in scores.items()}
    whole = sum(powers.values()) or 1.0
    return {key: power / whole for key, power in powers.items()}


def learn(
    features: Mapping[str, float],
    weights: Mapping[str, Weights],
    themes: Collection[int],
    right: int,
    expected: Mapping[int, float],
) -> dict[str, Weights]:
    """The new weights of the features that changed; `expected` is what the engine knew without any lesson."""
    known = linear_scores(features, weights)
    likely = shares({theme: known.get(theme, 0.0) + expected.get(theme, 0.0) for theme in themes})
    errors = {theme: likely[theme] - (theme == right) for theme in sorted(themes)}
    errors = {theme: error for theme, error in errors.items() if abs(error) > SMALLEST_ERROR}
    changed: dict[str, Weights] = {}
    for feature, value in features.items():
        learned = dict(weights.get(feature, {}))
        for theme, error in errors.items():
            weight, spread = learned.get(theme, (0.0, FIRST_SPREAD))
            spread += (error * value) ** 2
            learned[theme] = (weight - STEP * error * value / sqrt(spread), spread)
        if errors:
            changed[feature] = learned
    return changed
