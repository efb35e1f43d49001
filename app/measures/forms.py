from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from app.core.forms import Asks, Line, Paragraphs
from app.core.i18n import _
from app.measures.models import NOTE_LENGTH, Direction
from app.measures.numbers import read_day, read_number

Value = Annotated[float, BeforeValidator(read_number), Asks(_("Fill in a number."))]
Day = Annotated[date, BeforeValidator(read_day), Asks(_("Choose a day."))]
Note = Annotated[Line, Field(max_length=NOTE_LENGTH)]
Reason = Annotated[Paragraphs, Field(min_length=3, max_length=1000), Asks(_("Say why. Everybody reads it."))]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class AboutIndicator(BaseModel):
    name: Annotated[Line, Field(min_length=2, max_length=120), Asks(_("Write what you measure."))]
    unit: Annotated[Line, Field(max_length=40), Asks(_("Write what you count in: minutes, people, decibels."))]
    source: Annotated[Line, Field(min_length=3, max_length=300), Asks(_("Write who or what counts."))]
    better: Direction
    target: Value | None = None


class IndicatorForm(AboutIndicator):
    """The value at the start may come with it, or later."""

    baseline: Value | None = None
    baseline_on: Day | None = None


class IndicatorEditForm(AboutIndicator):
    """`version` is the one that the person saw; residents read the reason."""

    version: Version
    reason: Reason


class MeasurementForm(BaseModel):
    value: Value
    taken_on: Day
    note: Note = ""
    is_baseline: bool = False


class CorrectionForm(BaseModel):
    value: Value
    taken_on: Day
    note: Note = ""
    version: Version
    reason: Reason


class ReasonForm(BaseModel):
    """For taking something back."""

    version: Version
    reason: Reason


class SheetForm(BaseModel):
    """`lines` are typed or pasted; a file that comes along counts instead of them."""

    lines: Annotated[str, Field(max_length=110_000)] = ""
    first_is_baseline: bool = False
