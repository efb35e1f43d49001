"""Ranks earlier issues that may be about the same thing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from math import exp
from typing import NamedTuple

from app.matching.engine.explaining import in_order, most_telling, suggest
from app.matching.engine.likeness import Neighbour
from app.matching.engine.problem import Problem
from app.matching.engine.reading import Reading
from app.matching.engine.sense import Sense, sense_reason
from app.matching.engine.suggestion import Likelihood, Ranking, Reason, ReasonCode

NEAR, NEAR_M = 1.0, 50.0
RECENT, RECENT_DAYS = 0.5, 7.0
SAME_NEIGHBOURHOOD = 0.1
SENSE = 0.4  # of embeddings, where a city uses them
ELSEWHERE, ELSEWHERE_M = -1.0, 300.0
LIKELY, POSSIBLE = 1.2, 0.7
LEAST_WORDS = 0.1  # being near is no reason on its own
ALIKE, LEAST_SHARED = 0.28, 2  # who is still typing has put no pin yet: then the words alone have to say it
MOST_KEPT = 10


class Weighed(NamedTuple):
    neighbour: Neighbour
    place: float
    time: float
    neighbourhood: float
    sense: float

    @property
    def total(self) -> float:
        return self.neighbour.words + self.place + self.time + self.neighbourhood + self.sense


def rank_similar(
    problem: Problem, reading: Reading, neighbours: Sequence[Neighbour], rarity: Mapping[str, float]
) -> Ranking:
    weighed = [weigh(problem, each, reading.sense) for each in neighbours if each.candidate.is_open]
    weighed.sort(key=lambda each: (-each.total, -each.neighbour.candidate.issue_id))
    weighed = list(best_of_each(weighed, problem.issue_id))
    return in_order(
        suggest(
            each.neighbour.candidate.stands_for,
            1 - exp(-max(0.0, each.total)),
            likelihood_of(each, problem.point is not None),
            partial(explain, each, reading, rarity),
        )
        for each in weighed[:MOST_KEPT]
        if each.total > 0
    )


def best_of_each(weighed: Iterable[Weighed], own_id: int | None) -> Iterator[Weighed]:
    """An issue comes up once, also when the words of one that was merged into it are nearer; and never itself."""
    seen = {own_id}
    for each in weighed:
        key = each.neighbour.candidate.stands_for
        if key not in seen:
            seen.add(key)
            yield each


def weigh(problem: Problem, neighbour: Neighbour, sense: Sense) -> Weighed:
    candidate = neighbour.candidate
    same = problem.neighbourhood_id is not None and problem.neighbourhood_id == candidate.neighbourhood_id
    return Weighed(
        neighbour=neighbour,
        place=nearness(neighbour.metres),
        time=RECENT * exp(-neighbour.days / RECENT_DAYS) if problem.point else 0.0,
        neighbourhood=SAME_NEIGHBOURHOOD if same else 0.0,
        sense=SENSE * sense.issues.get(candidate.issue_id, 0.0),
    )


def nearness(metres: float | None) -> float:
    """Negative when the other one certainly is elsewhere."""
    if metres is None:
        return 0.0
    return ELSEWHERE if metres > ELSEWHERE_M else NEAR * exp(-metres / NEAR_M)


def likelihood_of(weighed: Weighed, is_placed: bool) -> Likelihood:
    if not is_placed:
        is_alike = weighed.neighbour.words >= ALIKE and len(weighed.neighbour.shared) >= LEAST_SHARED
        return Likelihood.POSSIBLE if is_alike or weighed.sense >= ALIKE else Likelihood.UNSURE
    if weighed.neighbour.words + weighed.sense < LEAST_WORDS or weighed.total < POSSIBLE:
        return Likelihood.UNSURE
    return Likelihood.LIKELY if weighed.total >= LIKELY else Likelihood.POSSIBLE


def explain(weighed: Weighed, reading: Reading, rarity: Mapping[str, float]) -> tuple[Reason, ...]:
    neighbour = weighed.neighbour
    shared = [stem for stem in reading.said if stem in neighbour.shared]
    shared.sort(key=lambda stem: -rarity[stem] * reading.words[stem])
    words = list(dict.fromkeys(reading.said[stem] for stem in shared))
    return most_telling(
        [
            Reason(ReasonCode.SHARED_WORDS, neighbour.words, {"words": words}),
            sense_reason(weighed.sense),
            Reason(ReasonCode.NEAR, weighed.place, {"metres": round(neighbour.metres or 0.0)}),
            Reason(ReasonCode.SAME_NEIGHBOURHOOD, weighed.neighbourhood),
            Reason(ReasonCode.SAME_TIME, weighed.time, {"days": int(neighbour.days)}),
        ]
    )
