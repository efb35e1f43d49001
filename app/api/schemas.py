"""What the JSON API takes and gives. The names here are those of the published schemas."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.accounts.models import Person
from app.core.forms import Line, Paragraphs
from app.filing.forms import Description, Latitude, Longitude, Title
from app.issues.models import Precision, Source, Status
from app.matching.models import Likelihood, State
from app.pilots.models import Stage

RowNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]


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
    votes: int
    comments: int
    created_at: datetime
    updated_at: datetime
    url: str = Field(description="The page of this issue for people.")
    photos: list[Photo]
    author: Author | None = Field(description="Null when the author left and took their name along.")


class IssueList(Shape):
    items: list[Issue]
    links: Links


class IssueDetails(Shape):
    """What may come with the text of an issue."""

    lat: Latitude | None = Field(default=None, description="Degrees in WGS 84; comes together with `lon`.")
    lon: Longitude | None = None
    precision: Precision | None = Field(
        default=None, description="`area` rounds the point before it is stored."
    )
    address: Annotated[Line, Field(max_length=200)] | None = Field(
        default=None, description="The place in words."
    )
    theme: Annotated[Line, Field(max_length=60)] | None = Field(
        default=None, description="The slug of a theme."
    )
    source: Source | None = None
    language: Literal["nl", "en"] | None = Field(
        default=None, description="Recognised from the text when left out."
    )


class NewIssue(IssueDetails):
    """`title`, `description`, and a point or an address. Other fields are ignored."""

    title: Title
    description: Description


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
    body: Annotated[Paragraphs, Field(min_length=2, max_length=3000)]
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


class PilotMatch(Match):
    pilot: int


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


class PilotInFull(Pilot):
    goals: list[Goal]
    linked_issues: list[LinkedIssue] = Field(description="The 20 with most votes.")
