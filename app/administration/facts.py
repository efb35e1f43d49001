"""The facts of an entry in the audit, in the reader's words: which status, which stage, from what to what."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.administration.kinds import KINDS, ROLES, SUBJECTS
from app.core.i18n import Text, _, say_day, say_moment, say_number, translate

NAMES: dict[str, Text] = {
    "after": _("because"),
    "added_en": _("words added (English)"),
    "added_nl": _("words added (Dutch)"),
    "appeal": _("objection"),
    "approach": _("approach"),
    "areas": _("areas in the file"),
    "asked": _("residents asked"),
    "card": _("pilot of another city"),
    "changed": _("what changed"),
    "channel": _("how it came in"),
    "choice": _("what became of the words"),
    "city": _("city"),
    "content": _("contribution"),
    "decision": _("decision"),
    "description_en": _("description (English)"),
    "description_nl": _("description (Dutch)"),
    "entries": _("entries"),
    "from": _("from"),
    "gate": _("gate to"),
    "goal": _("goal"),
    "ground": _("house rule"),
    "icon": _("icon"),
    "indicator": _("indicator"),
    "indicator_en": _("indicator (English)"),
    "indicator_nl": _("indicator (Dutch)"),
    "into": _("issue that stays"),
    "issue": _("issue, by number"),
    "issues": _("issues"),
    "key": _("number in that city"),
    "keywords_en": _("keywords (English)"),
    "keywords_nl": _("keywords (Dutch)"),
    "kind": _("what they did"),
    "language": _("language"),
    "least_answers": _("least number of answers"),
    "least_share": _("least share that is helped (%)"),
    "left_again": _("people and issues that left again"),
    "lesson": _("lesson"),
    "letter": _("letter"),
    "lines": _("lines"),
    "measure": _("for the author"),
    "name": _("name"),
    "name_en": _("name (English)"),
    "name_nl": _("name (Dutch)"),
    "new": _("new areas"),
    "now": _("new value"),
    "now_on": _("new day"),
    "number": _("number"),
    "of": _("voices in all"),
    "on": _("day"),
    "other": _("other issue"),
    "partner": _("partner"),
    "people": _("people, by number"),
    "person": _("person, by number"),
    "pilot": _("pilot"),
    "position": _("place in the list"),
    "removed_en": _("words removed (English)"),
    "removed_nl": _("words removed (Dutch)"),
    "since": _("from this day"),
    "slug": _("address"),
    "source": _("source"),
    "subject": _("to what"),
    "taken_at": _("backup of"),
    "target_en": _("target (English)"),
    "target_nl": _("target (Dutch)"),
    "text": _("text"),
    "text_en": _("text (English)"),
    "text_nl": _("text (Dutch)"),
    "theme": _("theme"),
    "to": _("to"),
    "until": _("up to and including"),
    "url": _("address of the feed"),
    "value": _("value"),
    "version": _("version"),
    "voices": _("voices for it"),
}
STATUSES: dict[str, Text] = {
    "new": _("New"), "acknowledged": _("Seen by the team"), "in-pilot": _("In a pilot"),
    "with-service": _("With a city service"), "answered": _("Answered"), "declined": _("Not taken up"),
    "resolved": _("Resolved"), "confirmed": _("Resolved, say residents"), "reopened": _("Open again"),
    "merged": _("Merged"),
}  # fmt: skip
STAGES: dict[str, Text] = {
    "idea": _("Idea"), "proof-of-concept": _("Proof of concept"), "pilot": _("Pilot"),
    "scaling-up": _("Scaling up"), "embedded": _("Part of daily work"), "stopped": _("Stopped, lesson learned"),
}  # fmt: skip
PARTS: dict[str, Text] = {
    "title": _("name"), "problem": _("problem"), "themes": _("themes"), "goals": _("goals"),
    "area": _("where it works"), "name": _("name"), "unit": _("unit"), "source": _("source"),
    "better": _("which way is better"), "target": _("target"),
}  # fmt: skip
CODES: dict[str, Mapping[str, Text]] = {
    "from": STATUSES,
    "to": {**STATUSES, **STAGES},
    "gate": STAGES,
    "changed": PARTS,
    "channel": {"desk": _("at the desk"), "phone": _("by phone"), "paper": _("on paper")},
    "choice": {
        "keep": _("they stay, without a name"),
        "take-away": _("taken away"),
        "unused": _("nobody used the account any more"),
    },
    "ground": {
        "personal-data": _("Private details of people"), "insult": _("Insult or threat"),
        "discrimination": _("Discrimination"), "advertising": _("Advertising or spam"),
        "off-topic": _("Not about a local problem, or misleading"), "illegal": _("Against the law"),
        "own-work": _("Somebody else’s work (copyright)"), "other": _("Something else in the house rules"),
    },
    "measure": {
        "none": _("Nothing"), "warn": _("Author warned"), "suspend": _("Author suspended"),
        "lift": _("Suspension lifted"),
    },
    "language": {"nl": _("Dutch"), "en": _("English")},
    "kind": KINDS,
    "subject": SUBJECTS,
    "role": ROLES,
    "since": {"now": _("at once")},
    "after": {"restore": _("a backup was put back")},
}  # fmt: skip
"""What is written down as a code."""
DAYS = {"on", "now_on", "since", "until"}
BEFORE_AND_AFTER = 2


def facts_in_words(facts: Mapping[str, Any], locale: str) -> str:
    """One line; empty when there is nothing to say. What has no words stays as it is."""
    said = [(NAMES.get(name, name), _say(name, facts[name], locale)) for name in sorted(facts)]
    return "; ".join(f"{translate(name, locale)}: {words}" for name, words in said if words)


def _say(name: str, value: Any, locale: str) -> str:
    if isinstance(value, list) and name not in LISTS and len(value) == BEFORE_AND_AFTER:
        old, new = (_say_one(name, each, locale) or translate(_("nothing"), locale) for each in value)
        return translate(_("from “%(old)s” to “%(new)s”", old=old, new=new), locale)
    if isinstance(value, list):
        return ", ".join(_say_one(name, each, locale) for each in value)
    return _say_one(name, value, locale)


LISTS = {"changed", "new", "people", "added_nl", "added_en", "removed_nl", "removed_en", "issues"}
"""What is a list, and not what was before and what is now."""


def _say_one(name: str, value: Any, locale: str) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, float):
        return say_number(value, locale)
    text = "" if value is None else str(value)
    if name == "taken_at" and text:
        return say_moment(datetime.fromisoformat(text), locale)
    if name in DAYS and (day := _day_in(text)):
        return say_day(day, locale)
    return translate(CODES.get(name, {}).get(text, text), locale)


def _day_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
