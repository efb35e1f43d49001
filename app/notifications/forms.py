from pydantic import BaseModel

from app.following.models import Pace
from app.notifications.models import NoticeKind


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
