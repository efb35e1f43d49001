"""The one Jinja environment per language: strict about names, translating, with the filters that pages use."""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.ext import Extension
from jinja2.runtime import Context
from markupsafe import Markup, escape

from app.core import clock, i18n
from app.core.ready_texts import translating_with

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
HTMX_ATTRIBUTE = re.compile(r"(?<=\s)hx-(?=[a-z:-]+[\s=>])")
LINK = re.compile(r"\bhttps?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


class ValidAttributes(Extension):
    """Templates say `hx-get`; pages say `data-hx-get`, which htmx reads just as well and HTML allows."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return HTMX_ATTRIBUTE.sub("data-hx-", source)


@cache
def environment(locale: str) -> Environment:
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=lambda name: name is None or name.endswith(".html"),  # mail is plain text
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", ValidAttributes],
        auto_reload=False,
    )
    jinja.policies["ext.i18n.trimmed"] = True
    jinja.install_gettext_translations(i18n.translations(locale), newstyle=True)  # type: ignore[attr-defined]
    jinja.globals["ngettext"] = counting(jinja.globals["ngettext"], locale)
    jinja.code_generator_class = translating_with(i18n.translations(locale).gettext)
    jinja.globals |= {
        "locale": locale,
        "locales": i18n.LOCALES,
        "language_names": i18n.LANGUAGE_NAMES,
        "say": lambda text: i18n.translate(text, locale),
        "asset": asset,
        "icon": icon,
        "now": clock.now,
    }
    jinja.filters |= {
        "date": partial(i18n.say_date, locale=locale),
        "day": partial(i18n.say_day, locale=locale),
        "moment": partial(i18n.say_moment, locale=locale),
        "ago": partial(i18n.say_ago, locale=locale),
        "number": partial(i18n.say_number, locale=locale),
        "iso": iso,
        "parsed": datetime.fromisoformat,
        "prose": prose,
    }
    return jinja


def counting(ngettext: Any, locale: str) -> Callable[..., str]:
    """Sentences that count things write every whole number in them as the language does: 1.284 in Dutch."""

    @pass_context
    def say(context: Context, singular: str, plural: str, count: int, /, **said: Any) -> str:
        numbers = {name: value for name, value in {"num": count, **said}.items() if type(value) is int}
        written = {name: i18n.say_number(number, locale) for name, number in numbers.items()}
        answer: str = ngettext(context, singular, plural, count, **{**said, **written})
        return answer

    return say


@cache
def asset(path: str) -> str:
    """The address of a static file, with its checksum, so that browsers may keep it for ever."""
    checksum = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?v={checksum}"


@cache
def icon(name: str) -> Markup:
    """A decorative picture from the sprite; screen readers skip it."""
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#icon-{}"/></svg>').format(
        asset("icons.svg"), name
    )


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def prose(text: str) -> Markup:
    """What a person wrote: paragraphs, line breaks and links, everything else as typed."""
    paragraphs = re.split(r"\n\s*\n", text)
    return Markup("").join(Markup("<p>{}</p>").format(_linked(paragraph)) for paragraph in paragraphs)


def _linked(paragraph: str) -> Markup:
    pieces: list[Markup] = []
    position = 0
    for link in LINK.finditer(paragraph):
        pieces.append(_lines(paragraph[position : link.start()]))
        pieces.append(Markup('<a href="{0}" rel="nofollow ugc noopener">{0}</a>').format(link.group()))
        position = link.end()
    pieces.append(_lines(paragraph[position:]))
    return Markup("").join(pieces)


def _lines(text: str) -> Markup:
    return Markup("<br>\n").join(escape(line) for line in text.split("\n"))


def render_template(name: str, locale: str, /, **context: Any) -> str:
    return environment(locale).get_template(name).render(context)
