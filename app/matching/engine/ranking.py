"""Finds themes, pilots and similar issues for a problem: deterministic, and explained by what decided."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.matching.engine.corpus import Corpus
from app.matching.engine.likeness import Neighbour, neighbours_of, rarities
from app.matching.engine.other_cities import at_most_five, rank_cards
from app.matching.engine.pilots import rank_pilots
from app.matching.engine.problem import Problem
from app.matching.engine.reading import Reading, read
from app.matching.engine.similar import rank_similar
from app.matching.engine.suggestion import Matches
from app.matching.engine.themes import rank_themes, weigh

ENGINE = "3"


def match(problem: Problem, corpus: Corpus) -> Matches:
    reading, rarity, neighbours = look_around(problem, corpus)
    themes = rank_themes(problem, corpus, reading, neighbours)
    chances = {each.key: each.score for each in themes.suggestions}
    pilots = rank_pilots(problem, corpus, reading, neighbours, chances)
    cards = rank_cards(problem, corpus, reading, neighbours, chances, pilots)
    pilots, cards = at_most_five(pilots, cards)
    return Matches(themes, pilots, rank_similar(problem, reading, neighbours, rarity), cards)


def theme_scores(problem: Problem, corpus: Corpus) -> dict[int, float]:
    """What speaks for each theme, before it is made a probability."""
    reading, _, neighbours = look_around(problem, corpus)
    return weigh(problem, corpus, reading, neighbours).scores()


def look_around(problem: Problem, corpus: Corpus) -> tuple[Reading, Mapping[str, float], Sequence[Neighbour]]:
    """How the text reads, how rare its words are, and the issues that are like it."""
    reading = read(problem.title, problem.text, problem.language, corpus.thesaurus)
    if problem.issue_id:
        reading = replace(reading, talk=corpus.talk_about(problem.issue_id))
    rarity = rarities(reading.words, *corpus.word_counts(reading.words))
    candidates = corpus.candidates(rarity, problem.point)
    others = [each for each in candidates if each.issue_id != problem.issue_id]
    sense = corpus.sense(f"{problem.title}\n{problem.text}", [each.issue_id for each in others])
    reading = replace(reading, sense=sense)
    return reading, rarity, neighbours_of(problem, rarity, others)
