from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from app.core.forms import Asks, Line, Paragraphs, Refused, must
from app.core.i18n import _, today
from app.gates.answers import day_in
from app.gates.models import Outcome
from app.pilots.models import PartKind

LARGEST = 2**31 - 1


def _day(typed: object) -> object:
    day = day_in(str(typed))
    if day is None:
        raise Refused(_("This is not a date that we can read."))
    return day


Seen = Annotated[int, Field(ge=0, le=LARGEST)]
ComingDay = Annotated[date, BeforeValidator(_day), must(lambda day: day >= today(), _("Choose today or a later day."))]


class SaveForm(BaseModel):
    """`version` is that of the saved answers that the person saw, 0 when there were none; `decisions` how many had
    been taken about the pilot.
    """

    version: Seen
    decisions: Seen


class DecisionForm(SaveForm):
    outcome: Outcome
    reason: Annotated[Paragraphs, Field(min_length=10, max_length=2000), Asks(_("Say why. Everybody reads it."))]
    next_step: Annotated[Line, Field(max_length=300)] = ""
    next_on: ComingDay | None = None
    lesson_title: Annotated[Line, Field(max_length=120)] = ""
    lesson_text: Annotated[Paragraphs, Field(max_length=3000)] = ""
    lesson_part: PartKind | None = None
