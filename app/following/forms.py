from typing import Literal

from pydantic import BaseModel

from app.following.models import Pace


class DigestForm(BaseModel):
    """How often a digest of new issues comes, as chosen beside the button that asks for it."""

    pace: Literal[Pace.DAILY, Pace.WEEKLY] = Pace.WEEKLY
