"""Ranks all themes of the city for a problem."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import log

from app.matching.engine.corpus import Corpus, Weights
from app.matching.engine.explaining import concept_reasons, most_telling, suggest
from app.matching.engine.learning import linear_scores, shares, with_bias
from app.matching.engine.likeness import Neighbour
from app.matching.engine.problem import Problem
from app.matching.engine.profiles import Comparison, Likeness
from app.matching.engine.reading import Reading
from app.matching.engine.sense import NOT_ALIKE, Closest, sense_reason
from app.matching.engine.suggestion import Likelihood, Ranking, Reason, ReasonCode
from app.matching.engine.talk import talk_reasons
from app.matching.thesaurus.expressions import Thesaurus

WORDS, PIECES, KEYWORDS, CONCEPTS = 3.0, 3.0, 1.5, 3.0
NEIGHBOURS, NEIGHBOUR_FLOOR, MOST_NEIGHBOURS = 1.0, 0.05, 30
SENSE = 2.0  # of embeddings, where a city uses them
TALK = 1.0  # of the comments
DOUBT = 0.5  # votes of earlier issues that are not there; keeps a few weak ones from deciding
CHOSEN = 3.0  # the author's own choice
DECISIONS_TO_TRUST = 150  # after so many, half of what was learned counts
LIKELY, POSSIBLE = 0.65, 0.45  # shares of the whole
STANDS_OUT = 2.5  # times the chance of the next one
LEAST_EVIDENCE = 0.4  # less than this above the others says nothing
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for each theme, by kind; the score of a theme is the sum."""

    comparison: Comparison
    likeness: Mapping[int, Likeness]
    learned: Mapping[int, float]
    neighbours: Mapping[int, float]
    chosen: Mapping[int, float]
    features: Mapping[str, float]
    weights: Mapping[str, Weights]
    thesaurus: Thesaurus
    sense: Mapping[int, Closest]

    def scores(self) -> dict[int, float]:
        return {key: self.score(key) for key in self.likeness}

    def by_sense(self, key: int) -> float:
        return SENSE * self.sense.get(key, NOT_ALIKE).likeness

    def score(self, key: int) -> float:
        parts = (self.learned, self.neighbours, self.chosen)
        like = self.likeness[key]
        return expected_score(like) + TALK * like.talk + self.by_sense(key) + sum(part.get(key, 0.0) for part in parts)


def rank_themes(problem: Problem, corpus: Corpus, reading: Reading, neighbours: Sequence[Neighbour]) -> Ranking:
    evidence = weigh(problem, corpus, reading, neighbours)
    scores = evidence.scores()
    temperature = corpus.temperature()
    chances = shares({key: score / temperature for key, score in scores.items()})
    ordered = sorted(chances, key=lambda key: (-chances[key], key))
    usual = sum(scores.values()) / max(1, len(scores))
    runner_up = chances[ordered[1]] if len(ordered) > 1 else 0.0
    return Ranking(
        tuple(
            suggest(
                key,
                chances[key],
                likelihood_of(chances[key], runner_up, scores[key] - usual),
                partial(explain, key, evidence, reading, neighbours),
            )
            for key in ordered
        ),
        MOST_SHOWN,
    )


def weigh(problem: Problem, corpus: Corpus, reading: Reading, neighbours: Sequence[Neighbour]) -> Evidence:
    comparison = corpus.themes.compare(reading)
    likeness = comparison.by_key()
    features = with_bias(reading.features())
    weights = corpus.theme_weights(features.keys())
    lessons = corpus.lessons()
    trust = lessons / (lessons + DECISIONS_TO_TRUST)
    return Evidence(
        comparison=comparison,
        likeness=likeness,
        learned={key: trust * score for key, score in linear_scores(features, weights).items()},
        neighbours=neighbour_scores(neighbours, list(likeness)),
        chosen={problem.theme_id: CHOSEN} if problem.theme_id else {},
        features=features,
        weights=weights,
        thesaurus=corpus.thesaurus,
        sense=reading.sense.themes,
    )


def expected_score(like: Likeness) -> float:
    """What name, description and keywords say, before anything is learned."""
    return WORDS * like.words + PIECES * like.pieces + KEYWORDS * like.keywords + CONCEPTS * like.concepts


def neighbour_scores(neighbours: Sequence[Neighbour], keys: Sequence[int]) -> dict[int, float]:
    """How the team decided on the issues that are most alike; little when they are not much alike."""
    votes = dict.fromkeys(keys, 0.0)
    for each in decided_in(neighbours, votes)[:MOST_NEIGHBOURS]:
        votes[each.candidate.theme_id or 0] += each.weight
    whole = sum(votes.values()) + DOUBT
    return {
        key: NEIGHBOURS * (log(vote / whole + NEIGHBOUR_FLOOR) - log(NEIGHBOUR_FLOOR)) for key, vote in votes.items()
    }


def decided_in(neighbours: Sequence[Neighbour], keys: Mapping[int, float]) -> list[Neighbour]:
    return [each for each in neighbours if each.candidate.theme_id in keys and each.weight > 0]


def likelihood_of(chance: float, runner_up: float, lead: float) -> Likelihood:
    """`lead`: how far its score lies above the average of all themes. Of many themes none has a large share."""
    if lead < LEAST_EVIDENCE or (chance < POSSIBLE and chance < STANDS_OUT * runner_up):
        return Likelihood.UNSURE
    return Likelihood.LIKELY if chance >= LIKELY else Likelihood.POSSIBLE


def explain(key: int, evidence: Evidence, reading: Reading, neighbours: Sequence[Neighbour]) -> tuple[Reason, ...]:
    like, comparison = evidence.likeness[key], evidence.comparison
    learned_words = words_learned_for(key, evidence, reading)
    agreeing = decided_in(neighbours, {key: 0.0})[:MOST_NEIGHBOURS]
    return most_telling(
        [
            Reason(ReasonCode.AUTHOR_CHOSE, evidence.chosen.get(key, 0.0)),
            Reason(ReasonCode.KEYWORD, KEYWORDS * like.keywords, {"words": comparison.keywords_hit(key)}),
            Reason(ReasonCode.SHARED_WORDS, WORDS * like.words, {"words": comparison.shared_words(key)}),
            Reason(ReasonCode.LOOKS_LIKE, PIECES * like.pieces, {"words": comparison.lookalikes(key)}),
            Reason(ReasonCode.LEARNED_WORDS, evidence.learned.get(key, 0.0), {"words": learned_words}),
            sense_reason(evidence.by_sense(key), evidence.sense.get(key, NOT_ALIKE)),
            Reason(ReasonCode.TEAM_DECIDED, evidence.neighbours.get(key, 0.0), {"issues": len(agreeing)}),
            *concept_reasons(CONCEPTS * like.concepts, comparison.concepts_in_common(key)),
            *talk_reasons(TALK * like.talk, comparison.talked_about(key), reading.talk, evidence.thesaurus),
        ]
    )


def words_learned_for(key: int, evidence: Evidence, reading: Reading) -> list[str]:
    """The words and concepts whose learned weight for this theme stands out most from that for the others."""
    spoken = [(f"w:{stem}", said) for stem, said in reading.said.items()]
    spoken += [(f"c:{code}", said[0]) for code, said in reading.meaning.said.items()]
    gain: dict[str, float] = {}
    for feature, said in spoken:
        weights = evidence.weights.get(feature, {})
        usual = sum(weights.values()) / max(1, len(weights))
        lead = weights.get(key, 0.0) - usual
        gain[said] = max(gain.get(said, 0.0), lead * evidence.features[feature])
    return sorted((word for word in gain if gain[word] > 0), key=lambda word: (-gain[word], word))
