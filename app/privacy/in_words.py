"""What `buurtlab privacy` prints: the table of what is kept how long, and what erasure does to every table."""

from sqlmodel import Session

from app.core.i18n import translate
from app.privacy.register import ABOUT_PEOPLE, LIVES_OUTSIDE_THE_MODELS, NOT_ABOUT_PEOPLE
from app.privacy.retention import RULES, count_due
from app.settings import Settings


def retention_in_words(session: Session, settings: Settings) -> str:
    """English, like every command; one paragraph for each rule."""
    paragraphs = []
    for rule in RULES:
        due = count_due(session, settings, rule)
        lasts = translate(rule.lasts(settings), "en")
        says_due = f"\n    due now: {due}" if rule.due is not None or rule.do is not None else ""
        what, why = translate(rule.what, "en"), translate(rule.why, "en")
        paragraphs.append(f"{what}\n    why: {why}\n    kept: {lasts}{says_due}")
    return "\n".join(paragraphs)


def register_in_words() -> str:
    lines = ["", "When somebody erases their account:"]
    for name, held in sorted(ABOUT_PEOPLE.items()):
        does = [f"{column}: {then}" for column, then in held.people.items()] + ([held.also] if held.also else [])
        lines.append(f"  {name}: {'; '.join(does)}")
    lines += ["", "Not about people:"]
    lines += [f"  {name}: {why}" for name, why in sorted({**NOT_ABOUT_PEOPLE, **LIVES_OUTSIDE_THE_MODELS}.items())]
    return "\n".join(lines)
