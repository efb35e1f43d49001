"""Plausible texts by the thousand, together with the search stems that the site itself would compute.

Every sentence is read once; a text is put together from sentences, and so are its stems.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import NamedTuple

from app.core.language import stems
from app.demo.stories import read_wording

STREET = "{street}"
LANGUAGES = ("nl", "nl", "nl", "nl", "en")
PARTS = ("titles", "what", "effect", "wish")


class Sentence(NamedTuple):
    """A sentence, split where a street may stand, with the stems of both halves."""

    before: str
    after: str | None
    stems_before: tuple[str, ...]
    stems_after: tuple[str, ...]


class Text(NamedTuple):
    title: str
    description: str
    stems: str


@dataclass(frozen=True)
class Kind:
    """One kind of problem in one language."""

    number: int
    theme: str
    language: str
    titles: Sequence[Sentence]
    parts: Sequence[Sequence[Sentence]]
    pilot_title: str
    pilot_problem: str
    keywords: Sequence[str]


def write_text(kind: Kind, street: str, rng: Random) -> Text:
    """A title, and two to five sentences."""
    title = rng.choice(kind.titles)
    chosen = [rng.choice(part) for part in kind.parts]
    body = [sentence for sentence in chosen if rng.random() < 0.7] or chosen[:2]
    found: dict[str, None] = {}
    said = [_say(sentence, street, kind.language, found) for sentence in (title, *body)]
    return Text(said[0], " ".join(said[1:]), " ".join(found))


def _say(sentence: Sentence, street: str, language: str, found: dict[str, None]) -> str:
    found.update(dict.fromkeys(sentence.stems_before))
    if sentence.after is None:
        return sentence.before
    found.update(dict.fromkeys(_stems_of(street, language)))
    found.update(dict.fromkeys(sentence.stems_after))
    return f"{sentence.before}{street}{sentence.after}"


@cache
def _stems_of(text: str, language: str) -> tuple[str, ...]:
    return tuple(stems(text, language))


@cache
def all_kinds(language: str) -> list[Kind]:
    wording = read_wording()
    shared = [_sentences(wording[language][part], language) for part in ("when", "who", "close")]
    kinds = []
    for number, each in enumerate(wording["kinds"]):
        own, pilot = each[language], each["pilot"][language]
        titles, what, effect, wish = (_sentences(own[part], language) for part in PARTS)
        parts = (shared[0], what, effect, shared[1], wish, shared[2])
        keywords = _keywords(own["titles"])
        kinds.append(Kind(number, each["theme"], language, titles, parts, pilot["title"], pilot["problem"], keywords))
    return kinds


def _sentences(texts: Iterable[str], language: str) -> list[Sentence]:
    found = []
    for text in texts:
        before, street, after = text.partition(STREET)
        halves = _stems_of(before, language), _stems_of(after, language)
        found.append(Sentence(before, after if street else None, *halves))
    return found


def _keywords(titles: Sequence[str]) -> list[str]:
    """The longer words of the titles."""
    words = " ".join(titles).replace(STREET, "").lower().split()
    return list(dict.fromkeys(word.strip(".,?") for word in words if len(word) > 4))
