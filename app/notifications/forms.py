from typing import Annotated, Literal

from pydantic import BaseModel, Field

from app.core.forms import Asks, Line, Number, must
from app.core.i18n import _
from app.following.models import Pace
from app.notifications.models import NoticeKind

RADII = (250, 500, 1000, 2000)
"""Metres."""


class PlaceForm(BaseModel):
    """A point, how far around it, and what the person calls it."""

    name: Annotated[Line, Field(min_length=2, max_length=120), Asks(_("Choose a name, for example: home."))]
    lat: Annotated[Number, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[Number, Field(ge=-180, le=180, allow_inf_nan=False)]
    radius: Annotated[int, must(lambda radius: radius in RADII, _("Choose one of the options."))] = 500
    pace: Literal[Pace.DAILY, Pace.WEEKLY] = Pace.WEEKLY


class PaceForm(BaseModel):
    pace: Literal[Pace.DAILY, Pace.WEEKLY, Pace.NEVER]


class MailForm(BaseModel):
    """A pace for every kind of mail; what was not sent along stays as it is."""

    city: Pace | None = None
    reply: Pace | None = None
    pilot: Pace | None = None
    merge: Pace | None = None
    solved: Pace | None = None

    @property
    def chosen(self) -> dict[NoticeKind, Pace]:
        typed = self.model_dump(exclude_none=True)
        return {NoticeKind(kind): pace for kind, pace in typed.items()}
