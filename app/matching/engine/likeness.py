"""How much an earlier issue is like a problem: words, place and time."""

from collections.abc import Mapping, Sequence
from math import cos, exp, hypot, log, radians, sqrt
from typing import NamedTuple

from app.core.clock import now
from app.matching.engine.problem import Candidate, Point, Problem
from app.matching.engine.reading import length_of
from app.matching.engine.weak_words import WEAK, is_weak
from app.places.grid import METRES_PER_DEGREE

USUAL_RARITY = 0.6  # of the words of an average issue, against that of a word nobody used before
CHANCE = 0.12  # so much any two texts may have in common
NEAR_M = 250.0
MOST_COMPARED = 60  # words of a problem, the rarest
FEWEST_STEMS = 3  # added to the length of every issue, so that a title of one word is not like everything


class Neighbour(NamedTuple):
    """`words` lies between 0 and 1, `shared` are the stems that made it; `metres` is None without a place."""

    candidate: Candidate
    words: float
    shared: Sequence[str]
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


class Ruler:
    """Metres from one point to many, on a plane that touches it: good enough within a city, and fast."""

    def __init__(self, origin: Point | None) -> None:
        self._origin = origin
        self._metres_per_degree_east = METRES_PER_DEGREE * cos(radians(origin.lat)) if origin else 0.0

    def metres_to(self, other: Point | None) -> float | None:
        if self._origin is None or other is None:
            return None
        north = (other.lat - self._origin.lat) * METRES_PER_DEGREE
        return hypot(north, (other.lon - self._origin.lon) * self._metres_per_degree_east)


def neighbours_of(problem: Problem, rarity: Mapping[str, float], candidates: Sequence[Candidate]) -> list[Neighbour]:
    """The candidates with the most alike in words first."""
    telling = sorted(rarity, key=lambda stem: (-rarity[stem], stem))[:MOST_COMPARED]
    length = USUAL_RARITY * length_of(rarity[stem] for stem in telling)
    moment = problem.created or now()
    metres_to = Ruler(problem.point).metres_to
    found = []
    for each in candidates:
        shared = [stem for stem in telling if stem in each.stems]
        words = sum([rarity[stem] ** 2 for stem in shared]) / (length * sqrt(len(each.stems) + FEWEST_STEMS))
        days = abs((moment - each.created).total_seconds()) / 86_400
        found.append(Neighbour(each, min(1.0, words), shared, metres_to(each.point), days))
    found.sort(key=lambda each: (-each.words, -each.candidate.issue_id))
    return found
