"""Pilots of other cities as candidates beside our own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import log

from app.matching.engine.corpus import Corpus
from app.matching.engine.likeness import Neighbour
from app.matching.engine.pilots import Elsewhere, rank_pilots
from app.matching.engine.problem import Problem
from app.matching.engine.reading import Reading
from app.matching.engine.suggestion import Ranking

MOST_SHOWN = 5  # of both together
NEARNESS = 0.2  # speaks for ours because they are near, as no card can be
STRONG = 0.55  # possible in any case: where ours answer the same problem, a card helps most


def rank_cards(
    problem: Problem,
    corpus: Corpus,
    reading: Reading,
    neighbours: Sequence[Neighbour],
    themes: Mapping[int, float],
    pilots: Ranking,
) -> Ranking:
    """Weighed as our own are, and against those and each other; no card makes one of our pilots less likely."""
    if not corpus.cards.profiles:
        return Ranking()
    ours = [-log(1 - each.score) - NEARNESS for each in pilots.suggestions if each.score < 1]
    ranking = rank_pilots(problem, corpus, reading, neighbours, themes, Elsewhere(corpus.cards, ours, STRONG))
    return replace(ranking, suggestions=tuple(replace(each, key=-each.key) for each in ranking.suggestions))


def at_most_five(pilots: Ranking, cards: Ranking) -> tuple[Ranking, Ranking]:
    """The best of both, five together; with equal scores our own come first."""
    both = [(each.score, True) for each in pilots.shown] + [(each.score, False) for each in cards.shown]
    best = sorted(both, reverse=True)[:MOST_SHOWN]
    ours = sum(is_ours for _score, is_ours in best)
    return replace(pilots, most_shown=ours), replace(cards, most_shown=len(best) - ours)
