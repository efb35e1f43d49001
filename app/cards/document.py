"""The pilot card, version 1: what cities tell each other about a pilot.

The same model writes our cards, reads those of others, and is published as a JSON Schema. What it does not know is
left out, too long texts and lists are cut, and what is wrong is refused.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_before_validator_function

from app.core.forms import clean_text
from app.measures.models import Direction
from app.pilots.models import PartKind, Stage

VERSION = 1
LONGEST_LINK = 500
LARGEST_COUNT = 10_000_000
LARGEST_VALUE = 1e15
DAY = re.compile(r"\d{4}-\d\d-\d\d")
NOT_IN_LINKS = re.compile(r"[^!#-;=?-\[\]-~]")
"""Spaces, quotes, angle brackets, backslashes, and whatever an address has to write with per cent signs."""
YEARS = range(1900, 2201)


@dataclass(frozen=True)
class AtMost:
    """Cuts a text or a list that is longer; a text also loses its control characters."""

    size: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_before_validator_function(self._cut, handler(source))

    def __get_pydantic_json_schema__(self, made: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        described = handler(made)
        described["maxLength" if described["type"] == "string" else "maxItems"] = self.size
        return described

    def _cut(self, value: object) -> object:
        if isinstance(value, list):
            return value[: self.size]
        if not isinstance(value, str):
            return value
        cleaned = clean_text(value)
        return cleaned if len(cleaned) <= self.size else cleaned[: self.size - 1].rstrip() + "…"


def is_link(address: str) -> bool:
    """Whether it is an http(s) address that leads where it says, without a name or password in it."""
    if len(address) > LONGEST_LINK or NOT_IN_LINKS.search(address):
        return False
    try:
        parts = urlsplit(address)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
        )
    except ValueError:
        return False


def _only_links(address: str) -> str:
    if not is_link(address):
        raise ValueError("an http or https address")
    return address


def _link_or_nothing(address: object) -> object:
    return "" if isinstance(address, str) and not is_link(address) else address


def _written_out(value: object) -> object:
    """A number would be taken for seconds since 1970."""
    if isinstance(value, str) and not DAY.match(value):
        raise ValueError("a date as 2026-11-22")
    if not isinstance(value, str | date):
        raise ValueError("a date as 2026-11-22")
    return value


def _of_our_times(value: Any) -> Any:
    if value.year not in YEARS:
        raise ValueError("a year from 1900 to 2200")
    return value


Line = Annotated[str, AtMost(300)]
Name = Annotated[str, AtMost(120), Field(min_length=1)]
Words = Annotated[str, AtMost(2000)]
Paragraphs = Annotated[str, AtMost(3000), Field(min_length=1)]
Link = Annotated[str, AfterValidator(_only_links), Field(json_schema_extra={"format": "uri", "pattern": "^https?://"})]
Language = Annotated[str, Field(pattern="^[a-z]{2}$")]
Version = Annotated[int, Field(strict=True, ge=VERSION, le=VERSION)]
Count = Annotated[int, Field(strict=True, ge=0, le=LARGEST_COUNT)]
Value = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-LARGEST_VALUE, le=LARGEST_VALUE)]
Day = Annotated[date, BeforeValidator(_written_out), AfterValidator(_of_our_times)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_of_our_times)]


class Shape(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)


class City(Shape):
    name: Name
    district: Annotated[str, AtMost(120)] = ""
    url: Link


class Theme(Shape):
    slug: Annotated[str, Field(pattern="^[a-z0-9-]{1,60}$")]
    name: Name


class Part(Shape):
    kind: PartKind
    text: Annotated[str, AtMost(500), Field(min_length=1)]


class Approach(Shape):
    """The one that was chosen, and why."""

    title: Name
    summary: Words
    language: Language
    reason: Words = ""
    parts: Annotated[list[Part], AtMost(20)] = []


class Answer(Shape):
    """To one question of a gate; internal answers are never in a card."""

    question: Annotated[str, Field(pattern="^[a-z0-9_-]{1,40}$")]
    text: Words


class Decision(Shape):
    """At the gate that leads from one stage to another."""

    from_stage: Annotated[Stage, Field(alias="from")]
    to_stage: Annotated[Stage, Field(alias="to")]
    outcome: Literal["pass", "hold", "stop"]
    reason: Words
    language: Language
    decided_on: Day
    answers: Annotated[list[Answer], AtMost(30)] = []


class Measured(Shape):
    on: Day
    value: Value
    note: Line = ""


class Indicator(Shape):
    """`better` says which way is better; `baseline` was measured before anything was tried."""

    name: Name
    unit: Annotated[str, AtMost(40)]
    source: Line = ""
    better: Direction
    target: Value | None = None
    baseline: Measured | None = None
    measurements: Annotated[list[Measured], AtMost(200)] = []


class Verdict(Shape):
    """What the residents behind the pilot said. `asked` counts them all, `moved` those whom it no longer concerns."""

    asked: Count
    solved: Count
    partly: Count
    not_solved: Count
    moved: Count = 0
    asked_on: Day

    @model_validator(mode="after")
    def adds_up(self) -> "Verdict":
        if self.solved + self.partly + self.not_solved + self.moved > self.asked:
            raise ValueError("no more answers than people who were asked")
        return self


class Partner(Shape):
    name: Name
    kind: Literal["department", "business", "knowledge", "residents", "government"]
    role: Line = ""
    website: Annotated[str, BeforeValidator(_link_or_nothing), Field(json_schema_extra={"maxLength": LONGEST_LINK})] = (
        ""
    )


class Area(Shape):
    """Degrees (WGS 84), and metres around that point."""

    lat: Annotated[float, Field(strict=True, ge=-90, le=90)]
    lon: Annotated[float, Field(strict=True, ge=-180, le=180)]
    radius: Annotated[int, Field(strict=True, ge=0, le=1_000_000)] | None = None


class Lesson(Shape):
    title: Name
    text: Paragraphs
    language: Language
    stage: Stage
    part: PartKind | None = None
    written_on: Day


class Card(Shape):
    """One pilot. `id` is the address of the card, `url` of its page; `invented` marks a demonstration."""

    version: Version
    id: Link
    url: Link
    city: City
    invented: Annotated[bool, Field(strict=True)]
    language: Language
    licence: Literal["CC0-1.0", "CC-BY-4.0"]
    title: Name
    problem: Paragraphs
    stage: Stage
    themes: Annotated[list[Theme], AtMost(20)] = []
    area: Area | None = None
    approach: Approach | None = None
    history: Annotated[list[Decision], AtMost(50)] = []
    indicators: Annotated[list[Indicator], AtMost(30)] = []
    verdict: Verdict | None = None
    costs: Words = ""
    partners: Annotated[list[Partner], AtMost(50)] = []
    lessons: Annotated[list[Lesson], AtMost(50)] = []
    created_on: Day
    updated_at: Moment


class Links(Shape):
    next: Link | None = None


class Feed(Shape):
    """Some cards of a city, newest first, and where the others are."""

    version: Version
    city: City
    licence: Literal["CC0-1.0", "CC-BY-4.0"]
    cards: list[Card]
    links: Links = Links()


def as_json(document: Shape) -> bytes:
    return document.model_dump_json(by_alias=True).encode()


def schema(address: str) -> dict[str, Any]:
    """JSON Schema 2020-12 of a card; that of a feed is `#/$defs/Feed`."""
    card = Card.model_json_schema(by_alias=True, mode="validation")
    feed = Feed.model_json_schema(by_alias=True, mode="validation")
    definitions = {**feed.pop("$defs"), **card.pop("$defs"), "Feed": feed}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        **card,
        "title": "Pilot card",
        "$defs": definitions,
    }
