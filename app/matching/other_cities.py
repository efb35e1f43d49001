"""Pilots of other cities as candidates beside our own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.matching.likeness import Neighbour
from app.matching.pilots import rank_pilots
from app.matching.problem import Corpus, Problem, Ranking
from app.matching.reading import Reading

MOST_SHOWN = 5  # of both together


def rank_cards(
    problem: Problem,
    corpus: Corpus,
    reading: Reading,
    neighbours: Sequence[Neighbour],
    themes: Mapping[int, float],
) -> Ranking:
    """Weighed as our own are, but against each other: no card makes one of our pilots less likely."""
    if not corpus.cards.profiles:
        return Ranking()
    ranking = rank_pilots(problem, corpus, reading, neighbours, themes, corpus.cards)
    return replace(ranking, suggestions=tuple(replace(each, key=-each.key) for each in ranking.suggestions))


def at_most_five(pilots: Ranking, cards: Ranking) -> tuple[Ranking, Ranking]:
    """The best of both, five together; with equal scores our own come first."""
    both = [(each.score, True) for each in pilots.shown] + [(each.score, False) for each in cards.shown]
    best = sorted(both, reverse=True)[:MOST_SHOWN]
    ours = sum(is_ours for _score, is_ours in best)
    return replace(pilots, most_shown=ours), replace(cards, most_shown=len(best) - ours)
