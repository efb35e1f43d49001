"""Finds the expressions of concepts in a text: single words, parts of compounds, and words near each other."""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from math import sqrt
from sys import intern
from typing import NamedTuple

from app.core.language import analyse, guess_language, stopwords, words_of
from app.matching.thesaurus.concepts import LANGUAGES, Concept, Expression

# "Geen licht", "te weinig licht" and "licht ontbreekt" are the same expression.
NOT = "¬"
SMALL = "·"  # before a word that is not stemmed
AS_WRITTEN = "="
NEGATIONS_SAID = """
geen niet nooit zonder weinig onvoldoende gebrek tekort ontbreekt ontbreken ontbrak missen onmogelijk
no not never without lack lacks lacking missing few insufficient shortage cant cannot dont doesnt
didnt isnt arent wont wasnt couldnt unable impossible
"""
NEGATIONS = frozenset(NEGATIONS_SAID.split())
# Never part of an expression, whatever else is left of it.
FILLERS_SAID = """
de het een den der des er ik je jij u we wij ze zij hij mijn jouw uw ons onze hun hem haar me mij
zich dit dat die deze is zijn was wordt worden heb hebt heeft hebben ben bent kan kun kunt kunnen zou
zo en of dan ook nog al wel the an my your our their his her it its we you they he she me us them
this that these those is are was were be been am have has had do does did could will would and or so
to of
"""
FILLERS = frozenset(FILLERS_SAID.split())
LONGEST_READ = 6_000  # letters of a text
MOST_WORDS = 400
SENTENCE = re.compile(r"[.!?;:\n]+")
NEAR_SAID = """
bij naast langs achter tegenover vlakbij rondom nabij
near by beside behind opposite along outside beyond
"""
NEAR = frozenset(NEAR_SAID.split())
A_PLACE = 0.5  # what stands after such a word says where it is rather than what is wrong there
NEAR_WORDS = 2
BETWEEN_SENTENCES = 6  # as far apart as so many words
WINDOW = 5  # words of an expression stand at most so far from its rarest one
WINDOW_OF_SMALL = 3
LONGEST_QUOTE = 6
BROADER, RELATED = 0.5, 0.2  # what a concept says about those

FIRM, HINTED = 0.65, 0.25  # how sure one expression makes us
GROWN = 0.5  # one that decisions taught and nobody looked at yet
OF_SEVERAL_WORDS = 1.2
PART_OF_COMPOUND = 0.7
WITHIN_ANOTHER = 0.5  # a word that is also part of a longer expression that was found
TITLE = 1.5


class Unit(NamedTuple):
    """One word of a text: where it stands, as it was written, and the stems that it stands for."""

    at: int
    word: str
    stem: str
    parts: tuple[str, ...]
    weight: float


class Entry(NamedTuple):
    """One expression of one concept, as stems."""

    code: str
    stems: tuple[str, ...]
    worth: float


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text is about: concepts with a strength between 0 and 1, and the words that say so, strongest first.

    `grown` are those of the words that are known from decisions only.
    """

    strengths: Mapping[str, float] = field(default_factory=dict)
    said: Mapping[str, Sequence[str]] = field(default_factory=dict)
    grown: frozenset[str] = frozenset()


class Lexicon:
    """All expressions of one language, found by their stems."""

    def __init__(self, language: str, concepts: Iterable[Concept]) -> None:
        self.language = language
        entries = [
            (concept.code, expression, stems_of(expression.text, language, expression.exact))
            for concept in concepts
            for expression in concept.expressions.get(language, ())
        ]
        entries = [(code, expression, stems) for code, expression, stems in entries if stems]
        shared = Counter(stems for _, _, stems in {(code, "", stems) for code, _, stems in entries})
        common = Counter(stem for _, _, stems in entries for stem in stems)
        self._words: dict[str, list[Entry]] = {}
        self._phrases: dict[str, list[Entry]] = {}
        for code, expression, stems in entries:
            entry = Entry(intern(code), stems, worth_of(expression, len(stems), shared[stems]))
            if len(stems) == 1:
                self._words.setdefault(stems[0], []).append(entry)
            else:
                rarest = min(stems, key=lambda stem: (stem == NOT, common[stem], stem))
                self._phrases.setdefault(rarest, []).append(entry)

    def knows(self, stem: str) -> bool:
        return stem in self._words

    def found(
        self, units: Sequence[Unit], beside: "Lexicon | None" = None
    ) -> Iterator[tuple[Entry, Sequence[Unit], float]]:
        """Every expression in the text, the words that are it, and what it is worth there.

        A word that this lexicon or the one `beside` knows as a whole is not taken apart.
        """
        places: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            for stem in (unit.stem, AS_WRITTEN + unit.word, *unit.parts):
                places[stem].append(unit)
        taken: set[int] = set()
        for unit in units:
            for stem in (unit.stem, *unit.parts):
                for entry in self._phrases.get(stem, ()):
                    if words := nearest(unit, stem, entry.stems, places):
                        taken.update(word.at for word in words)
                        yield entry, words, entry.worth * share_of(words, entry.stems)
        for unit in units:
            within = WITHIN_ANOTHER if unit.at in taken else 1.0
            whole = [*self._words.get(AS_WRITTEN + unit.word, ()), *self._words.get(unit.stem, ())]
            for entry in whole:
                yield entry, [unit], entry.worth * unit.weight * within
            if not whole and not (beside and beside.knows(unit.stem)):
                for part in unit.parts:
                    for entry in self._words.get(part, ()):
                        yield entry, [unit], entry.worth * unit.weight * within * PART_OF_COMPOUND


def stems_of(expression: str, language: str, exact: bool = False) -> tuple[str, ...]:
    """The words of an expression that have to be there; small words only if little else is left."""
    words = words_of(expression)
    ignored = stopwords(language)
    telling = [word for word in words if word in NEGATIONS or word not in ignored]
    if sum(word not in NEGATIONS for word in telling) < 2:
        telling = [word for word in words if word in NEGATIONS or word not in FILLERS] or telling
    return tuple(dict.fromkeys(intern(AS_WRITTEN + word if exact else term_of(word, language)) for word in telling))


def term_of(word: str, language: str) -> str:
    """Small words are not stemmed, since "heet" must not find "het"."""
    if word in NEGATIONS:
        return NOT
    return SMALL + word if word in stopwords(language) else analyse(word, language).stem


def worth_of(expression: Expression, words: int, concepts: int) -> float:
    worth = GROWN if expression.grown else FIRM if expression.firm else HINTED
    return min(0.9, worth * (OF_SEVERAL_WORDS if words > 1 else 1.0)) / sqrt(concepts)


def units_of(title: str, text: str, language: str) -> list[Unit]:
    units: list[Unit] = []
    ignored = stopwords(language)
    at = 0
    for weight, passage in ((TITLE, title), (1.0, text[:LONGEST_READ])):
        for sentence in SENTENCE.split(passage):
            place_ends = 0
            for word in words_of(sentence):
                at += 1
                if word in NEAR:
                    place_ends = at + NEAR_WORDS
                if word in NEGATIONS or word in ignored:
                    units.append(Unit(at, word, term_of(word, language), (), weight))
                else:
                    where = A_PLACE if at <= place_ends else 1.0
                    units.append(Unit(at, word, *analyse(word, language), weight * where))
            at += BETWEEN_SENTENCES
    return units[:MOST_WORDS]


def nearest(unit: Unit, stem: str, stems: Sequence[str], places: Mapping[str, list[Unit]]) -> list[Unit]:
    """For each stem the word closest to `unit`, which is `stem`; [] when one is missing or too far away."""
    words = [unit]
    for other in stems:
        if other == stem:
            continue
        reach = WINDOW_OF_SMALL if other == NOT or other.startswith(SMALL) else WINDOW
        near = [each for each in places.get(other, ()) if abs(each.at - unit.at) <= reach and each.at != unit.at]
        if not near:
            return []
        words.append(min(near, key=lambda each: abs(each.at - unit.at)))
    return sorted(words)


def share_of(words: Sequence[Unit], stems: Sequence[str]) -> float:
    """Less when a word of the expression is only part of a compound here."""
    whole = all(word.stem in stems for word in words)
    return max(word.weight for word in words) * (1.0 if whole else PART_OF_COMPOUND)


class Thesaurus:
    """The concepts of one city, ready to be found in texts; made once per process."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = {concept.code: concept for concept in concepts}
        self._lexicons = {language: Lexicon(language, self.concepts.values()) for language in LANGUAGES}
        self.meanings: dict[Hashable, Meaning] = {}  # of profiles
        self._wider = {code: self._wider_than(code) for code in self.concepts}
        self._grown: dict[str, Lexicon] = {}

    def grown_by(self, concepts: Iterable[Concept]) -> "Thesaurus":
        """This one, which also understands what these concepts have. Of what it had, nothing is made anew."""
        more = copy(self)
        kept = list(concepts)
        more._grown = {language: Lexicon(language, kept) for language in LANGUAGES} if kept else {}
        return more

    def read(self, title: str, text: str, language: str | None) -> Meaning:
        left: dict[str, float] = {}
        said: dict[str, dict[str, float]] = defaultdict(dict)
        grown: set[str] = set()
        plain: set[str] = set()
        for read_as in languages_of(title, text, language):
            units = units_of(title, text, read_as)
            for code, quote, worth, is_grown in self._distinct(units, read_as):
                left[code] = left.get(code, 1.0) * (1.0 - min(0.95, worth))
                said[code][quote] = max(worth, said[code].get(quote, 0.0))
                (grown if is_grown else plain).add(quote)
        return Meaning(
            {code: 1.0 - rest for code, rest in left.items()},
            {code: sorted(quotes, key=lambda quote: -quotes[quote]) for code, quotes in said.items()},
            frozenset(grown - plain),
        )

    def named_words(self, title: str, text: str, language: str) -> frozenset[str]:
        """The words that are, as a whole, part of an expression somewhere in the text."""
        units = units_of(title, text, language)
        found = self._lexicons[language].found(units)
        return frozenset(unit.word for entry, words, _ in found for unit in words if is_whole(unit, entry))

    def _distinct(self, units: Sequence[Unit], language: str) -> Iterator[tuple[str, str, float, bool]]:
        """Each expression of a concept once, where it is worth most; the same words count once for a concept."""
        best: dict[tuple[str, tuple[str, ...]], tuple[float, str, bool]] = {}
        for entry, words, worth, is_grown in self._found(units, language):
            key = (entry.code, entry.stems)
            if worth > best.get(key, (0.0, "", False))[0]:
                best[key] = (worth, quoted(words, units), is_grown)
        for (code, _), (worth, quote, is_grown) in best.items():
            yield code, quote, worth, is_grown

    def _found(self, units: Sequence[Unit], language: str) -> Iterator[tuple[Entry, Sequence[Unit], float, bool]]:
        known, grown = self._lexicons[language], self._grown.get(language)
        for entry, words, worth in known.found(units, grown):
            yield entry, words, worth, False
        if grown:
            for entry, words, worth in grown.found(units, known):
                yield entry, words, worth, True

    def wider(self, code: str) -> Mapping[str, float]:
        """The concepts that one of these says something about, too: itself, broader and related ones."""
        return self._wider.get(code, {})

    def _wider_than(self, code: str) -> dict[str, float]:
        found = {code: 1.0}
        reached = [code]
        while reached:
            concept = self.concepts[reached.pop()]
            for other in concept.broader:
                if other in self.concepts and found.get(other, 0.0) < BROADER * found[concept.code]:
                    found[other] = BROADER * found[concept.code]
                    reached.append(other)
        for other in self.concepts[code].related:
            if other in self.concepts:
                found[other] = max(RELATED, found.get(other, 0.0))
        return found


def is_whole(unit: Unit, entry: Entry) -> bool:
    return unit.stem in entry.stems or AS_WRITTEN + unit.word in entry.stems


def languages_of(title: str, text: str, language: str | None) -> list[str]:
    """The one that was given and the one it looks like; none for a language without expressions."""
    guess = guess_language(f"{title} {text}")
    if language and language not in LANGUAGES:
        return []
    return list(dict.fromkeys([language or guess, guess]))


def quoted(words: Sequence[Unit], units: Sequence[Unit]) -> str:
    """As it stands in the text, with what is between; without it when that is long."""
    first, last = words[0].at, words[-1].at
    if last - first < LONGEST_QUOTE:
        return " ".join(unit.word for unit in units if first <= unit.at <= last)
    return " ".join(word.word for word in words)
