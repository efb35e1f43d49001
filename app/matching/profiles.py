"""Themes and pilots as vectors: at most a thousand of each, so a process keeps them in memory."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

from app.core.language import analyse, guess_language, stopwords, words_of
from app.matching.problem import Profile
from app.matching.reading import Reading, length_of, pieces_of, read
from app.matching.weak_words import WEAK, is_weak

# A piece of a word that a quarter of many profiles have tells nothing and costs time.
COMMON_SHARE = 0.25
MANY = 40


@dataclass(slots=True)
class Likeness:
    """How a text is like one profile: in words, in pieces of words, in keywords; each between 0 and 1."""

    words: float = 0.0
    pieces: float = 0.0
    keywords: float = 0.0


@dataclass(frozen=True, slots=True)
class Document:
    """One text of a profile; `stems` are the weights of its words in a vector of length 1."""

    profile: int
    stems: dict[str, float]


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

    def __init__(self, profiles: Iterable[Profile]) -> None:
        self.profiles = list(profiles)
        self._place_of = {profile.key: at for at, profile in enumerate(self.profiles)}
        readings = [
            (at, read("", text, language or None))
            for at, profile in enumerate(self.profiles)
            for language, text in profile.texts
            if text.strip()
        ]
        self._count = len(readings)
        self._word_documents = _count_documents(reading.words for _, reading in readings)
        self._piece_documents = _count_documents(reading.pieces for _, reading in readings)
        self.documents: list[Document] = []
        self._words, self._pieces = Postings(), Postings()
        for at, reading in readings:
            self._add(at, reading)
        self._keywords = KeywordIndex(self.profiles)

    def _add(self, profile: int, reading: Reading) -> None:
        words = self.word_vector(reading)
        document = len(self.documents)
        self.documents.append(Document(profile, words))
        self._words.add(document, words)
        self._pieces.add(document, self.piece_vector(reading))

    def word_vector(self, reading: Reading) -> dict[str, float]:
        weighted = {
            stem: weight * self._rarity(self._word_documents.get(stem, 0)) * (WEAK if is_weak(stem) else 1.0)
            for stem, weight in reading.words.items()
        }
        length = length_of(weighted.values())
        return {stem: weight / length for stem, weight in weighted.items()}

    def piece_vector(self, reading: Reading) -> dict[str, float]:
        most = self._count * COMMON_SHARE if self._count > MANY else self._count
        weighted = {
            piece: weight * self._rarity(found)
            for piece, weight in reading.pieces.items()
            if (found := self._piece_documents.get(piece, 0)) <= most
        }
        length = length_of(weighted.values())
        return {piece: weight / length for piece, weight in weighted.items()}

    def _rarity(self, documents: int) -> float:
        return log((self._count + 1) / (documents + 0.5)) if documents else log(self._count + 1)

    def compare(self, reading: Reading) -> list[Likeness]:
        """One for each profile, in order."""
        found = [Likeness() for _ in self.profiles]
        words = self._words.compare(self.word_vector(reading))
        pieces = self._pieces.compare(self.piece_vector(reading))
        for at in words.keys() | pieces.keys():
            likeness = found[self.documents[at].profile]
            likeness.words = max(likeness.words, words.get(at, 0.0))
            likeness.pieces = max(likeness.pieces, pieces.get(at, 0.0))
        for at, share in self._keywords.compare(reading).items():
            found[at].keywords = share
        return found

    def keywords_hit(self, reading: Reading, key: int) -> list[str]:
        return self._keywords.words_for(reading, self._place_of[key])

    def shared_words(self, reading: Reading, key: int) -> list[str]:
        """The words, as the reader wrote them, that this profile has too; those that count most first."""
        vector = self.word_vector(reading)
        shared: dict[str, float] = {}
        for _, document in self._documents_of(key):
            for stem in vector.keys() & document.stems.keys():
                said = reading.said[stem]
                shared[said] = max(shared.get(said, 0.0), vector[stem] * document.stems[stem])
        return _best_first(shared)

    def lookalikes(self, reading: Reading, key: int) -> list[str]:
        """The words, as the reader wrote them, that resemble words of this profile without being the same."""
        vector = self.piece_vector(reading)
        same = set(self.shared_words(reading, key))
        alike: dict[str, float] = {}
        for at, _ in self._documents_of(key):
            for word in set(reading.said.values()) - same:
                resemblance = sum(vector.get(p, 0.0) * self._pieces.weight(p, at) for p in pieces_of(word))
                if resemblance > 0:
                    alike[word] = max(alike.get(word, 0.0), resemblance)
        return _best_first(alike)

    def _documents_of(self, key: int) -> list[tuple[int, Document]]:
        profile = self._place_of[key]
        return [(at, document) for at, document in enumerate(self.documents) if document.profile == profile]


class KeywordIndex:
    """Keywords and key phrases; of a phrase every word has to be there to count in full."""

    def __init__(self, profiles: list[Profile]) -> None:
        self._units: dict[str, list[tuple[int, int, float]]] = defaultdict(list)  # stem → phrase, word, share
        self._phrases: list[tuple[int, int]] = []  # profile, number of words
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

    def compare(self, reading: Reading) -> dict[int, float]:
        """Per profile between 0 and 1: the more phrases, the more complete and the rarer, the closer to 1."""
        strength: dict[int, float] = defaultdict(float)
        for phrase, (share, _) in self._found(reading).items():
            strength[self._phrases[phrase][0]] += share
        return {profile: 1 - 0.5**share for profile, share in strength.items()}

    def words_for(self, reading: Reading, profile: int) -> list[str]:
        """The words, as the reader wrote them, that hit keywords of this profile; best first."""
        best: dict[str, float] = {}
        for phrase, (share, stems) in self._found(reading).items():
            if self._phrases[phrase][0] == profile:
                for stem in stems:
                    said = reading.said[stem]
                    best[said] = max(best.get(said, 0.0), share)
        return _best_first(best)

    def _found(self, reading: Reading) -> dict[int, tuple[float, list[str]]]:
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
    return sorted(worth, key=lambda word: (-worth[word], word))


def _count_documents(vectors: Iterable[Mapping[str, float]]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for vector in vectors:
        for term in vector:
            counts[term] += 1
    return dict(counts)
