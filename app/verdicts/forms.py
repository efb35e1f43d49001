from typing import Annotated

from pydantic import BaseModel, Field

from app.core.forms import Paragraphs
from app.verdicts.models import Answer


class VerdictForm(BaseModel):
    answer: Answer
    reason: Annotated[Paragraphs, Field(max_length=1000)] = ""


class RuleForm(BaseModel):
    """`seen_answers` and `seen_share` are what the person had before them."""

    least_answers: Annotated[int, Field(ge=1, le=10_000)]
    least_share: Annotated[int, Field(ge=1, le=100)]
    seen_answers: int
    seen_share: int
