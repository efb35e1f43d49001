"""How much an earlier issue is like a problem: words, place and time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp, log, sqrt

from app.core.clock import now
from app.matching.problem import Candidate, Problem
from app.matching.weak_words import WEAK, is_weak
from app.places.grid import distance_m

USUAL_RARITY = 0.6  # of the words of an average issue, against that of a word nobody used before
CHANCE = 0.08
NEAR_M = 250.0
FEWEST_STEMS = 3  # added to the length of every issue, so that a title of one word is not like everything


@dataclass(frozen=True, slots=True)
class Neighbour:
    """`words` lies between 0 and 1, `shared` are the stems that made it; `metres` is None without a place."""

    candidate: Candidate
    words: float
    shared: tuple[str, ...]
    metres: float | None
    days: float

    @property
    def weight(self) -> float:
        """What a decision about it says about this problem: nothing when they share a chance word only."""
        close = exp(-self.metres / NEAR_M) if self.metres is not None else 0.0
        return (max(0.0, self.words - CHANCE) * (1.0 + close)) ** 2


def rarities(stems: Mapping[str, float], issues: int, counts: Mapping[str, int]) -> dict[str, float]:
    """Between 0 (everybody uses it) and 1 (nobody did); words that belong to every problem count for less."""
    whole = log(issues + 2)
    rarity = {stem: log((issues + 2) / (counts.get(stem, 0) + 1)) / whole for stem in stems}
    return {stem: value * (WEAK if is_weak(stem) else 1.0) for stem, value in rarity.items()}


def neighbours_of(
    problem: Problem, rarity: Mapping[str, float], candidates: Sequence[Candidate]
) -> list[Neighbour]:
    """The candidates with the most alike in words first."""
    length = sqrt(sum(value * value for value in rarity.values())) or 1.0
    moment = problem.created or now()
    found = [_compare(problem, moment, rarity, length, each) for each in candidates]
    return sorted(found, key=lambda each: (-each.words, -each.candidate.issue_id))


def _compare(
    problem: Problem, moment: datetime, rarity: Mapping[str, float], length: float, candidate: Candidate
) -> Neighbour:
    shared = rarity.keys() & candidate.stems
    product = sum(rarity[stem] ** 2 for stem in shared)
    words = product / (length * USUAL_RARITY * sqrt(len(candidate.stems) + FEWEST_STEMS))
    metres = distance_m(*problem.point, *candidate.point) if problem.point and candidate.point else None
    days = abs((moment - candidate.created).total_seconds()) / 86_400
    return Neighbour(
        candidate, min(1.0, words), tuple(sorted(shared, key=lambda s: (-rarity[s], s))), metres, days
    )
