"""Texts in the reader's language.

English is the source language: an English text is its own key in the catalogues under `app/locales`.
Code passes texts around as `Text` and they are put into words only when the reader is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.core import Locale, negotiate_locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

from app.core import clock

LOCALES = ("nl", "en")
LANGUAGE_NAMES = {"nl": "Nederlands", "en": "English"}
CATALOGUES = Path(__file__).parent.parent / "locales"
ROUNDS_UP = 23.5 / 24
"""Of a day, an hour, a week, from where it is called one: never 24 hours or 60 minutes."""
TIME_ZONE = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Text:
    """A sentence waiting for its reader: the English source, its plural if any, and what to fill in."""

    source: str
    params: Mapping[str, object] = field(default_factory=dict)
    plural: str | None = None
    number: int = 1

    def __str__(self) -> str:
        return translate(self, "en")


@dataclass(frozen=True)
class Named:
    """Something with a name of its own in each language, to be filled in."""

    nl: str
    en: str


def _(source: str, **params: object) -> Text:
    """A text to translate later; `%(name)s` marks what is filled in."""
    return Text(source, params)


def _n(singular: str, plural: str, number: int, **params: object) -> Text:
    """A text that depends on a number, which is also available as `%(n)s`."""
    return Text(singular, {"n": number, **params}, plural, number)


def translate(text: Text | str, locale: str) -> str:
    """The text in the reader's language; plain strings (names, numbers) pass unchanged."""
    if isinstance(text, str):
        return text
    catalogue = translations(locale)
    if text.plural is None:
        sentence = catalogue.gettext(text.source)
    else:
        sentence = catalogue.ngettext(text.source, text.plural, text.number)
    filled = {name: _in_words(value, locale, text.plural is not None) for name, value in text.params.items()}
    return sentence % filled if filled else sentence.replace("%%", "%")


def _in_words(value: object, locale: str, is_counted: bool) -> object:
    """Fractions and counts as the language writes them (1,5 and 1.284); other whole numbers may be codes."""
    if isinstance(value, Text):
        return translate(value, locale)
    if isinstance(value, Named):
        return value.nl if locale == "nl" else value.en
    return say_number(value, locale) if type(value) is float or (is_counted and type(value) is int) else value


@cache
def translations(locale: str) -> NullTranslations:
    """The catalogue of one language, compiled in memory from its .po file."""
    path = CATALOGUES / f"{locale}.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=locale)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def best_locale(accept_language: str, default: str) -> str:
    """The language to answer in, from an Accept-Language header (RFC 9110, 12.5.4)."""
    return _best_locale(accept_language[:500], default)


@lru_cache(maxsize=200)
def _best_locale(accept_language: str, default: str) -> str:
    wanted: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        name, _sep, quality = part.strip().partition(";q=")
        try:
            wanted.append((-float(quality or 1), name.strip().replace("-", "_")))
        except ValueError:
            continue
    ordered = [name for _quality, name in sorted(wanted, key=lambda pair: pair[0])]
    return negotiate_locale(ordered, LOCALES) or default


def today() -> date:
    """The day that it is in the city."""
    return clock.now().astimezone(TIME_ZONE).date()


# Working one out takes Babel as long as all the rest of a line, and lists say the same ones again and again.
said_often = lru_cache(maxsize=2000, typed=True)


@cache
def _babel(locale: str) -> Locale:
    return Locale.parse(locale)


@said_often
def say_day(day: date, locale: str) -> str:
    """A day that somebody chose, which is the same in every time zone: 3 mrt 2026."""
    return format_date(day, "d MMM y", locale=_babel(locale))


@said_often
def say_date(moment: datetime, locale: str) -> str:
    """A calendar date in the city's time zone: 3 mrt 2026."""
    return format_date(moment.astimezone(TIME_ZONE), "d MMM y", locale=_babel(locale))


@said_often
def say_moment(moment: datetime, locale: str) -> str:
    """Date and time in the city's time zone."""
    return format_datetime(moment.astimezone(TIME_ZONE), "d MMMM y, HH:mm", locale=_babel(locale))


def say_ago(moment: datetime, locale: str) -> str:
    """How long ago: 3 dagen geleden; less than a minute is just now."""
    since = clock.now() - moment
    if abs(since.total_seconds()) < 60:
        return translate(_("just now"), locale)
    return format_timedelta(
        -since, add_direction=True, locale=_babel(locale), threshold=ROUNDS_UP, granularity="minute"
    )


def say_number(number: float, locale: str) -> str:
    if isinstance(number, int) and 0 <= number < 1000:
        return str(number)  # the same in both languages, and a page has dozens
    return _say_large_number(number, locale)


@said_often
def _say_large_number(number: float, locale: str) -> str:
    return format_decimal(number, locale=_babel(locale))
