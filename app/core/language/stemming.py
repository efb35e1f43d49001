"""Turns text into search stems: the same for the index, for what people search, and for matching."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer  # type: ignore[import-not-found]

from app.core.language.compounds import split_compound, word_forms
from app.core.language.stopwords import DUTCH_STOPWORDS, ENGLISH_STOPWORDS, stopwords

LONGEST_STEM = 40  # longer ones are cut, so that an index key stays small
CACHED_WORDS = 20_000

WORD = re.compile(r"[^\W_]+")
# auto's, resident's: the ending goes; d'r, don't: the apostrophe goes.
POSSESSIVE = re.compile(r"(?<=\w)['’ʼ`´]s\b")
APOSTROPHE = re.compile(r"(?<=\w)['’ʼ`´](?=\w)")
MARKS = re.compile(r"[\u0300-\u036f]+")

STEMMERS = {
    "nl": "dutch_porter",  # the newer "dutch" takes fietspad and fietspaden for different words
    "en": "english", "da": "danish", "de": "german", "es": "spanish", "et": "estonian", "fi": "finnish",
    "fr": "french", "ca": "catalan", "eu": "basque", "hu": "hungarian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "sv": "swedish",
    "tr": "turkish",
}  # fmt: skip
DUTCH_HINT = re.compile(r"aa|ee|ij|oe|uu|sch|eu|oo(?=[a-z]*e?n?\b)|(?:en|cht|tje)\b")
ENGLISH_HINT = re.compile(r"th|wh|sh|ea|ou|ay|(?:ing|ed|ly|ion|ry|[a-z]ck|y)\b")
EMPTY_STEM = "x"  # nothing may leave an empty word in an index

_per_thread = threading.local()


class WordStems(NamedTuple):
    """What one word stands for: its own stem, and the stems of its parts when it is a compound."""

    stem: str
    parts: tuple[str, ...]


def words_of(text: str) -> list[str]:
    """Lower-case words and numbers without diacritics, in order; single letters are left out."""
    return [word for word in WORD.findall(fold(text)) if len(word) > 1 or word.isdigit()]


def fold(text: str) -> str:
    """Lower-case, "Café's" → "cafe", ligatures and full-width letters made plain."""
    text = text.lower()
    if not text.isascii():
        # Only Latin, Greek and Cyrillic lose their marks; in other scripts a mark can be the vowel.
        text = MARKS.sub("", unicodedata.normalize("NFKD", text)).replace("ß", "ss").replace("ø", "o")
        text = unicodedata.normalize("NFC", text.replace("æ", "ae").replace("œ", "oe").lower())
    return APOSTROPHE.sub("", POSSESSIVE.sub("", text))


@lru_cache(maxsize=CACHED_WORDS)
def analyse(word: str, language: str) -> WordStems:
    """A folded word in a language we have a stemmer for; any other language keeps its words as they are."""
    parts = split_compound(word, language) if language in ("nl", "en") and word.isascii() else ()
    return WordStems(stem_of(word, language), tuple(stem_of(part, language) for part in parts))


def stem_of(word: str, language: str) -> str:
    if word.isdigit() or language not in STEMMERS:
        return word[:LONGEST_STEM]
    stem = _stemmer(language).stemWord(word[:LONGEST_STEM])
    if language == "nl":
        stem = _settle_dutch(stem)
    return "".join(WORD.findall(fold(stem))) or EMPTY_STEM


def _settle_dutch(stem: str) -> str:
    """The stemmer once more (fietsen → fiets → fiet), then brieven like brief and huizen like huis."""
    stem = _stemmer("nl").stemWord(stem)
    return stem[:-1] + {"v": "f", "z": "s"}.get(stem[-1], stem[-1]) if len(stem) > 2 else stem


def _stemmer(language: str) -> "Stemmer.Stemmer":
    """One per thread: a stemmer keeps a buffer that two threads must not share."""
    known: dict[str, Stemmer.Stemmer] = _per_thread.__dict__.setdefault("stemmers", {})
    if language not in known:
        known[language] = Stemmer.Stemmer(STEMMERS[language], 0)
    return known[language]


def analyse_text(text: str, language: str | None) -> Iterator[WordStems]:
    """Every word that says something, in order, with repeats."""
    language = language or guess_language(text)
    ignored = stopwords(language)
    for word in words_of(text):
        if word not in ignored:
            yield analyse(word, language)


def stems(text: str, language: str | None) -> list[str]:
    """Stems in order, with repeats; a compound is followed by its parts. Without a language it is guessed."""
    found: list[str] = []
    for stem, parts in analyse_text(text, language):
        found.append(stem)
        found.extend(parts)
    return found


def search_document(title: str, description: str, language: str | None) -> str:
    """For the search index: distinct stems between spaces, in both languages if it looks mixed."""
    text = f"{title}\n{description}"
    languages = dict.fromkeys([language or "", guess_language(text)] if language else ["nl", "en"])
    return " ".join(dict.fromkeys(stem for each in languages for stem in stems(text, each)))


def search_terms(query: str) -> list[list[str]]:
    """Every list must hold, by any of its stems: "afvalbak" → [[afvalbak, afval], [afvalbak, bak]].

    The language of a query is unknown, so each list has the Dutch and the English stem.
    A query of stop words only gives [], which is no condition.
    """
    terms: list[list[str]] = []
    ignored = stopwords(guess_language(query))
    for word in words_of(query):
        if word in ignored:
            continue
        dutch, english = analyse(word, "nl"), analyse(word, "en")
        whole = [dutch.stem, english.stem]
        parts = dutch.parts or english.parts
        for alternatives in [[*whole, part] for part in parts] or [whole]:
            distinct = list(dict.fromkeys(alternatives))
            if distinct not in terms:
                terms.append(distinct)
    return terms


def guess_language(text: str) -> str:
    """Dutch or English by the small words in it; where there are none, by vocabulary and then by spelling."""
    words = words_of(text[:4000])[:300]
    lead = sum((word in DUTCH_STOPWORDS) - (word in ENGLISH_STOPWORDS) for word in words)
    if lead == 0:
        lead = sum((word in word_forms("nl")[1]) - (word in word_forms("en")[1]) for word in words)
    if lead == 0:
        spelled = " ".join(words)
        lead = len(DUTCH_HINT.findall(spelled)) - len(ENGLISH_HINT.findall(spelled))
    return "en" if lead < 0 else "nl"
