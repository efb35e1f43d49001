"""Puts a stored reason into words that a resident reads."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.core.i18n import Named, Text, _, _n
from app.matching.engine.suggestion import ReasonCode

MOST_WORDS_NAMED = 3
MOST_QUOTED = 2  # expressions for one concept
UNREADABLE = _("looks alike")


def in_words(reason: Mapping[str, Any]) -> Text:
    """A reason that this version cannot read, because another wrote it, never breaks a page."""
    sentence = SENTENCES.get(str(reason.get("code")))
    try:
        return sentence(reason) if sentence else UNREADABLE
    except (KeyError, TypeError, ValueError):
        return UNREADABLE


def told_together(reasons: Iterable[Mapping[str, Any]], themes_shown: bool = True) -> list[Text]:
    """The reasons of one suggestion. A word is named once, and "the same theme" needs a theme that is shown."""
    named: set[str] = set()
    told = []
    for reason in reasons:
        words = reason.get("words")
        if isinstance(words, list):
            fresh = [word for word in words if word not in named][:MOST_WORDS_NAMED]
            if not fresh:
                continue
            named.update(fresh)
            reason = {**reason, "words": fresh}
        if themes_shown or reason.get("code") != ReasonCode.SAME_THEME:
            told.append(in_words(reason))
    return told


def _words(reason: Mapping[str, Any]) -> str:
    return ", ".join(str(word) for word in reason["words"][:MOST_WORDS_NAMED])


def _concept(reason: Mapping[str, Any]) -> Text:
    concept = Named(str(reason["nl"]), str(reason["en"]))
    said, theirs = (", ".join(str(words) for words in reason[side][:MOST_QUOTED]) for side in ("said", "theirs"))
    told = (
        _("both are about %(concept)s: “%(said)s” – “%(theirs)s”", concept=concept, said=said, theirs=theirs)
        if theirs
        else _("is about %(concept)s: “%(said)s”", concept=concept, said=said)
    )
    if learned := ", ".join(str(words) for words in reason.get("learned", ())[:MOST_QUOTED]):
        return _("%(reason)s (“%(learned)s”: learned from decisions of the city team)", reason=told, learned=learned)
    return told


def _learned_concept(reason: Mapping[str, Any]) -> Text:
    said = ", ".join(str(words) for words in reason["said"][:MOST_QUOTED])
    concept = Named(str(reason["nl"]), str(reason["en"]))
    return _("“%(said)s”: the city team linked earlier issues about %(concept)s here", said=said, concept=concept)


def _talk(reason: Mapping[str, Any]) -> Text:
    concept, people = Named(str(reason["nl"]), str(reason["en"])), int(reason["people"])
    return _n(
        "somebody writes about %(concept)s in the comments",
        "%(n)s people write about %(concept)s in the comments",
        people,
        concept=concept,
    )


def _sense(reason: Mapping[str, Any]) -> Text:
    if theirs := str(reason["theirs"]):
        return _("means about the same as: “%(theirs)s”", theirs=theirs)
    return _("means about the same")


def _metres(reason: Mapping[str, Any]) -> Text:
    metres = int(reason["metres"])
    if metres < 10:
        return _("at the same spot")
    if metres < 1000:
        return _("%(metres)s m away", metres=round(metres, -1))
    return _("%(kilometres)s km away", kilometres=round(metres / 1000, 1))


def _days(reason: Mapping[str, Any]) -> Text:
    days = int(reason["days"])
    if days == 0:
        return _("reported on the same day")
    return _n("reported a day apart", "reported %(n)s days apart", days)


SENTENCES: dict[str, Callable[[Mapping[str, Any]], Text]] = {
    ReasonCode.KEYWORD: lambda reason: _("has the keywords “%(words)s”", words=_words(reason)),
    ReasonCode.SHARED_WORDS: lambda reason: _("shares the words “%(words)s”", words=_words(reason)),
    ReasonCode.LOOKS_LIKE: lambda reason: _("has words that look like “%(words)s”", words=_words(reason)),
    ReasonCode.SAME_CONCEPT: _concept,
    ReasonCode.SAME_THEME: lambda reason: _("is about the same theme"),
    ReasonCode.IN_PILOT_AREA: lambda reason: _("lies in the area of this pilot"),
    ReasonCode.NEAR: _metres,
    ReasonCode.SAME_NEIGHBOURHOOD: lambda reason: _("lies in the same neighbourhood"),
    ReasonCode.SAME_TIME: _days,
    ReasonCode.LEARNED_WORDS: lambda reason: _(
        "“%(words)s”: earlier issues with such words went here", words=_words(reason)
    ),
    ReasonCode.LEARNED_CONCEPT: _learned_concept,
    ReasonCode.TEAM_LINKED: lambda reason: _n(
        "the city team linked a similar issue",
        "the city team linked %(n)s similar issues",
        int(reason["issues"]),
    ),
    ReasonCode.TEAM_DECIDED: lambda reason: _n(
        "the city team chose it for a similar issue",
        "the city team chose it for %(n)s similar issues",
        int(reason["issues"]),
    ),
    ReasonCode.TALK: _talk,
    ReasonCode.CO_VOTES: lambda reason: _(
        "%(people)s people who support it also support issues that are linked here", people=int(reason["people"])
    ),
    ReasonCode.MEANS_THE_SAME: _sense,
    ReasonCode.AUTHOR_CHOSE: lambda reason: _("the author chose it"),
}
