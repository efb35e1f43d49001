"""Issues, votes and comments: what the API gives, and what it takes."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from app.api.schemas.shared import Author, Links, Shape
from app.core.forms import Line, Paragraphs, Refused, must
from app.core.i18n import _
from app.filing.forms import Description, Title
from app.issues.models import Precision, Source, Status

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
