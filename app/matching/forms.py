from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.core.forms import Line


class OpinionForm(BaseModel):
    """Whether a link of an issue fits."""

    agrees: Literal["yes", "no"]
    reason: Annotated[Line, Field(max_length=500)] = ""
