"""What the JSON API takes and gives. The names here are those of the published schemas."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.accounts.models import Person
from app.coalition.models import PartnerKind
from app.core.forms import Line, Paragraphs, Refused, must
from app.core.i18n import _
from app.filing.forms import Description, Title
from app.issues.models import Precision, Source, Status
from app.matching.models import Likelihood, State
from app.measures.models import Direction
from app.pilots.models import PartKind, Stage

BLANKS = r"\s\u0000-\u001f\u007f-\u00a0\u2000-\u206f\ufeff"
VISIBLE = f"[^{BLANKS}]"


def _within(at_most: int) -> BeforeValidator:
    """Counts what was sent, as the published schema does, before anything is cleaned."""
    long = _("This is too long. Use at most %(max)s characters.", max=at_most)

    def validate(value: object) -> object:
        if isinstance(value, str) and len(value) > at_most:
            raise Refused(long)
        return value

    return BeforeValidator(validate)


def _has_visible(at_least: int) -> AfterValidator:
    short = _("This is too short. Use at least %(min)s characters.", min=at_least)
    return must(lambda text: len(re.findall(VISIBLE, text)) >= at_least, short)


def _shown_as(at_least: int) -> Any:
    """The same rule in the published schema."""
    return Field(json_schema_extra={"pattern": f"{VISIBLE}([{BLANKS}]*{VISIBLE}){{{at_least - 1}}}"})


VisibleTitle = Annotated[Title, _within(120), _has_visible(3), _shown_as(3)]
VisibleDescription = Annotated[Description, _within(5000), _has_visible(3), _shown_as(3)]


def _whole_number(value: object) -> object:
    """In JSON, 5.0 is the same number as 5."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


RowNumber = Annotated[int, Field(ge=1, le=2**31 - 1), BeforeValidator(_whole_number)]


class Shape(BaseModel):
    """Fields are lowerCamelCase outside and snake_case in here."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, serialize_by_alias=True
    )


class FieldError(Shape):
    field: str
    detail: str = Field(description="What is wrong, in the language asked for with Accept-Language.")


class Problem(Shape):
    """Why a call was not answered (RFC 9457)."""

    type: str = "about:blank"
    status: int
    title: str
    detail: str = Field(description="What happened and what now, in the language of Accept-Language.")
    errors: list[FieldError] = Field(default=[], description="For invalid input: all that is wrong.")


class Links(Shape):
    next: str | None = Field(description="Where the next page is; null on the last one.")


class Author(Shape):
    display_name: str

    @classmethod
    def named(cls, person: Person | None) -> "Author | None":
        return cls(display_name=person.display_name) if person else None


class Photo(Shape):
    url: str
    thumbnail_url: str
    alt: str
    width: int = Field(description="Of the large picture, in pixels.")
    height: int


class Issue(Shape):
    """A local problem that a resident filed."""

    id: int
    title: str
    description: str
    language: str = Field(description="Of title and description: `nl` or `en`.")
    status: Status
    lat: float | None = Field(description="Degrees in WGS 84; null when the place is known in words only.")
    lon: float | None
    address: str | None = Field(description="The place in words.")
    neighbourhood: str | None = Field(description="The code of the neighbourhood.")
    theme: str | None = Field(description="The slug of the main theme; null while it has none.")
    votes: int = Field(description="Distinct people, over the issue and what was merged into it.")
    comments: int
    merged_into: int | None = Field(description="With the status `merged`: the issue that stays, where votes count.")
    created_at: datetime
    updated_at: datetime
    url: str = Field(description="Its page for people; stays when the title changes.")
    photos: list[Photo]
    author: Author | None = Field(description="Null when the author left and took their name along.")


class IssueList(Shape):
    items: list[Issue]
    links: Links


class IssueDetails(Shape):
    """What may come with the text of an issue."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = Field(
        default=None, description="Degrees in WGS 84; comes together with `lon`."
    )
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    precision: Precision | None = Field(default=None, description="`area` rounds the point before it is stored.")
    address: Annotated[Line, Field(max_length=200), _within(200)] | None = Field(
        default=None, description="The place in words."
    )
    theme: Annotated[Line, Field(max_length=60), _within(60)] | None = Field(
        default=None, description="The slug of a theme."
    )
    source: Source | None = None
    language: Literal["nl", "en"] | None = Field(default=None, description="Recognised from the text when left out.")


POINT: dict[str, Any] = {
    "required": ["lat", "lon"],
    "properties": {"lat": {"type": "number"}, "lon": {"type": "number"}},
}
WORDS_ONLY: dict[str, Any] = {
    "required": ["address"],
    "properties": {
        "address": {"type": "string", "pattern": VISIBLE},
        "lat": {"type": "null"},
        "lon": {"type": "null"},
    },
}


class NewIssue(IssueDetails):
    """`title`, `description`, and a point in the city or an address. Other fields are ignored."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [POINT, WORDS_ONLY]})

    title: VisibleTitle
    description: VisibleDescription


class Vote(Shape):
    votes: int
    mine: bool = Field(description="Whether the caller's vote is among them.")


class Comment(Shape):
    """`body` is empty and `author` null when the comment was deleted; what answers it keeps its place."""

    id: int
    body: str
    author: Author | None
    parent: int | None = Field(description="The comment that this one answers; there are two levels.")
    created_at: datetime


class CommentList(Shape):
    items: list[Comment]
    links: Links


class NewComment(Shape):
    body: Annotated[Paragraphs, Field(min_length=2, max_length=3000), _within(3000), _has_visible(2), _shown_as(2)]
    parent: RowNumber | None = Field(default=None, description="The comment that this one answers.")


class Match(Shape):
    score: float = Field(ge=0, le=1)
    likelihood: Likelihood
    reasons: list[str] = Field(description="In the language asked for with Accept-Language.")
    state: State
    decided_at: datetime | None = Field(default=None, description="Only when the city team decided about it.")
    title: str
    url: str


class ThemeMatch(Match):
    theme: str = Field(description="The slug of the theme.")


class CardVerdict(Shape):
    """What residents there answered when they were asked whether their problem was solved."""

    asked: int
    solved: int
    partly: int
    not_solved: int


class CardRef(Shape):
    """A pilot of another city, of which this site has the card."""

    id: int
    city: str
    stage: Stage
    verdict: CardVerdict | None = None


class PilotMatch(Match):
    """A pilot here, or, with `card` in its place, one of another city; `url` is the page about it on this site."""

    pilot: int | None = None
    card: CardRef | None = None


class SimilarMatch(Match):
    issue: int


class Matches(Shape):
    """What the matching step found, best first."""

    themes: list[ThemeMatch]
    pilots: list[PilotMatch]
    similar: list[SimilarMatch]


class Goal(Shape):
    text: str
    indicator: str
    target: str
    source: str


class Theme(Shape):
    """A city theme, in the language asked for with Accept-Language."""

    slug: str
    name: str
    description: str
    url: str
    goals: list[Goal]


class ThemeList(Shape):
    items: list[Theme]
    links: Links


class Neighbourhood(Shape):
    code: str
    name: str
    url: str
    bbox: list[float] = Field(min_length=4, max_length=4, description="West, south, east, north, in degrees.")


class NeighbourhoodList(Shape):
    items: list[Neighbourhood]
    links: Links


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


class Lesson(Shape):
    """What a pilot learned, written when it went on or stopped."""

    id: int
    title: str
    text: str
    language: str
    pilot: int
    stage: Stage = Field(description="How far the pilot was.")
    part: PartKind | None = Field(description="What kind of part of an approach it is about; null for the whole.")
    themes: list[str] = Field(description="Slugs of the themes of the pilot.")
    written_at: datetime
    changed_at: datetime | None = Field(description="When it was last put right; null when it never was.")
    url: str


class LessonList(Shape):
    items: list[Lesson]
    links: Links
