from typing import Annotated

from pydantic import BaseModel, Field

from app.core.forms import Paragraphs


class ObjectionForm(BaseModel):
    """What the author of a merged issue says against it; only the team reads it."""

    words: Annotated[Paragraphs, Field(max_length=1000)] = ""
