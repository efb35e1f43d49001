"""What became of asking a city for its cards, in words for an administrator."""

from collections.abc import Mapping

from app.cards.document import VERSION
from app.cards.fetching import MOST_BYTES, SECONDS, Why
from app.cards.reading import OF_A_NEWER_VERSION, TWICE
from app.core.i18n import Text, _

PROBLEMS: Mapping[str, Text] = {
    Why.UNREACHABLE: _("The other site did not answer. We keep trying, with longer waits in between."),
    Why.CERTIFICATE: _("The other site’s certificate is not in order, so we cannot be sure that it is them."),
    Why.ADDRESS: _(
        "The address, or one that it leads to, is not one that we may ask: it must be https, on the internet."
    ),
    Why.REDIRECTS: _("The address leads to another, and that to another, and so on. Ask the city for the real one."),
    Why.SLOW: _("The answer took longer than %(seconds)s seconds, so we stopped.", seconds=int(SECONDS)),
    Why.LARGE: _("The answer is larger than %(megabytes)s MB, so we stopped.", megabytes=MOST_BYTES // 2**20),
    Why.NOT_JSON: _("The answer is not JSON. Is this the address of a feed of pilot cards?"),
    Why.NOT_A_FEED: _("The answer is JSON, but not a feed of pilot cards."),
    Why.NEWER: _(
        "This feed is of a newer version than we read (%(version)s). Update this site to read it.", version=VERSION
    ),
}


def problem_in_words(code: str) -> Text:
    """Nothing that was imported before is changed by any of these."""
    kind, _space, number = code.partition(" ")
    if kind == Why.STATUS:
        return _("The other site answered with an error (%(number)s).", number=number)
    if kind == Why.MANY:
        return _("There are more than %(number)s cards in this feed, which is more than we take.", number=number)
    return PROBLEMS.get(kind, PROBLEMS[Why.UNREACHABLE])


def bad_card_in_words(bad: Mapping[str, str]) -> Text:
    name = bad.get("name") or _("A card without a name")
    if bad.get("why") == OF_A_NEWER_VERSION:
        return _("%(name)s: of a newer version than we read", name=name)
    if bad.get("why") == TWICE:
        return _("%(name)s: there twice with the same address; the first counts", name=name)
    return _("%(name)s: something is wrong in “%(where)s”", name=name, where=bad.get("where") or "?")
