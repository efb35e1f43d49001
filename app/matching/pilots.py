"""Ranks candidate pilots for a problem."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

from app.matching.explaining import most_telling
from app.matching.likeness import Neighbour
from app.matching.models import Likelihood
from app.matching.problem import Corpus, Point, Problem, Profile, Ranking, Reason, ReasonCode, Suggestion
from app.matching.profiles import Likeness, ProfileIndex
from app.matching.reading import Reading
from app.places.grid import distance_m

WORDS, PIECES, KEYWORDS = 1.0, 0.7, 0.5
PLACE, FAR_M = 0.35, 800.0
THEME = 0.2
NEIGHBOURS, MOST_NEIGHBOURS = 0.5, 20
DOUBT = 0.1  # votes of earlier issues that are not there; keeps a few weak ones from deciding
LIKELY, POSSIBLE = 0.6, 0.4
NEXT_TO_BEST = 0.75  # a second suggestion has to come this close to the first
LEAST_TEXT = 0.05  # place alone is no reason
MOST_KEPT = 10


@dataclass(frozen=True, slots=True)
class Weighed:
    """What speaks for a pilot, each part in units of score."""

    profile: Profile
    like: Likeness
    metres: float | None
    place: float
    theme: float
    neighbours: float

    @property
    def text(self) -> float:
        return WORDS * self.like.words + PIECES * self.like.pieces + KEYWORDS * self.like.keywords

    @property
    def total(self) -> float:
        return self.text + self.place + self.theme + self.neighbours


def rank_pilots(
    problem: Problem,
    reading: Reading,
    corpus: Corpus,
    neighbours: Sequence[Neighbour],
    themes: Mapping[int, float],
) -> Ranking:
    votes = neighbour_votes(neighbours)
    compared = zip(corpus.pilots.profiles, corpus.pilots.compare(reading), strict=True)
    weighed = [weigh(problem.point, profile, like, votes, themes) for profile, like in compared]
    weighed.sort(key=lambda each: (-each.total, each.profile.key))
    best = weighed[0].total if weighed else 0.0
    return Ranking(
        tuple(
            Suggestion(
                each.profile.key,
                1 - exp(-max(0.0, each.total)),
                likelihood_of(each, best),
                explain(each, corpus.pilots, reading, neighbours),
            )
            for each in weighed[:MOST_KEPT]
            if each.total > 0
        )
    )


def weigh(
    point: Point | None,
    profile: Profile,
    like: Likeness,
    votes: Mapping[int, float],
    themes: Mapping[int, float],
) -> Weighed:
    metres = distance_m(*point, *profile.point) if point and profile.point else None
    return Weighed(
        profile=profile,
        like=like,
        metres=metres,
        place=0.0 if metres is None else PLACE * exp(-metres / max(FAR_M, profile.radius_m or 0.0)),
        theme=THEME * max((themes.get(key, 0.0) for key in profile.theme_ids), default=0.0),
        neighbours=NEIGHBOURS * votes.get(profile.key, 0.0),
    )


def neighbour_votes(neighbours: Sequence[Neighbour]) -> dict[int, float]:
    """Per pilot between -1 and 1: what the team did with the issues that are most alike."""
    votes: dict[int, float] = {}
    whole = DOUBT
    decided = [each for each in neighbours if each.candidate.pilot_ids or each.candidate.rejected_pilot_ids]
    for each in decided[:MOST_NEIGHBOURS]:
        whole += each.weight
        for key in each.candidate.pilot_ids:
            votes[key] = votes.get(key, 0.0) + each.weight
        for key in each.candidate.rejected_pilot_ids:
            votes[key] = votes.get(key, 0.0) - each.weight
    return {key: vote / whole for key, vote in votes.items()}


def likelihood_of(weighed: Weighed, best: float) -> Likelihood:
    if weighed.text + weighed.neighbours < LEAST_TEXT or weighed.total < max(POSSIBLE, NEXT_TO_BEST * best):
        return Likelihood.UNSURE
    return Likelihood.LIKELY if weighed.total >= LIKELY else Likelihood.POSSIBLE


def explain(
    weighed: Weighed, index: ProfileIndex, reading: Reading, neighbours: Sequence[Neighbour]
) -> tuple[Reason, ...]:
    key, like = weighed.profile.key, weighed.like
    linked = [each for each in neighbours if key in each.candidate.pilot_ids and each.weight > 0]
    return most_telling(
        [
            Reason(ReasonCode.KEYWORD, KEYWORDS * like.keywords, {"words": index.keywords_hit(reading, key)}),
            Reason(ReasonCode.SHARED_WORDS, WORDS * like.words, {"words": index.shared_words(reading, key)}),
            Reason(ReasonCode.LOOKS_LIKE, PIECES * like.pieces, {"words": index.lookalikes(reading, key)}),
            Reason(ReasonCode.SAME_THEME, weighed.theme),
            Reason(ReasonCode.TEAM_LINKED, weighed.neighbours, {"issues": len(linked)}),
            place_reason(weighed),
        ]
    )


def place_reason(weighed: Weighed) -> Reason:
    metres = round(weighed.metres or 0.0)
    if weighed.profile.radius_m and metres <= weighed.profile.radius_m:
        return Reason(ReasonCode.IN_PILOT_AREA, weighed.place)
    return Reason(ReasonCode.NEAR, weighed.place, {"metres": metres})
