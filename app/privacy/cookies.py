"""Every cookie that the site sets, with what it is for: the privacy page shows this list, and a test holds us to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.i18n import Text, _


@dataclass(frozen=True)
class Cookie:
    """`when` it is set; nothing is set before."""

    name: str
    why: Text
    when: Text
    lasts: Text


COOKIES: Sequence[Cookie] = (
    Cookie(
        "session",
        _("Knows that you are signed in"),
        _("When you sign in"),
        _("90 days; for the city team 12 hours"),
    ),
    Cookie(
        "sign-in",
        _("Knows that the code that you type was asked for in this browser"),
        _("When you ask for a code"),
        _("15 minutes"),
    ),
    Cookie(
        "confirm",
        _("The same, when you confirm that it is you"),
        _("When you ask for a code"),
        _("15 minutes"),
    ),
    Cookie("address", _("The same, for a new e-mail address"), _("When you ask for a code"), _("15 minutes")),
    Cookie("draft", _("Knows which draft is yours, before you sign in"), _("When you begin to write"), _("24 hours")),
    Cookie("locale", _("Remembers the language that you chose"), _("When you choose a language"), _("1 year")),
    Cookie("notice", _("Says on the next page what you just did"), _("When you send a form"), _("1 minute")),
)
