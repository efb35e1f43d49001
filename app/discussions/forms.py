from typing import Annotated

from pydantic import BaseModel, Field

from app.accounts.keys import fingerprint
from app.core.forms import Asks, Line, Paragraphs
from app.core.i18n import _

Body = Annotated[Paragraphs, Field(min_length=2, max_length=3000), Asks(_("Write what you want to say first."))]


class CommentForm(BaseModel):
    """A comment; `parent` is the comment that it answers."""

    body: Body
    parent: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    nonce: Annotated[Line, Field(max_length=64)] | None = None

    @property
    def nonce_with_text(self) -> str | None:
        """The same form sent twice is one comment; another text under that number (the Back button) is another."""
        return fingerprint(f"{self.nonce}\n{self.parent}\n{self.body}") if self.nonce else None


class CommentEditForm(BaseModel):
    body: Body
