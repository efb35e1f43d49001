"""What we know about the accessibility of the site, in the form of the Dutch statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.core.i18n import Text, _

EXAMINED_ON = datetime(2026, 11, 22, tzinfo=UTC)

STATUSES: Mapping[str, Text] = {
    "A": _("Fully compliant: everything was examined, and nothing was found."),
    "B": _("Partly compliant: everything was examined, and what was found is listed below."),
    "C": _("First steps taken: not everything has been examined by an independent expert yet."),
    "D": _("Not compliant."),
}


@dataclass(frozen=True)
class Shortcoming:
    """`criterion` is that of WCAG 2.2."""

    criterion: str
    what: Text
    cause: Text
    effect: Text
    instead: Text
    measure: Text


SHORTCOMINGS: Sequence[Shortcoming] = (
    Shortcoming(
        "1.1.1",
        _("Some photos of residents have no description."),
        _("The person who adds a photo is asked what it shows, but does not have to say."),
        _("People who cannot see the photo miss what it shows."),
        _("The text of the issue says what the problem is; the photo is an addition."),
        _("We ask for a description beside each photo, in plain words."),
    ),
    Shortcoming(
        "3.1.2",
        _("Short texts of residents may be marked as being in the wrong language."),
        _("The language is guessed from the words; two or three words can be too few."),
        _("A screen reader may read such a text with the wrong pronunciation."),
        _("The rest of the page is marked right."),
        _("We measure how often the guess is wrong and improve it."),
    ),
)
