"""Compares what a text is about with what themes and pilots are about, concept by concept."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import NamedTuple

from app.matching.engine.problem import Profile
from app.matching.thesaurus.expressions import Meaning, Thesaurus

FOCUS = 1.5  # what a text is mostly about counts for more than what it also mentions
BY_TEXT = 0.6  # of themes that the thesaurus knows, their own text counts for less than what it says about them
MOST_REMEMBERED = 3_000
LEAST_COUNTED = 0.3  # a concept that a profile only hints at makes it no rarer


class Reached(NamedTuple):
    """A concept as a text comes to it, and the concept that the text names for it."""

    strength: float
    by: str


@dataclass(frozen=True, slots=True)
class Common:
    """A concept that both are about, how much of the likeness it makes, and the words of both sides."""

    code: str
    nl: str
    en: str
    share: float
    words: tuple[str, ...]
    theirs: tuple[str, ...]
    grown: frozenset[str] = frozenset()  # words that are known from decisions only


class ConceptIndex:
    """The concepts of all profiles; `compare` gives their likeness to a text, `common` what it is made of."""

    def __init__(self, profiles: Sequence[Profile], thesaurus: Thesaurus) -> None:
        self._thesaurus = thesaurus
        self._profiles = profiles
        meanings = [meaning_of(profile, thesaurus).strengths for profile in profiles]
        holders: dict[str, int] = defaultdict(int)
        for strengths in meanings:
            for code, strength in strengths.items():
                holders[code] += strength >= LEAST_COUNTED
        self._rarity = {code: log(1 + len(profiles) / (max(1, holders[code]) + 0.5)) for code in thesaurus.concepts}
        self._vectors = [self._vector(strengths) for strengths in meanings]
        self._holders: dict[str, list[int]] = defaultdict(list)
        for at, vector in enumerate(self._vectors):
            for code in vector:
                self._holders[code].append(at)

    def compare(self, meaning: Meaning) -> dict[int, float]:
        """By place in the list of profiles, between 0 and 1: nothing in common to about just the same."""
        vector = self._vector(meaning.strengths)
        found: dict[int, float] = defaultdict(float)
        for code, weight in vector.items():
            for at in self._holders.get(code, ()):
                found[at] += weight * self._vectors[at][code]
        sure = sureness(meaning)
        return {at: min(1.0, product) * sure for at, product in found.items()}

    def common(self, at: int, meaning: Meaning) -> list[Common]:
        """What `compare` added up for one profile, the most first.

        What the same words brought about, also by way of wider concepts, is named once.
        """
        theirs = meaning_of(self._profiles[at], self._thesaurus)
        ours_by, theirs_by = self._reached(meaning.strengths), self._reached(theirs.strengths)
        vector = self._vector(meaning.strengths)
        products = {code: weight * self._vectors[at].get(code, 0.0) for code, weight in vector.items()}
        named: dict[tuple[str, str], list[str]] = defaultdict(list)
        for code in sorted(products, key=lambda code: (-products[code], code)):
            if products[code] > 0:
                named[ours_by[code].by, theirs_by[code].by].append(code)
        whole = sum(products.values())
        found = [
            self._as_common(
                codes[0],
                sum(products[code] for code in codes) / whole,
                meaning.said[our],
                theirs.said[their],
                meaning.grown,
            )
            for (our, their), codes in named.items()
        ]
        return sorted(found, key=lambda each: -each.share)

    def _as_common(
        self, code: str, share: float, words: Sequence[str], theirs: Sequence[str], grown: frozenset[str]
    ) -> Common:
        concept = self._thesaurus.concepts[code]
        return Common(code, concept.nl, concept.en, share, tuple(words), tuple(theirs), grown)

    def _vector(self, strengths: Mapping[str, float]) -> dict[str, float]:
        """With wider concepts, rare ones heavier, of length 1."""
        weighted = {code: reached.strength * self._rarity[code] for code, reached in self._reached(strengths).items()}
        length = sqrt(sum(weight * weight for weight in weighted.values())) or 1.0
        return {code: weight / length for code, weight in weighted.items()}

    def _reached(self, strengths: Mapping[str, float]) -> dict[str, Reached]:
        found: dict[str, Reached] = {}
        for code, strength in strengths.items():
            for wider, share in self._thesaurus.wider(code).items():
                if strength * share > found.get(wider, Reached(0.0, "")).strength:
                    found[wider] = Reached(strength * share, code)
        return found


class ThemeConcepts:
    """How much of what a text is about belongs to each theme: by what the theme says of itself, and for the themes
    of a new city also by what the thesaurus says about those."""

    def __init__(self, profiles: Sequence[Profile], thesaurus: Thesaurus) -> None:
        self._thesaurus = thesaurus
        self._known = {slug for concept in thesaurus.concepts.values() for slug in concept.themes}
        self._meanings = [meaning_of(profile, thesaurus) for profile in profiles]
        self._belongs = [
            self._belonging(profile, meaning.strengths)
            for profile, meaning in zip(profiles, self._meanings, strict=True)
        ]

    def compare(self, meaning: Meaning) -> dict[int, float]:
        sure = sureness(meaning)
        whole = sum(strength**FOCUS for strength in meaning.strengths.values())
        return {
            at: sure * sum(self._parts(at, meaning).values()) / whole
            for at in range(len(self._belongs))
            if whole and any(code in self._belongs[at] for code in meaning.strengths)
        }

    def common(self, at: int, meaning: Meaning) -> list[Common]:
        parts = self._parts(at, meaning)
        whole = sum(parts.values()) or 1.0
        concepts = self._thesaurus.concepts
        return [
            Common(
                code, concepts[code].nl, concepts[code].en, part / whole, tuple(meaning.said[code]), (), meaning.grown
            )
            for code, part in sorted(parts.items(), key=lambda each: (-each[1], each[0]))
            if part > 0
        ]

    def _parts(self, at: int, meaning: Meaning) -> dict[str, float]:
        return {
            code: strength**FOCUS * self._belongs[at].get(code, 0.0) for code, strength in meaning.strengths.items()
        }

    def _belonging(self, profile: Profile, named: Mapping[str, float]) -> dict[str, float]:
        """A concept belongs to a theme that names it, or one that is wider or related."""
        belongs: dict[str, float] = {}
        for code, concept in self._thesaurus.concepts.items():
            by_text = max(share * named.get(wider, 0.0) for wider, share in self._thesaurus.wider(code).items())
            by_text *= BY_TEXT if profile.slug in self._known else 1.0
            by_default = concept.themes.get(profile.slug, 0.0)
            if belonging := max(by_text, by_default):
                belongs[code] = belonging
        return belongs


def meaning_of(profile: Profile, thesaurus: Thesaurus) -> Meaning:
    """Of all its texts and keywords together; remembered, since one changes and a thousand stay as they are."""
    key = (profile.texts, profile.keywords)
    meaning = thesaurus.meanings.get(key)
    if meaning is None:
        if len(thesaurus.meanings) >= MOST_REMEMBERED:
            thesaurus.meanings.clear()
        meaning = thesaurus.meanings[key] = _read_profile(profile, thesaurus)
    return meaning


def _read_profile(profile: Profile, thesaurus: Thesaurus) -> Meaning:
    left: dict[str, float] = {}
    said: dict[str, list[str]] = defaultdict(list)
    for language, text in (*profile.texts, *profile.keywords):
        meaning = thesaurus.read("", text, language or None)
        for code, strength in meaning.strengths.items():
            left[code] = left.get(code, 1.0) * (1.0 - strength)
            said[code] += [words for words in meaning.said[code] if words not in said[code]]
    return Meaning({code: 1.0 - rest for code, rest in left.items()}, dict(said))


def sureness(meaning: Meaning) -> float:
    """How sure we are that the text is about anything we know: little when there is one hint only."""
    left = 1.0
    for strength in meaning.strengths.values():
        left *= 1.0 - strength
    return 1.0 - left
