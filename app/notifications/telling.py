"""From facts to notices: everybody whom a fact concerns hears of it once, in batches, however many they are."""

import time
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.activity.models import Fact
from app.core.clock import now
from app.core.db import Database
from app.core.logging import log
from app.core.writes import count_changed
from app.following.models import Pace
from app.following.pace import next_mail
from app.notifications.audience import Audience, audience_of
from app.notifications.models import MailChoice, Notice, NoticeKind

BATCH = 500
FACTS_AT_ONCE = 50
SECONDS_AT_ONCE = 20.0
FIRST_PAUSE = timedelta(minutes=1)
PROPOSED: dict[NoticeKind, Pace] = {
    NoticeKind.CITY: Pace.AT_ONCE,
    NoticeKind.REPLY: Pace.DAILY,
    NoticeKind.PILOT: Pace.DAILY,
    NoticeKind.MERGE: Pace.AT_ONCE,
    NoticeKind.SOLVED: Pace.DAILY,
    NoticeKind.MODERATION: Pace.NEVER,
}
"""A decision of a moderator comes with a letter of its own, whatever one chose, so its notice is not mailed again."""


def tell_what_happened(database: Database) -> int:
    """Returns how many notices were written; stops after a while, so that other chores get their turn."""
    until, told = time.monotonic() + SECONDS_AT_ONCE, 0
    while time.monotonic() < until and (facts := facts_due(database)):
        for fact in facts:
            told += tell_everybody(database, fact, until)
    return told


def facts_due(database: Database) -> Sequence[Fact]:
    with database.session() as session:
        due = select(Fact).where(Fact.due_at <= now()).order_by(col(Fact.due_at), col(Fact.source_id))
        return session.exec(due.limit(FACTS_AT_ONCE)).all()


def tell_everybody(database: Database, fact: Fact, until: float) -> int:
    """A fact that cannot be told now waits, and does not hold up the others."""
    told = 0
    try:
        while time.monotonic() < until:
            with database.session() as session:
                new = tell_some(session, fact)
            if new is None:
                return told
            told += new
    except Exception as error:
        log.error("fact not told", source=fact.source, number=fact.source_id, exc_info=error)
        with database.session() as session:
            later = now() + FIRST_PAUSE * 2 ** min(fact.tries, 10)
            session.execute(_this(fact).values(tries=Fact.tries + 1, due_at=later))
    return told


def _this(fact: Fact) -> Any:
    return update(Fact).where(col(Fact.source) == fact.source, col(Fact.source_id) == fact.source_id)


def tell_some(session: Session, fact: Fact) -> int | None:
    """One batch, in the transaction that moves the mark on; None when that was the last, or somebody else does it."""
    audience = audience_of(session, fact)
    people = session.execute(audience.after(fact.told_up_to, BATCH)).all() if audience else []
    if audience is None or not people:
        this = (col(Fact.source) == fact.source, col(Fact.source_id) == fact.source_id)
        session.execute(delete(Fact).where(*this, col(Fact.told_up_to) == fact.told_up_to))
        return None
    mine = _this(fact).where(col(Fact.told_up_to) == fact.told_up_to)
    if not count_changed(session, mine.values(told_up_to=people[-1].person_id)):
        return None
    fact.told_up_to = people[-1].person_id
    return write_notices(session, fact, audience, people)


def write_notices(session: Session, fact: Fact, audience: Audience, people: Sequence[Row[Any]]) -> int:
    """Returns how many of them had not heard of it yet."""
    ids = [person.person_id for person in people]
    # In one order, so that two workers who count for the same people never wait for each other.
    here = set(
        session.exec(
            select(Person.id)
            .where(col(Person.id).in_(ids), col(Person.erased_at).is_(None))
            .order_by(col(Person.id))
            .with_for_update(key_share=True)
        )
    )
    chosen = paces_of(session, ids)
    shared = {
        "source": fact.source, "source_id": fact.source_id, "issue_id": audience.issue_id,
        "pilot_id": audience.pilot_id, "facts": fact.facts, "created_at": now(), "read_at": None,
    }  # fmt: skip
    rows = [
        {**shared, "person_id": person.person_id, "kind": person.kind,
         "mail_at": next_mail(chosen.get((person.person_id, person.kind), PROPOSED[person.kind]))}
        for person in people
        if person.person_id in here
    ]  # fmt: skip
    new = insert_new(session, rows)
    counted = update(Person).where(col(Person.id).in_(new)).values(unread_notices=Person.unread_notices + 1)
    session.execute(counted.execution_options(synchronize_session=False))
    return len(new)


def insert_new(session: Session, rows: list[dict[str, Any]]) -> list[int]:
    """Whose notice is new."""
    if not rows:
        return []
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(Notice).values(rows).on_conflict_do_nothing().returning(col(Notice.person_id))
    return list(session.execute(statement).scalars())


def paces_of(session: Session, person_ids: Collection[int]) -> dict[tuple[int, NoticeKind], Pace]:
    """What these people chose, where they did."""
    chosen = select(MailChoice).where(col(MailChoice.person_id).in_(person_ids))
    return {(choice.person_id, choice.kind): choice.pace for choice in session.exec(chosen)}
