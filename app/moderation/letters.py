"""What the people concerned are told by mail, posted in the transaction of what happened.

None of these letters quotes what was published: a letter cannot be taken back.
"""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.keys import fingerprint, new_key
from app.accounts.models import Person
from app.activity.actions import let_hear, post
from app.activity.models import RecordedIn
from app.content.models import Kind
from app.core.templates import iso
from app.moderation.models import Appeal, Decision, Flag, FoundBy, Outcome
from app.moderation.subjects import Subject


def confirm_receipt(session: Session, to: int | str, locale: str, reference: str, path: str) -> None:
    """`path` is where they see what came of it. Says nothing of what they typed: the address may not be theirs."""
    post(session, "flag_received", to, locale, {"reference": reference, "path": path})


def tell_author(session: Session, subject: Subject, decision: Decision) -> None:
    """The statement of reasons (Digital Services Act, art. 17), or that something was undone."""
    author = subject.author
    if author is None or not decision.concerns_author:
        return
    if decision.found_by is FoundBy.APPEAL and not decision.restricts:
        return  # they hear it in the answer to their objection
    post(session, "decision", author.id, author.locale, statement_of(subject, decision))
    let_hear(session, RecordedIn.DECISION, decision.id, author.id, {"verdict": decision.verdict})


def statement_of(subject: Subject, decision: Decision) -> dict[str, Any]:
    return {
        "kind": subject.kind,
        "published": iso(subject.content.created_at),
        "verdict": decision.verdict,
        "measure": decision.measure,
        "ground": decision.ground or "",
        "facts": decision.facts,
        "found_by": decision.found_by,
        "hidden_until": iso(decision.hidden_until) if decision.hidden_until else "",
        "suspended_until": iso(decision.suspended_until) if decision.suspended_until else "",
        "given_name": decision.given_name or "" if subject.kind is Kind.DISPLAY_NAME else "",
        "restricts": decision.restricts,
        "appeal_until": iso(decision.appeal_until),
        "path": f"/me/decisions/{decision.id}",
    }


def tell_flaggers(session: Session, decision: Decision, flags: Sequence[Flag]) -> None:
    """Each at their own address; the link that a visitor gets is theirs alone."""
    locales = locales_of(session, [flag.person_id for flag in flags if flag.person_id])
    for flag in flags:
        told = {
            "reference": flag.reference,
            "verdict": decision.verdict,
            "measure": decision.measure,
            "ground": decision.ground or "",
            "facts": decision.facts,
            "path": way_to(session, flag),
        }
        if to := flag.person_id or flag.address:
            post(session, "flag_decided", to, locales.get(flag.person_id or 0, flag.locale), told)


def tell_objectors(
    session: Session, decision: Decision, appeals: Sequence[Appeal], outcome: Outcome, answer: str
) -> None:
    flags = flags_behind(session, appeals)
    locales = locales_of(session, [appeal.person_id for appeal in appeals if appeal.person_id])
    for appeal in appeals:
        flag = flags.get(appeal.flag_id or 0)
        told = {
            "outcome": outcome,
            "answer": answer,
            "path": way_to(session, flag) if flag else f"/me/decisions/{decision.id}",
        }
        if to := appeal.person_id or (flag.address if flag else None):
            locale = locales.get(appeal.person_id or 0, flag.locale if flag else "nl")
            post(session, "appeal_answered", to, locale, told)


def way_to(session: Session, flag: Flag) -> str:
    """The page about a flag. Visitors get a new key with every mail, because none is stored; the first stays good."""
    if flag.person_id:
        return flag.path
    key = new_key()
    flag.mailed_key_hash = fingerprint(key)
    session.add(flag)
    return visitors_path(key)


def visitors_path(key: str) -> str:
    return f"/flags/by-link/{key}"


def flags_behind(session: Session, appeals: Sequence[Appeal]) -> dict[int, Flag]:
    numbers = [appeal.flag_id for appeal in appeals if appeal.flag_id]
    return {flag.id: flag for flag in session.exec(select(Flag).where(col(Flag.id).in_(numbers)))}


def locales_of(session: Session, person_ids: Sequence[int]) -> dict[int, str]:
    """The language that each of these people reads now."""
    return dict(session.exec(select(Person.id, Person.locale).where(col(Person.id).in_(person_ids))).all())
