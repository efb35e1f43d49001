"""The civic thesaurus: problems of neighbourhood life as concepts, each with many ways in which people say it.

The files in `problems/` are written by hand; their format is described in `docs/matching.md`. A city may add
expressions and concepts of its own, and take expressions away.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FILES = Path(__file__).parent / "problems"
LANGUAGES = ("nl", "en")
HINT = "?"  # after an expression that says little on its own
EXACT = "!"  # after one that is meant in this form only: "heating!" is not "heat"


@dataclass(frozen=True, slots=True)
class Expression:
    """`firm` ones name the concept, the others only hint at it; `exact` ones are meant in this form only.

    `grown` ones were learned from decisions.
    """

    text: str
    firm: bool = True
    exact: bool = False
    grown: bool = False


@dataclass(frozen=True, slots=True)
class Concept:
    """`themes` says by slug how much of it belongs to which of the themes that a new city starts with."""

    code: str
    nl: str
    en: str
    themes: Mapping[str, float] = field(default_factory=dict)
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    expressions: Mapping[str, tuple[Expression, ...]] = field(default_factory=dict)

    def name(self, locale: str) -> str:
        return self.nl if locale == "nl" else self.en


@cache
def shipped_concepts() -> tuple[Concept, ...]:
    """All concepts of the product, in the order of the files."""
    return tuple(
        concept for path in sorted(FILES.glob("*.txt")) for concept in read_blocks(path.read_text(encoding="utf-8"))
    )


def read_blocks(text: str) -> Iterator[Concept]:
    """One block for each concept, with an empty line between blocks; lines with "#" are remarks."""
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("#"):
            continue
        if line.strip():
            block.append(line.strip())
        elif block:
            yield _concept(block)
            block = []


def _concept(block: list[str]) -> Concept:
    code, nl, en = (part.strip() for part in block[0].split("|"))
    lists: dict[str, list[str]] = {}
    for line in block[1:]:
        name, _, rest = line.partition(" ")
        lists.setdefault(name, []).extend(part.strip() for part in rest.split(",") if part.strip())
    if unknown := lists.keys() - {"themes", "broader", "related", *LANGUAGES}:
        raise ValueError(f"{code}: what is {sorted(unknown)}?")
    return Concept(
        code=code,
        nl=nl,
        en=en,
        themes=dict(_theme_weight(each) for each in lists.get("themes", [])),
        broader=tuple(lists.get("broader", [])),
        related=tuple(lists.get("related", [])),
        expressions={language: tuple(_expressions(lists.get(language, []))) for language in LANGUAGES},
    )


def _theme_weight(said: str) -> tuple[str, float]:
    slug, _, weight = said.partition(" ")
    return slug, float(weight or 1)


def _expressions(said: Iterable[str]) -> Iterator[Expression]:
    for each in dict.fromkeys(said):
        plain = each.removesuffix(HINT)
        yield Expression(plain.removesuffix(EXACT), firm=plain == each, exact=plain.endswith(EXACT))
