from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.core.forms import Paragraphs


class SolvedForm(BaseModel):
    solved: Literal["yes", "no"]
    reason: Annotated[Paragraphs, Field(max_length=1000)] = ""
