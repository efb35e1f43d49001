"""How the engine reads a text: stems and parts of compounds, and four-letter pieces for what those miss."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

from app.core.language import analyse, guess_language, stopwords, words_of
from app.matching.engine.sense import NO_SENSE, Sense
from app.matching.engine.talk import SILENCE, Talk
from app.matching.thesaurus.expressions import Meaning, Thesaurus

PIECE = 4
MOST_WORDS = 300  # of a text; what a resident writes after that no longer changes what it is about
PART_OF_COMPOUND = 0.7
TITLE = 1.5


@dataclass(frozen=True, slots=True)
class Reading:
    """Weights by stem and by piece; `said` gives for each stem the word as it was written."""

    words: dict[str, float]
    pieces: dict[str, float]
    said: dict[str, str]
    meaning: Meaning
    talk: Talk = SILENCE  # of a stored issue
    sense: Sense = NO_SENSE  # in a city that uses embeddings

    def features(self) -> dict[str, float]:
        """One vector for learning: words ("w:"), pieces ("p:") and concepts ("c:"), each of length 1."""
        vectors = (("w:", self.words), ("p:", self.pieces), ("c:", self.meaning.strengths))
        return {prefix + each: value for prefix, vector in vectors for each, value in scaled(vector).items()}


def read(title: str, text: str, language: str | None, thesaurus: Thesaurus | None = None) -> Reading:
    """The meaning is left out without a thesaurus."""
    meaning = thesaurus.read(title, text, language) if thesaurus else Meaning()
    language = language or guess_language(f"{title} {text}")
    ignored = stopwords(language)
    counts: dict[str, float] = defaultdict(float)
    pieces: Counter[str] = Counter()
    said: dict[str, str] = {}
    spoken = [(word, TITLE) for word in words_of(title)] + [(word, 1.0) for word in words_of(text)]
    for word, weight in spoken[:MOST_WORDS]:
        pieces.update(pieces_of(word))
        if word in ignored:
            continue
        stem, parts = analyse(word, language)
        for each, share in [(stem, 1.0), *((part, PART_OF_COMPOUND) for part in parts)]:
            counts[each] += weight * share
            said.setdefault(each, word)
    return Reading(dampened(counts), dampened(pieces), said, meaning)


@lru_cache(maxsize=10_000)
def pieces_of(word: str) -> tuple[str, ...]:
    """Overlapping runs of four letters, the ends of the word included: " bo", "boo"…"""
    framed = f" {word} "
    return tuple(framed[at : at + PIECE] for at in range(max(1, len(framed) - PIECE + 1)))


def dampened(counts: Mapping[str, float]) -> dict[str, float]:
    """A word said ten times is not ten times as important."""
    return {each: log(1 + count) for each, count in counts.items()}


def scaled(vector: Mapping[str, float]) -> dict[str, float]:
    """To length 1."""
    length = length_of(vector.values())
    return {each: value / length for each, value in vector.items()}


def length_of(values: Iterable[float]) -> float:
    return sqrt(sum(value * value for value in values)) or 1.0
