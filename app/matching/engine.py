"""Finds themes, pilots and similar issues for a problem: deterministic, and explained by what decided."""

from app.matching.likeness import neighbours_of, rarities
from app.matching.pilots import rank_pilots
from app.matching.problem import Corpus, Matches, Problem
from app.matching.reading import read
from app.matching.similar import rank_similar
from app.matching.themes import rank_themes

ENGINE = "2"


def match(problem: Problem, corpus: Corpus) -> Matches:
    reading = read(problem.title, problem.text, problem.language, corpus.thesaurus)
    rarity = rarities(reading.words, *corpus.word_counts(reading.words))
    candidates = corpus.candidates(rarity, problem.point)
    others = [each for each in candidates if each.issue_id != problem.issue_id]
    neighbours = neighbours_of(problem, rarity, others)
    themes = rank_themes(problem, corpus, reading, neighbours)
    chances = {each.key: each.score for each in themes.suggestions}
    pilots = rank_pilots(problem, corpus, reading, neighbours, chances)
    return Matches(themes, pilots, rank_similar(problem, reading, neighbours, rarity))
