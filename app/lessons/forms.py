from typing import Annotated

from pydantic import BaseModel, Field

from app.core.forms import Asks, Line, Paragraphs
from app.core.i18n import _
from app.pilots.models import PartKind


class LessonForm(BaseModel):
    """`lesson_part` is what kind of part of an approach it is about, if one."""

    lesson_title: Annotated[Line, Field(min_length=3, max_length=120), Asks(_("Say in a sentence what you learned."))]
    lesson_text: Annotated[Paragraphs, Field(min_length=10, max_length=3000), Asks(_("Write what others should know."))]
    lesson_part: PartKind | None = None


class LessonEditForm(LessonForm):
    """`version` is the one that the person saw."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
