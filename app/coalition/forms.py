from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field

from app.accounts.forms import Email
from app.coalition.models import PartnerKind
from app.core.forms import Asks, Line, Paragraphs, Refused
from app.core.i18n import _

Version = Annotated[int, Field(ge=0, le=2**31 - 1)]


def _website(typed: str) -> str:
    """As people type it, also without https://; only what a browser opens as a page."""
    if not typed:
        return typed
    address = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(address)
        name = parts.hostname or ""
    except ValueError:
        name = ""
    if not name or parts.scheme not in ("http", "https") or "." not in name or parts.username or " " in address:
        raise Refused(_("This is not the address of a website. It looks like www.example.nl."))
    return address


class PartnerForm(BaseModel):
    """`version` is the one that the person saw; 0 for somebody new."""

    name: Annotated[Line, Field(min_length=2, max_length=120), Asks(_("Write who it is."))]
    kind: PartnerKind
    role: Annotated[Line, Field(min_length=3, max_length=300), Asks(_("Write what they do in the pilot."))]
    website: Annotated[Line, Field(max_length=290), AfterValidator(_website)] = ""
    email: Email | None = None
    version: Version = 0


class FarewellForm(BaseModel):
    version: Version


class LetterForm(BaseModel):
    """`seen` is how many letters there were when the person began to write."""

    subject: Annotated[Line, Field(min_length=3, max_length=120), Asks(_("Write what the letter is about."))]
    text: Annotated[Paragraphs, Field(min_length=10, max_length=4000), Asks(_("Write the letter first."))]
    seen: Version
