import re
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from app.core.forms import Asks, Line, Paragraphs, Refused
from app.core.i18n import _
from app.issues.models import Status
from app.matching.models import State

LARGEST_ID = 2**31 - 1
WHICH_ONE = _("Give a number, or paste the address of its page.")


def number_in(typed: str, pages: str) -> int | None:
    """As people type or paste it: 12, #12, or the address of one of these pages."""
    found = re.search(rf"/{pages}/(\d{{1,9}})\b", typed) or re.fullmatch(r"#?\s*(\d{1,9})", typed.strip())
    return int(found.group(1)) if found else None


def number_of_one(pages: str) -> BeforeValidator:
    """The address of something else has a number, too, which would be that of another one."""

    def read(typed: object) -> int:
        number = number_in(str(typed), pages)
        if number is None:
            raise Refused(WHICH_ONE)
        return number

    return BeforeValidator(read)


class DecisionForm(BaseModel):
    """What to do with one suggestion. `seen` and `settled` say what the person had before them."""

    decision: Literal["confirm", "reject", "undo"]
    which: Annotated[int, Field(ge=1, le=LARGEST_ID), Asks(WHICH_ONE)]
    seen: State = State.SUGGESTED
    settled: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None
    reason: Annotated[Line, Field(max_length=500)] = ""


class PilotDecisionForm(DecisionForm):
    which: Annotated[int, number_of_one("pilots"), Field(ge=1, le=LARGEST_ID), Asks(WHICH_ONE)]


class SimilarDecisionForm(DecisionForm):
    which: Annotated[int, number_of_one("issues"), Field(ge=1, le=LARGEST_ID), Asks(WHICH_ONE)]


class AnswerForm(BaseModel):
    """What residents read, and the next status, or one of them. `seen` and `spoken` are what the person saw."""

    text: Annotated[Paragraphs, Field(max_length=4000)] = ""
    status: Status | None = None
    seen: Status
    spoken: AwareDatetime | None = None


class NoteForm(BaseModel):
    text: Annotated[Paragraphs, Field(min_length=1, max_length=3000), Asks(_("Write the note first."))]
