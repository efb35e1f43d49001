"""What an administrator may say about feeds and cards of other cities."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field

from app.cards.document import LONGEST_LINK, is_link
from app.core.forms import Asks, Line, must
from app.core.i18n import _


class FeedForm(BaseModel):
    url: Annotated[
        Line,
        Field(min_length=8, max_length=LONGEST_LINK),
        must(is_link, _("This is not an address that we can ask. It begins with https://.")),
        Asks(_("Fill in an address that begins with https://.")),
    ]


class SwitchForm(BaseModel):
    """`seen` is how it stood on the page."""

    seen: Literal["on", "off"]


class RemovalForm(BaseModel):
    sure: Annotated[
        Literal["", "yes"],
        Field(validate_default=True),
        must(lambda sure: sure == "yes", _("Tick the box if you are sure.")),
    ] = ""


class ShownForm(BaseModel):
    """Whether everybody may read a card; `seen` is when it was last changed."""

    shown: Literal["yes", "no"]
    seen: AwareDatetime
