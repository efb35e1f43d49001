"""Themes and pilots as vectors: at most a thousand of each, so a process keeps them in memory."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

from app.core.language import analyse, guess_language, stopwords, words_of
from app.matching.engine.meaning import Common, ConceptIndex, ThemeConcepts
from app.matching.engine.problem import Profile
from app.matching.engine.reading import Reading, pieces_of, read, scaled
from app.matching.engine.weak_words import WEAK, is_weak
from app.matching.thesaurus.expressions import Thesaurus

# A piece of a word that a quarter of many profiles have tells nothing and costs time.
COMMON_SHARE = 0.25
MANY = 40
MUCH_ALIKE = 0.6
LEAST_TOLD = 0.3  # of what the first shared word counts for
SHORTEST_LOOKALIKE = 5
MOST_SPELLED = 50  # profiles whose words are kept in pieces


@dataclass(slots=True)
class Likeness:
    """How a text is like one profile: in words, in pieces of words, in keywords, in what it is about, and in what
    the comments below it are about; each 0 to 1."""

    words: float = 0.0
    pieces: float = 0.0
    keywords: float = 0.0
    concepts: float = 0.0
    talk: float = 0.0


class Postings:
    """For each term the documents that have it, and its weight in each. Compact: there are many pieces."""

    def __init__(self) -> None:
        self._documents: dict[str, array[int]] = defaultdict(lambda: array("H"))
        self._weights: dict[str, array[float]] = defaultdict(lambda: array("f"))

    def add(self, document: int, vector: Mapping[str, float]) -> None:
        for term, weight in vector.items():
            self._documents[term].append(document)
            self._weights[term].append(weight)

    def compare(self, vector: Mapping[str, float]) -> dict[int, float]:
        """The inner product with every document that shares a term."""
        products: dict[int, float] = {}
        for term, weight in vector.items():
            if (documents := self._documents.get(term)) is None:
                continue
            for document, other in zip(documents, self._weights[term], strict=True):
                products[document] = products.get(document, 0.0) + weight * other
        return products

    def weight(self, term: str, document: int) -> float:
        documents = self._documents.get(term)
        if documents is None or document not in documents:
            return 0.0
        return self._weights[term][documents.index(document)]


class ProfileIndex:
    """Finds the profiles that a text is like. Made from them alone, so every process makes the same."""

    def __init__(
        self,
        profiles: Iterable[Profile],
        thesaurus: Thesaurus,
        concepts: type[ConceptIndex] | type[ThemeConcepts] = ConceptIndex,
        beside: "ProfileIndex | None" = None,
    ) -> None:
        """With another index `beside` it a word is as rare as it is in both: a few texts alone cannot tell."""
        self.profiles = list(profiles)
        self.concepts = concepts(self.profiles, thesaurus)
        readings = [
            (at, read("", text, language or None))
            for at, profile in enumerate(self.profiles)
            for language, text in profile.texts
            if words_of(text)
        ]
        self._count: int = len(readings) + (beside._count if beside else 0)
        self._word_documents = _count_documents(reading.words for _, reading in readings)
        self._piece_documents = _count_documents(reading.pieces for _, reading in readings)
        if beside:
            _add_counts(self._word_documents, beside._word_documents)
            _add_counts(self._piece_documents, beside._piece_documents)
        self.profile_of = [at for at, _ in readings]
        self.documents_of: dict[int, list[int]] = defaultdict(list)  # by key of the profile
        self._words_said: dict[int, set[str]] = defaultdict(set)
        self._spelling: dict[int, dict[str, list[str]]] = {}  # of profiles that are shown
        self.words, self.pieces = Postings(), Postings()
        for document, (at, reading) in enumerate(readings):
            self.documents_of[self.profiles[at].key].append(document)
            self._words_said[self.profiles[at].key].update(reading.said.values())
            self.words.add(document, self.word_vector(reading))
            self.pieces.add(document, self.piece_vector(reading))
        self.keywords = KeywordIndex(self.profiles)

    def compare(self, reading: Reading) -> "Comparison":
        return Comparison(self, reading)

    def closest_spelling(self, word: str, key: int) -> float:
        """The share of pieces (Dice) that the word has in common with the word of this profile most like it."""
        pieces = set(pieces_of(word))
        common = Counter(other for piece in pieces for other in self._words_with_pieces_of(key).get(piece, ()))
        return max((2 * n / (len(pieces) + len(set(pieces_of(other)))) for other, n in common.items()), default=0.0)

    def _words_with_pieces_of(self, key: int) -> dict[str, list[str]]:
        if key not in self._spelling:
            if len(self._spelling) >= MOST_SPELLED:
                self._spelling.clear()
            by_piece: dict[str, list[str]] = defaultdict(list)
            for word in self._words_said[key]:
                for piece in set(pieces_of(word)):
                    by_piece[piece].append(word)
            self._spelling[key] = by_piece
        return self._spelling[key]

    def word_vector(self, reading: Reading) -> dict[str, float]:
        weighted = {
            stem: weight * self._rarity(self._word_documents.get(stem, 0)) * (WEAK if is_weak(stem) else 1.0)
            for stem, weight in reading.words.items()
        }
        return scaled(weighted)

    def piece_vector(self, reading: Reading) -> dict[str, float]:
        most = self._count * COMMON_SHARE if self._count > MANY else self._count
        weighted = {
            piece: weight * self._rarity(found)
            for piece, weight in reading.pieces.items()
            if (found := self._piece_documents.get(piece, 0)) <= most
        }
        return scaled(weighted)

    def _rarity(self, documents: int) -> float:
        return log((self._count + 1) / (documents + 0.5)) if documents else log(self._count + 1)


class Comparison:
    """One text beside all profiles: how alike they are, and which words make it so."""

    def __init__(self, index: ProfileIndex, reading: Reading) -> None:
        self._index = index
        self.profiles = index.profiles
        self._reading = reading
        self._word_vector = index.word_vector(reading)
        self._piece_vector = index.piece_vector(reading)
        self._phrases = index.keywords.found(reading)
        self.likenesses = [Likeness() for _ in index.profiles]
        self._fill_in()

    def _fill_in(self) -> None:
        for document, product in self._index.words.compare(self._word_vector).items():
            likeness = self.likenesses[self._index.profile_of[document]]
            likeness.words = max(likeness.words, product)
        for document, product in self._index.pieces.compare(self._piece_vector).items():
            likeness = self.likenesses[self._index.profile_of[document]]
            likeness.pieces = max(likeness.pieces, product)
        for profile, share in self._index.keywords.shares(self._phrases).items():
            self.likenesses[profile].keywords = share
        for profile, share in self._index.concepts.compare(self._reading.meaning).items():
            self.likenesses[profile].concepts = share
        if self._reading.talk.people:
            for profile, share in self._index.concepts.compare(self._reading.talk.meaning).items():
                self.likenesses[profile].talk = share

    def by_key(self) -> dict[int, Likeness]:
        keys = [profile.key for profile in self._index.profiles]
        return dict(zip(keys, self.likenesses, strict=True))

    def keywords_hit(self, key: int) -> list[str]:
        """The words, as the reader wrote them, that hit keywords of this profile; best first."""
        best: dict[str, float] = {}
        for phrase, (share, stems) in self._phrases.items():
            if self._index.keywords.key_of(phrase) == key:
                for stem in stems:
                    said = self._reading.said[stem]
                    best[said] = max(best.get(said, 0.0), share)
        return _best_first(best)

    def shared_words(self, key: int) -> list[str]:
        """The words, as the reader wrote them, that this profile has too, those that count most first; words that
        count for little beside the first are not worth telling."""
        shared = self._shared(key)
        least = LEAST_TOLD * max(shared.values(), default=0.0)
        return _best_first({word: worth for word, worth in shared.items() if worth >= least})

    def _shared(self, key: int) -> dict[str, float]:
        """What each shared word, as the reader wrote it, counts for."""
        shared: dict[str, float] = {}
        for stem, weight in self._word_vector.items():
            for document in self._index.documents_of[key]:
                if product := weight * self._index.words.weight(stem, document):
                    said = self._reading.said[stem]
                    shared[said] = max(shared.get(said, 0.0), product)
        return shared

    def concepts_in_common(self, key: int) -> list[Common]:
        """What both are about, those that count most first."""
        return self._index.concepts.common(self._place_of(key), self._reading.meaning)

    def talked_about(self, key: int) -> list[Common]:
        """What the comments and this profile are about, those that count most first."""
        talk = self._reading.talk
        return self._index.concepts.common(self._place_of(key), talk.meaning) if talk.people else []

    def _place_of(self, key: int) -> int:
        return next(at for at, profile in enumerate(self.profiles) if profile.key == key)

    def lookalikes(self, key: int) -> list[str]:
        """The words, as the reader wrote them, that are spelled much like words of this profile; most alike first."""
        same = self._shared(key)
        alike: dict[str, float] = {}
        for word in dict.fromkeys(self._reading.said.values()):
            if word not in same and len(word) >= SHORTEST_LOOKALIKE:
                resemblance = self._index.closest_spelling(word, key)
                if resemblance >= MUCH_ALIKE:
                    alike[word] = resemblance
        return _best_first(alike)


class KeywordIndex:
    """Keywords and key phrases; of a phrase every word has to be there to count in full."""

    def __init__(self, profiles: list[Profile]) -> None:
        self._units: dict[str, list[tuple[int, int, float]]] = defaultdict(list)  # stem → phrase, word, share
        self._phrases: list[tuple[int, int]] = []  # profile, number of words
        self._keys = [profile.key for profile in profiles]
        holders: dict[str, set[int]] = defaultdict(set)
        for at, profile in enumerate(profiles):
            for language, phrase in profile.keywords:
                self._add(at, language, phrase, holders)
        self._share = {stem: log((len(profiles) + 1) / (len(at) + 0.5)) for stem, at in holders.items()}

    def _add(self, profile: int, language: str, phrase: str, holders: dict[str, set[int]]) -> None:
        language = language or guess_language(phrase)
        words = [word for word in words_of(phrase) if word not in stopwords(language)]
        for at, word in enumerate(words):
            stem, parts = analyse(word, language)
            for unit, share in [(stem, 1.0), *((part, 1.0 / len(parts)) for part in parts)]:
                self._units[unit].append((len(self._phrases), at, share))
                holders[unit].add(profile)
        self._phrases.append((profile, len(words)))

    def key_of(self, phrase: int) -> int:
        return self._keys[self._phrases[phrase][0]]

    def shares(self, found: Mapping[int, tuple[float, list[str]]]) -> dict[int, float]:
        """Per profile between 0 and 1: the more phrases, the more complete and the rarer, the closer to 1."""
        strength: dict[int, float] = defaultdict(float)
        for phrase, (share, _) in found.items():
            strength[self._phrases[phrase][0]] += share
        return {profile: 1 - 0.5**share for profile, share in strength.items()}

    def found(self, reading: Reading) -> dict[int, tuple[float, list[str]]]:
        """For each phrase with a word in the text: how much is there, weighed by rarity, and the stems."""
        units: dict[int, dict[int, tuple[float, str]]] = defaultdict(dict)
        for stem in reading.words:
            for phrase, at, share in self._units.get(stem, ()):
                worth = share * max(0.0, self._share[stem]) * (WEAK if is_weak(stem) else 1.0)
                if worth > units[phrase].get(at, (0.0, ""))[0]:
                    units[phrase][at] = (worth, stem)
        found: dict[int, tuple[float, list[str]]] = {}
        for phrase, hits in units.items():
            complete = len(hits) / self._phrases[phrase][1]
            worth = sum(worth for worth, _ in hits.values()) / len(hits)
            found[phrase] = (complete * complete * worth, [stem for _, stem in hits.values()])
        return found


def _best_first(worth: Mapping[str, float]) -> list[str]:
    """Equals stay in the order of the text."""
    return sorted(worth, key=lambda word: -worth[word])


def _count_documents(vectors: Iterable[Mapping[str, float]]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for vector in vectors:
        for term in vector:
            counts[term] += 1
    return dict(counts)


def _add_counts(counts: dict[str, int], more: Mapping[str, int]) -> None:
    """Only of what is there already: what only the other has is as rare as what nobody has."""
    for term in counts.keys() & more.keys():
        counts[term] += more[term]
