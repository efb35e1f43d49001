from typing import Annotated

from pydantic import BaseModel, Field

from app.core.forms import Line, Paragraphs


class CommentForm(BaseModel):
    """A comment; `parent` is the comment that it answers."""

    body: Annotated[Paragraphs, Field(min_length=2, max_length=3000)]
    parent: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    nonce: Annotated[Line, Field(max_length=64)] | None = None


class CommentEditForm(BaseModel):
    body: Annotated[Paragraphs, Field(min_length=2, max_length=3000)]
