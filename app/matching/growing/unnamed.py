"""What residents say that the thesaurus does not know, and when enough of them say it to learn it.

Only counting: who decided what in which order plays no part, so that taking a decision back takes back exactly what
it brought.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import NamedTuple

from app.core.language import analyse, stopwords
from app.matching.engine.weak_words import is_weak
from app.matching.growing.names import BREAK, Spoken, spoken_words
from app.matching.thesaurus.expressions import Thesaurus

SHORTEST = 4  # letters of a word
LONGEST = 60  # letters of a phrase
FEWEST_VOICES = 3
FEWEST_WHO_SAY_IT_SMALL = 2
NAMES_TOLERATED = 0.2  # of the issues: in so many a word may look like a name
CLEARLY = 4.0  # times as often as elsewhere
BY_CHANCE = 1e-4  # so improbable must it be that so many say it
NOT_THERE = 20  # issues elsewhere that are not there; keeps a small city from learning
MOST_BETWEEN = 2  # small words inside a phrase
MOST_LEARNED = 25  # of one concept
NAMED = 0.5  # a text names a concept from this strength on

Stems = tuple[str, ...]


class Term(NamedTuple):
    """A word or two, in one language, by their stems in alphabetical order."""

    language: str
    stems: Stems


@dataclass(frozen=True, slots=True)
class Use:
    """How one issue says a term."""

    said: str
    small: bool
    name: bool


@dataclass(frozen=True, slots=True)
class Voice:
    """One issue that is about a concept and does not name it. `who` is the same for issues of one person."""

    issue_id: int
    who: int
    uses: Mapping[Term, Use]


@dataclass(frozen=True, slots=True)
class Candidate:
    """What different people say, and in which issues."""

    term: Term
    said: str
    issue_ids: Sequence[int]
    voices: int


def uses_of(title: str, text: str, language: str, thesaurus: Thesaurus) -> dict[Term, Use]:
    """Words that no expression accounts for, and such words beside another."""
    named = thesaurus.named_words(title, text, language)
    found: dict[Term, Use] = {}
    phrase: list[tuple[Spoken, str]] = []  # the last word that says something, and the small ones since
    for spoken in (*spoken_words(title), *spoken_words(text)):
        if spoken is BREAK:
            phrase = []
        elif spoken.word in stopwords(language):
            phrase = [*phrase, (spoken, "")] if len(phrase) <= MOST_BETWEEN else []
        else:
            stem = analyse(spoken.word, language).stem
            is_new = spoken.word not in named and len(spoken.word) >= SHORTEST
            if is_new and not is_weak(stem):
                _note(found, Term(language, (stem,)), [spoken])
            kind = "" if spoken.word in named else "weak" if is_weak(stem) else "new" if is_new else ""
            if phrase and phrase[0][1] and kind and "new" in (kind, phrase[0][1]):
                words = [each for each, _ in phrase] + [spoken]
                other = analyse(words[0].word, language).stem
                if other != stem:
                    _note(found, Term(language, tuple(sorted((other, stem)))), words)
            phrase = [(spoken, kind)] if kind else []
    return found


def _note(found: dict[Term, Use], term: Term, words: Sequence[Spoken]) -> None:
    if sum(len(each.word) + 1 for each in words) > LONGEST:
        return
    ends = (words[0], words[-1])
    use = Use(" ".join(each.word for each in words), all(each.small for each in ends), any(each.name for each in ends))
    known = found.get(term)
    found[term] = Use(known.said, known.small or use.small, known.name or use.name) if known else use


def candidates_among(voices: Iterable[Voice]) -> list[Candidate]:
    """What at least three people say, in small letters and not as a name."""
    users: dict[Term, list[tuple[Voice, Use]]] = defaultdict(list)
    for voice in voices:
        for term, use in voice.uses.items():
            users[term].append((voice, use))
    return [
        Candidate(
            term,
            most_said(use.said for _, use in uses),
            sorted(voice.issue_id for voice, _ in uses),
            len({voice.who for voice, _ in uses}),
        )
        for term, uses in sorted(users.items())
        if len({voice.who for voice, _ in uses}) >= FEWEST_VOICES
        and len({voice.who for voice, use in uses if use.small}) >= FEWEST_WHO_SAY_IT_SMALL
        and sum(use.name for _, use in uses) <= NAMES_TOLERATED * len(uses)
    ]


def most_said(said: Iterable[str]) -> str:
    counts = Counter(said)
    return min(counts, key=lambda each: (-counts[each], each))


def stands_out(voices: int, of_voices: int, elsewhere: int, others: int) -> bool:
    """Whether so many of those about the concept say it that chance and habit do not explain it."""
    usual = (elsewhere + 1) / (others + NOT_THERE)
    often_enough = voices >= FEWEST_VOICES and voices >= CLEARLY * usual * of_voices
    return often_enough and tail(voices, usual * of_voices) < BY_CHANCE


def tail(least: int, mean: float) -> float:
    """How probable it is that at least so many come, where `mean` are to be expected (Poisson)."""
    term = left = exp(-mean)
    for number in range(1, least):
        term *= mean / number
        left += term
    return max(0.0, 1.0 - left)


def most_elsewhere(voices: int, of_voices: int, others: int) -> int:
    """In how many other issues it may stand at most; -1 when even none are too many."""
    low, high = -1, others
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if stands_out(voices, of_voices, middle, others) else (low, middle - 1)
    return low


def without_what_is_in_another(candidates: Collection[Candidate]) -> list[Candidate]:
    """A phrase is left out when one of its words says as much on its own."""
    alone = {candidate.term for candidate in candidates if len(candidate.term.stems) == 1}
    return [
        candidate
        for candidate in candidates
        if len(candidate.term.stems) == 1
        or not any(Term(candidate.term.language, (stem,)) in alone for stem in candidate.term.stems)
    ]
