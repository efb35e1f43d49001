"""Saying that something breaks the rules: once per person and item, also when many press at once."""

import re
from secrets import choice
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from app.accounts.keys import fingerprint, new_key
from app.accounts.models import Person
from app.content.models import Content
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.writes import insert_once
from app.moderation.forms import FlagForm
from app.moderation.letters import confirm_receipt, visitors_path
from app.moderation.models import Case, Flag
from app.moderation.subjects import Subject

CLEAR = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No characters that look alike: people read references out on the phone."""
KEY = re.compile(r"[\w-]{43}", re.ASCII)
LONGEST_QUOTE = 1000


def new_reference() -> str:
    letters = "".join(choice(CLEAR) for _place in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def flag_as_person(session: Session, person: Person, subject: Subject, form: FlagForm) -> Flag:
    """A new flag, or the one that this person has open on it already."""
    mine = select(Flag).where(
        Flag.content_id == subject.content.id, Flag.person_id == person.id, col(Flag.decision_id).is_(None)
    )
    is_new = insert_once(session, Flag, **_told(subject, form), person_id=person.id, locale=person.locale)
    flag = session.exec(mine).first()
    if flag is None:
        raise Conflict(_("A moderator decided about this in this very moment. Look whether it is still there."))
    if is_new:
        _put_in_queue(session, flag, subject.content)
        confirm_receipt(session, person.id, person.locale, flag.reference, flag.path)
    return flag


def flag_as_visitor(session: Session, subject: Subject, form: FlagForm, locale: str) -> tuple[Flag, str]:
    """The flag, and the key to its page; the same form sent twice is one flag."""
    key = form.key if KEY.fullmatch(form.key) else new_key()
    told = {**_told(subject, form), "address": form.email, "key_hash": fingerprint(key)}
    is_new = insert_once(session, Flag, **told, locale=locale)
    flag = session.exec(select(Flag).where(Flag.key_hash == fingerprint(key))).one()
    if is_new:
        _put_in_queue(session, flag, subject.content)
        if form.email:
            confirm_receipt(session, form.email, locale, flag.reference, visitors_path(key))
    return flag, key


def _told(subject: Subject, form: FlagForm) -> dict[str, Any]:
    said = "\n\n".join(filter(None, (subject.title, subject.text)))
    return {
        "reference": new_reference(),
        "content_id": subject.content.id,
        "ground": form.ground,
        "facts": form.facts,
        "said": said[:LONGEST_QUOTE],
        "created_at": now(),
    }


def _put_in_queue(session: Session, flag: Flag, content: Content) -> None:
    open_case(session, content)
    case = update(Case).where(col(Case.content_id) == content.id)
    first = func.coalesce(Case.first_flag_id, flag.id)
    session.execute(case.values(open_flags=Case.open_flags + 1, first_flag_id=first))


def open_case(session: Session, content: Content) -> None:
    insert_once(session, Case, content_id=content.id, kind=content.kind, open_flags=0, last_decision_id=0)
