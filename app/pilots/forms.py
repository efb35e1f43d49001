import re
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from app.core.forms import Asks, Line, Number, Paragraphs, Refused, must
from app.core.i18n import _

MOST_ISSUES = 50
WIDEST_M = 20_000
FROM_ISSUES = _("A pilot starts from issues: give the number of at least one.")


def _numbers(typed: object) -> list[int]:
    """Issue numbers as people type or paste them: 12, 15 and #18, or the addresses of their pages."""
    numbers = numbers_in(typed)
    if not numbers:
        raise Refused(FROM_ISSUES)
    return numbers


def numbers_in(typed: object) -> list[int]:
    numbers = re.sub(r"[^\s,;]*/issues/(\d{1,9})\b[^\s,;]*", r"\1", str(typed))
    return list(dict.fromkeys(int(number) for number in re.findall(r"\d{1,9}", numbers)))


class Area(StrEnum):
    """Where a pilot works: around its issues, in a neighbourhood, around a point, as before, or not tied to a place."""

    ISSUES = "issues"
    NEIGHBOURHOOD = "neighbourhood"
    POINT = "point"
    SAME = "same"
    NONE = "none"


Issues = Annotated[
    list[int],
    BeforeValidator(_numbers),
    must(lambda numbers: len(numbers) <= MOST_ISSUES, _("These are more issues than fit at once.")),
    Asks(FROM_ISSUES),
]
Chosen = Annotated[list[int], BeforeValidator(numbers_in)]
Title = Annotated[Line, Field(min_length=3, max_length=120), Asks(_("Give the pilot a name."))]
Problem = Annotated[Paragraphs, Field(min_length=20, max_length=3000), Asks(_("Write what the problem is."))]


class AboutPilot(BaseModel):
    """What a pilot says; `meant` is what somebody presses who names a solution on purpose."""

    title: Title
    problem: Problem
    themes: Chosen = []
    goals: Chosen = []
    area: Area = Area.ISSUES
    neighbourhood: Annotated[Line, Field(max_length=20)] = ""
    lat: Annotated[Number, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    lon: Annotated[Number, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None
    radius_m: Annotated[Number, Field(ge=50, le=WIDEST_M, allow_inf_nan=False)] = 500
    meant: bool = False


class PilotForm(AboutPilot):
    """A pilot begins with the issues behind it and the problem, not with a solution."""

    issues: Issues


class PilotEditForm(AboutPilot):
    """`version` is the one that the person saw. The reason is for everybody; needed once an approach was chosen."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    reason: Annotated[Paragraphs, Field(max_length=1000)] = ""


class WordingForm(BaseModel):
    """What is written so far; nothing about it can be wrong."""

    title: Annotated[Line, Field(max_length=3000)] = ""
    problem: Annotated[Paragraphs, Field(max_length=10_000)] = ""


class LinkForm(BaseModel):
    issues: Issues


class UnlinkForm(BaseModel):
    """The text is for the residents behind the issue."""

    text: Annotated[Paragraphs, Field(min_length=3, max_length=1000), Asks(_("Say why, in a sentence."))]


class Decision(StrEnum):
    CONFIRM = "confirm"
    REJECT = "reject"


class FitForm(BaseModel):
    decision: Decision


class UpdateForm(BaseModel):
    """`seen` is when the pilot last changed, as far as the person knew."""

    text: Annotated[Paragraphs, Field(min_length=10, max_length=4000), Asks(_("Write what is new."))]
    next_step: Annotated[Line, Field(max_length=300)] = ""
    next_on: date | None = None
    seen: AwareDatetime
