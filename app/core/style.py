"""A city's own face: a style sheet that gives other values to the design tokens, and whether it can still be read."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from app.core.templates import STATIC

MOST_BYTES = 20_000
TOKEN = re.compile(r"(--basis-[a-z0-9-]+)\s*:\s*([^;}]+)")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DARK = re.compile(r"@media[^{]*prefers-color-scheme:\s*dark[^{]*\{(.*?\})\s*\}", re.DOTALL)
WORDS, SHAPES = 4.5, 3.0
"""Least contrast of words and of the outlines of what can be used (WCAG 2.2, 1.4.3 and 1.4.11)."""


class Pair(NamedTuple):
    """Two colours that stand on each other somewhere, by the names of their tokens, and the least contrast."""

    front: str
    back: str
    least: float


def _on(back: str, *fronts: str, least: float = WORDS) -> list[Pair]:
    return [Pair(f"--basis-{front}", f"--basis-{back}", least) for front in fronts]


TEXTS = ("color-default-color-document", "color-default-color-subtle", "color-action-1-color-default")
PAIRS = [
    *_on("color-default-bg-document", *TEXTS),
    *_on("color-default-bg-subtle", *TEXTS),
    *_on("color-default-bg-default", *TEXTS, "color-negative-color-default"),
    *_on("color-action-1-bg-default", "color-action-1-color-default", "color-default-color-document"),
    *_on("color-action-1-inverse-bg-default", "color-action-1-inverse-color-default"),
    *_on("color-action-1-inverse-bg-hover", "color-action-1-inverse-color-default"),
    *(
        pair
        for mood in ("info", "positive", "warning", "negative")
        for pair in _on(f"color-{mood}-bg-default", f"color-{mood}-color-default")
    ),
    *_on(
        "color-default-bg-document",
        "color-default-border-default", "color-action-1-border-default", "focus-outline-color", least=SHAPES,
    ),
]  # fmt: skip


@dataclass(frozen=True)
class Style:
    """The city's sheet, and the address under which browsers may keep it for ever."""

    css: bytes = b""

    @cached_property
    def address(self) -> str:
        return f"/style.css?v={self.version}" if self.css else ""

    @cached_property
    def version(self) -> str:
        return hashlib.sha256(self.css).hexdigest()[:12]


def read_style(path: str) -> Style:
    """Raises ValueError for a file that is not there, too large, or sets none of our tokens; empty means our own."""
    if not path:
        return Style()
    file = Path(path)
    if not file.is_file():
        raise ValueError(f"there is no file {path}.")
    css = file.read_bytes()
    if len(css) > MOST_BYTES:
        raise ValueError(f"{path} is larger than {MOST_BYTES} bytes.")
    if not TOKEN.search(css.decode("utf-8", "replace")):
        raise ValueError(f"{path} sets none of the tokens of static/css/tokens.css.")
    return Style(css)


def unreadable_pairs(style: Style) -> list[str]:
    """In words, for light and for dark: which colours of a city's sheet stand too little out against each other."""
    ours, theirs = (STATIC / "css" / "tokens.css").read_text("utf-8"), style.css.decode("utf-8", "replace")
    # Their sheet comes last: what it says for light also beats what ours says for dark.
    light = tokens_of(ours, dark=False) | tokens_of(theirs, dark=False)
    dark = light | tokens_of(ours, dark=True) | tokens_of(theirs, dark=False) | tokens_of(theirs, dark=True)
    return [*_too_faint(light, "in light"), *_too_faint(dark, "in dark")]


def tokens_of(css: str, *, dark: bool) -> dict[str, str]:
    plain = COMMENT.sub("", css)
    text = " ".join(DARK.findall(plain)) if dark else DARK.sub("", plain)
    return {name: value.strip() for name, value in TOKEN.findall(text)}


def _too_faint(tokens: Mapping[str, str], where: str) -> list[str]:
    found = []
    for pair in PAIRS:
        front, back = luminance(tokens.get(pair.front, "")), luminance(tokens.get(pair.back, ""))
        if front is not None and back is not None and (ratio := contrast(front, back)) < pair.least:
            found.append(f"{pair.front} on {pair.back} has a contrast of {ratio:.1f} {where}; {pair.least} is needed.")
    return found


def luminance(colour: str) -> float | None:
    """Relative luminance between 0 and 1 of a #rgb or #rrggbb colour (WCAG 2.2, definitions); None for another one."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if not re.fullmatch(r"[0-9a-fA-F]{6}", digits):
        return None
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(one: float, other: float) -> float:
    """Between 1 and 21 (WCAG 2.2, definitions)."""
    high, low = max(one, other), min(one, other)
    return (high + 0.05) / (low + 0.05)
