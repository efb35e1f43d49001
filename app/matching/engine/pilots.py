"""Ranks candidate pilots for a problem."""

from collections.abc import Mapping, Sequence
from functools import partial
from heapq import nsmallest
from math import exp
from typing import NamedTuple

from app.matching.engine.corpus import Corpus
from app.matching.engine.explaining import concept_reasons, in_order, most_telling, suggest
from app.matching.engine.likeness import Neighbour, Ruler
from app.matching.engine.problem import Problem, Profile
from app.matching.engine.profiles import Comparison, Likeness, ProfileIndex
from app.matching.engine.reading import Reading
from app.matching.engine.sense import NOT_ALIKE, Closest, sense_reason
from app.matching.engine.suggestion import Likelihood, Ranking, Reason, ReasonCode
from app.matching.engine.talk import talk_reasons

WORDS, PIECES, KEYWORDS, CONCEPTS = 1.0, 0.7, 0.3, 0.5
PLACE, FAR_M = 0.35, 800.0
THEME = 0.1
TALK = 0.35  # of the comments
CO_VOTES = 0.3  # of those who support both
SENSE = 0.4  # of embeddings, where a city uses them
LEARNED = 0.45  # what was linked about the same concepts
NEIGHBOURS, REJECTIONS, MOST_NEIGHBOURS = 0.8, 1.8, 20
DOUBT = 0.1  # votes of earlier issues that are not there; keeps a few weak ones from deciding
# Beside the best ten stands "none of these" with a score of its own; a pilot has to win a share from all of them.
NONE_OF_THESE, SHARPNESS = 0.35, 0.08
LIKELY, POSSIBLE = 0.6, 0.45
STRONG = 0.8  # possible in any case: several pilots may answer one problem
LEAST_TEXT = 0.15  # place alone is no reason
MOST_KEPT = 10


class Weighed(NamedTuple):
    """What speaks for a pilot, each part in units of score."""

    total: float
    profile: Profile
    like: Likeness
    metres: float | None
    text: float
    place: float
    theme: float
    neighbours: float
    learned: float
    talk: float
    votes: float
    sense: float


class Elsewhere(NamedTuple):
    """Other pilots to rank: what speaks for their `rivals`, and from where on one is possible in any case."""

    profiles: ProfileIndex
    rivals: Sequence[float] = ()
    strong: float = STRONG


def rank_pilots(
    problem: Problem,
    corpus: Corpus,
    reading: Reading,
    neighbours: Sequence[Neighbour],
    themes: Mapping[int, float],
    elsewhere: Elsewhere | None = None,
) -> Ranking:
    """Of this city, or those `elsewhere`."""
    among = elsewhere or Elsewhere(corpus.pilots)
    comparison = among.profiles.compare(reading)
    learned = learned_links(reading, corpus)
    supported, sense = reading.talk.shares(), reading.sense.pilots
    weigh = Scales(Ruler(problem.point), neighbour_votes(neighbours), themes, learned, supported, sense).weigh
    compared = zip(comparison.profiles, comparison.likenesses, strict=True)
    weighed = (weigh(profile, like) for profile, like in compared)
    best = nsmallest(MOST_KEPT, weighed, key=lambda each: (-each.total, each.profile.key))
    whole = sum(exp(total / SHARPNESS) for total in (NONE_OF_THESE, *among.rivals, *(each.total for each in best)))
    return in_order(
        suggest(
            each.profile.key,
            1 - exp(-max(0.0, each.total)),
            likelihood_of(each, exp(each.total / SHARPNESS) / whole, among.strong),
            partial(explain, each, comparison, neighbours, corpus, reading),
        )
        for each in best
        if each.total > 0
    )


class Scales:
    """Weighs one pilot after the other; there may be a thousand, and somebody is typing."""

    def __init__(
        self,
        ruler: Ruler,
        votes: Mapping[int, float],
        themes: Mapping[int, float],
        learned: Mapping[int, float],
        supported: Mapping[int, float],
        sense: Mapping[int, Closest],
    ) -> None:
        self._metres_to = ruler.metres_to
        self._votes = votes
        self._themes = themes
        self._learned = learned
        self._supported = supported
        self._sense = sense

    def weigh(self, profile: Profile, like: Likeness) -> Weighed:
        text = WORDS * like.words + PIECES * like.pieces + KEYWORDS * like.keywords + CONCEPTS * like.concepts
        metres = self._metres_to(profile.point)
        place = 0.0 if metres is None else PLACE * exp(-metres / max(FAR_M, profile.radius_m or 0.0))
        theme = vote = 0.0
        for key in profile.theme_ids:
            theme = max(theme, THEME * self._themes.get(key, 0.0))
        if profile.key in self._votes:
            vote = self._votes[profile.key]
            vote *= NEIGHBOURS if vote > 0 else REJECTIONS
        learned = LEARNED * self._learned.get(profile.key, 0.0)
        talk = TALK * like.talk
        votes = CO_VOTES * self._supported.get(profile.key, 0.0) if self._supported else 0.0
        sense = SENSE * self._sense[profile.key].likeness if profile.key in self._sense else 0.0
        text += sense
        total = text + place + theme + vote + learned + talk + votes
        return Weighed(total, profile, like, metres, text, place, theme, vote, learned, talk, votes, sense)


def learned_links(reading: Reading, corpus: Corpus) -> dict[int, float]:
    """Per pilot between -1 and 1: what the team did with issues about the concepts of this one."""
    strengths = reading.meaning.strengths
    whole = sum(strengths.values())
    return {
        pilot: sum(strengths[code] * weight for code, weight in weights.items()) / whole
        for pilot, weights in corpus.pilot_concepts(strengths.keys()).items()
    }


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


def likelihood_of(weighed: Weighed, share: float, strong: float = STRONG) -> Likelihood:
    if weighed.text + weighed.neighbours + weighed.learned + weighed.talk < LEAST_TEXT:
        return Likelihood.UNSURE
    if share >= LIKELY:
        return Likelihood.LIKELY
    return Likelihood.POSSIBLE if share >= POSSIBLE or weighed.total >= strong else Likelihood.UNSURE


def explain(
    weighed: Weighed, comparison: Comparison, neighbours: Sequence[Neighbour], corpus: Corpus, reading: Reading
) -> tuple[Reason, ...]:
    key, like = weighed.profile.key, weighed.like
    linked = [each for each in neighbours if key in each.candidate.pilot_ids and each.weight > 0]
    return most_telling(
        [
            Reason(ReasonCode.KEYWORD, KEYWORDS * like.keywords, {"words": comparison.keywords_hit(key)}),
            Reason(ReasonCode.SHARED_WORDS, WORDS * like.words, {"words": comparison.shared_words(key)}),
            Reason(ReasonCode.LOOKS_LIKE, PIECES * like.pieces, {"words": comparison.lookalikes(key)}),
            Reason(ReasonCode.SAME_THEME, weighed.theme),
            Reason(ReasonCode.TEAM_LINKED, weighed.neighbours, {"issues": len(linked)}),
            Reason(ReasonCode.CO_VOTES, weighed.votes, {"people": reading.talk.supported.get(key, 0)}),
            place_reason(weighed),
            sense_reason(weighed.sense, reading.sense.pilots.get(key, NOT_ALIKE)),
            *learned_reasons(weighed, corpus, reading),
            *concept_reasons(CONCEPTS * like.concepts, comparison.concepts_in_common(key)),
            *talk_reasons(weighed.talk, comparison.talked_about(key), reading.talk, corpus.thesaurus),
        ]
    )


def learned_reasons(weighed: Weighed, corpus: Corpus, reading: Reading) -> list[Reason]:
    """One for each concept that spoke for it, with its part of the weight."""
    strengths, concepts = reading.meaning.strengths, corpus.thesaurus.concepts
    weights = corpus.pilot_concepts(strengths.keys()).get(weighed.profile.key, {}) if weighed.learned > 0 else {}
    parts = {code: LEARNED * strengths[code] * weight / sum(strengths.values()) for code, weight in weights.items()}
    return [
        Reason(
            ReasonCode.LEARNED_CONCEPT,
            part,
            {"nl": concepts[code].nl, "en": concepts[code].en, "said": list(reading.meaning.said[code])},
        )
        for code, part in parts.items()
    ]


def place_reason(weighed: Weighed) -> Reason:
    metres = round(weighed.metres or 0.0)
    if weighed.profile.radius_m and metres <= weighed.profile.radius_m:
        return Reason(ReasonCode.IN_PILOT_AREA, weighed.place)
    return Reason(ReasonCode.NEAR, weighed.place, {"metres": metres})
