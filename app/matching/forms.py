from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from app.core.forms import Asks, Line, Paragraphs, clean_text, must
from app.core.i18n import _

MOST_KEYWORDS = 200
LONGEST_KEYWORD = 60


class OpinionForm(BaseModel):
    """Whether a link of an issue fits."""

    agrees: Literal["yes", "no"]
    reason: Annotated[Line, Field(max_length=500)] = ""


def _one_per_line(typed: Any) -> list[str]:
    """Each line is a keyword or a short phrase; the same one twice counts once."""
    lines = (" ".join(line.split()) for line in clean_text(str(typed)).splitlines())
    return list(dict.fromkeys(line for line in lines if line))


Keywords = Annotated[
    list[str],
    BeforeValidator(_one_per_line),
    must(lambda words: len(words) <= MOST_KEYWORDS, _("These are more than %(max)s keywords.", max=MOST_KEYWORDS)),
    must(
        lambda words: all(len(word) <= LONGEST_KEYWORD for word in words),
        _("A keyword has at most %(max)s characters. Put each on a line of its own.", max=LONGEST_KEYWORD),
    ),
]


class ThemeKeywordsForm(BaseModel):
    """`seen` is when the theme was last changed, as the page showed it."""

    keywords_nl: Keywords = []
    keywords_en: Keywords = []
    seen: datetime


class PilotKeywordsForm(BaseModel):
    keywords: Keywords = []
    seen: datetime


class TryForm(BaseModel):
    """A text to try the engine on; nothing of it is kept."""

    title: Annotated[Line, Field(max_length=120)] = ""
    description: Annotated[
        Paragraphs, Field(min_length=3, max_length=5000), Asks(_("Write what a resident could say."))
    ]


class ExpressionForm(BaseModel):
    """A word or a short phrase, and in which language it is said."""

    language: Literal["nl", "en"]
    text: Annotated[Line, Field(min_length=2, max_length=80), Asks(_("Write the word first."))]


class LearnedForm(ExpressionForm):
    """An expression that decisions taught, and what the team makes of it."""

    decision: Literal["keep", "refuse", "allow"]


class ConceptForm(BaseModel):
    """A problem of this city that the thesaurus does not know; `theme` is the address of a theme, or empty."""

    name_nl: Annotated[Line, Field(min_length=3, max_length=80)]
    name_en: Annotated[Line, Field(min_length=3, max_length=80)]
    theme: Annotated[Line, Field(max_length=60)] = ""
