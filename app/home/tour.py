"""Whoever opens the demo sees, per role, three things worth a look, and the address to sign in with."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.core.i18n import Text, _
from app.places.models import City


@dataclass(frozen=True)
class Guide:
    """`stops` are a page each, and what to do there."""

    role: Text
    name: str
    stops: Sequence[tuple[str, Text]]

    @property
    def email(self) -> str:
        return f"{self.name}@duinwijk.example"

    def way_to(self, page: str) -> str:
        """Through the sign-in page, with the address typed already."""
        return "/sign-in?" + urlencode({"again": "true", "email": self.email, "next": page})


GUIDES = (
    Guide(
        _("As a resident"),
        "resident",
        (
            ("/issues/new", _("File an issue, and see what is like it while you type")),
            ("/me/notices", _("See what came of the issues you filed or support")),
            ("/pilots", _("Follow a pilot from problem to everyday service, or to an honest stop")),
        ),
    ),
    Guide(
        _("As a moderator"),
        "moderator",
        (
            ("/moderation", _("Decide about a flag, and say why")),
            ("/moderation/appeals", _("Answer somebody who objects to a decision")),
            ("/about/moderation", _("See which figures about this are public")),
        ),
    ),
    Guide(
        _("As somebody of the city team"),
        "team",
        (
            ("/team", _("Triage a new issue")),
            ("/team/pilots", _("Find a pilot that waits before a gate, and what it misses")),
            ("/team/matching", _("Confirm or reject what the matching suggests")),
        ),
    ),
    Guide(
        _("As an administrator"),
        "admin",
        (
            ("/admin/audit", _("See who did what, and who looked at personal data")),
            ("/admin/cards", _("See how pilots of another town got here")),
            ("/admin/roles", _("Give somebody a role")),
        ),
    ),
)


def guides_through(session: Session) -> Sequence[Guide]:
    """None in a real city, nor in one that was only filled: nobody there has these addresses."""
    is_invented = select(City.id).where(col(City.is_invented)).exists()
    there = select(Person.id).where(Person.email == GUIDES[-1].email, is_invented)
    return GUIDES if session.exec(there).first() else ()
