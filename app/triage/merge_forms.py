from typing import Annotated

from pydantic import BaseModel, Field

from app.core.forms import Asks, Paragraphs
from app.core.i18n import _
from app.issues.models import Status


class MergeForm(BaseModel):
    """`seen` and `seen_other` are the statuses that the person had before them."""

    into: Annotated[int, Field(ge=1, le=2**31 - 1)]
    reason: Annotated[Paragraphs, Field(max_length=1000)] = ""
    seen: Status
    seen_other: Status


class UndoForm(BaseModel):
    """Which merge the person saw."""

    merge: Annotated[int, Field(ge=1, le=2**31 - 1)]


class KeepMergedForm(BaseModel):
    answer: Annotated[Paragraphs, Field(min_length=3, max_length=1000), Asks(_("Say why, in a sentence."))]
