"""Pilots: the problem, the approaches, who makes it, and what is measured."""

from datetime import date, datetime

from pydantic import Field

from app.api.schemas.city import Goal
from app.api.schemas.shared import Author, Links, Shape
from app.coalition.models import PartnerKind
from app.measures.models import Direction
from app.pilots.models import PartKind, Stage


class Pilot(Shape):
    """A problem statement, the issues it grew from, and how far it is."""

    id: int
    title: str
    problem: str
    language: str
    stage: Stage
    themes: list[str] = Field(description="Slugs.")
    lat: float | None
    lon: float | None
    radius: int | None = Field(description="In metres; where it works, together with `lat` and `lon`.")
    issues: int = Field(description="How many issues are behind it.")
    votes: int = Field(description="How many votes those issues have together.")
    created_at: datetime
    updated_at: datetime
    url: str


class PilotList(Shape):
    items: list[Pilot]
    links: Links


class LinkedIssue(Shape):
    issue: int
    title: str
    url: str


class Part(Shape):
    kind: PartKind
    text: str


class TriedIn(Shape):
    """What the card of another city said of it."""

    city: str
    title: str
    url: str
    asked: int | None = Field(description="How many residents there were asked for their verdict; null if unknown.")
    solved: int | None = Field(description="How many of them said that it solved their problem.")
    partly: int | None
    not_solved: int | None


class Approach(Shape):
    """A candidate answer to the problem of a pilot; several compete."""

    id: int
    title: str
    summary: str
    language: str
    parts: list[Part]
    without_technology: bool = Field(description="Whether it does without a digital part.")
    preferences: int = Field(description="How many people prefer it; one voice per person and pilot.")
    by_city: bool
    author: Author | None = Field(description="Null for what the city proposed, and when the author left.")
    tried_in: TriedIn | None = Field(description="For what was taken over from another city.")
    version: int = Field(description="Greater than 1 when it was changed.")
    created_at: datetime
    url: str


class Choice(Shape):
    """Which approach the pilot goes on with."""

    approach: int
    reason: str
    language: str
    chosen_at: datetime


class Partner(Shape):
    """An organisation that takes part now."""

    name: str
    kind: PartnerKind
    role: str
    website: str | None
    since: datetime


class Measurement(Shape):
    date: date
    value: float


class Indicator(Shape):
    """Something by which residents and the city can tell whether the pilot helps."""

    id: int
    name: str
    unit: str
    source: str
    better: Direction = Field(description="Which way is better.")
    target: float | None
    baseline: Measurement | None = Field(description="From before the pilot.")
    latest: Measurement | None = Field(description="The newest after the baseline.")
    measurements: int = Field(description="How many there are; all of them are on `/pilots/{id}/measures.json`.")
    url: str


class PilotInFull(Pilot):
    frozen_at: datetime | None = Field(
        description="When an approach was chosen; from then on the problem changes only with a public reason."
    )
    approaches: list[Approach] = Field(description="Most preferred first, with those that were not chosen.")
    choice: Choice | None = Field(description="Null until one of the approaches is chosen.")
    goals: list[Goal]
    partners: list[Partner]
    co_creators: int = Field(description="How many residents joined to make it together.")
    indicators: list[Indicator]
    linked_issues: list[LinkedIssue] = Field(description="The 20 with most votes.")
