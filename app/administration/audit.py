"""Reading the audit: who did what to what, when, from which role."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.accounts.models import Person
from app.activity.models import AuditEntry
from app.administration.facts import facts_in_words
from app.administration.forms import AuditFilter
from app.administration.kinds import kind_in_words, role_in_words, subject_in_words
from app.core.i18n import TIME_ZONE, translate
from app.core.paging import PAGE_SIZE, Page, decode_after, encode_after
from app.core.spreadsheets import harmless, table_of

MOST_EXPORTED = 10_000
COLUMNS = ("number", "at", "person", "name", "role", "kind", "what", "subject", "subject number", "facts", "details")


@dataclass(frozen=True)
class Entries:
    """A page of the audit, the names of the people in it by their number, and its facts in words by the number of the
    entry.
    """

    page: Page[AuditEntry]
    names: Mapping[int, str]
    facts: Mapping[int, str]


def entries(session: Session, asked: AuditFilter, after: str, locale: str) -> Entries:
    """Newest first."""
    found = matching(asked).order_by(col(AuditEntry.id).desc()).limit(PAGE_SIZE + 1)
    if after:
        found = found.where(col(AuditEntry.id) < decode_after(after, (int,))[0])
    rows = session.exec(found).all()
    shown = rows[:PAGE_SIZE]
    next_page = encode_after(shown[-1].id) if len(rows) > PAGE_SIZE else None
    facts = {entry.id: facts_in_words(entry.facts, locale) for entry in shown}
    return Entries(Page(shown, next_page), names_in(session, shown), facts)


def matching(asked: AuditFilter) -> SelectOfScalar[AuditEntry]:
    conditions: list[tuple[object, Any]] = [
        (asked.person, col(AuditEntry.actor_id) == (asked.person_id or 0)),
        (asked.kind, col(AuditEntry.kind) == asked.kind),
        (asked.subject, col(AuditEntry.subject_kind) == asked.subject),
        (asked.number, col(AuditEntry.subject_id) == asked.number),
        (asked.since, col(AuditEntry.at) >= beginning_of(asked.since or date.min)),
        (asked.until, col(AuditEntry.at) < beginning_of((asked.until or date.min) + timedelta(days=1))),
    ]
    return select(AuditEntry).where(*(condition for is_asked, condition in conditions if is_asked))


def beginning_of(day: date) -> datetime:
    return datetime.combine(day, time(), TIME_ZONE)


def names_in(session: Session, shown: Sequence[AuditEntry]) -> Mapping[int, str]:
    """Of those who acted and those it happened to, in one statement."""
    actors = {entry.actor_id for entry in shown if entry.actor_id}
    people = (entry.subject_id for entry in shown if entry.subject_kind == "person")
    subjects = {int(number) for number in people if number.isdecimal()}
    return dict(session.exec(select(Person.id, Person.display_name).where(col(Person.id).in_(actors | subjects))).all())


def export(session: Session, asked: AuditFilter, locale: str) -> tuple[str, int]:
    """The newest entries as CSV, and how many: at most 10,000, for a longer time by choosing a period."""
    newest = matching(asked).order_by(col(AuditEntry.id).desc()).limit(MOST_EXPORTED).subquery()
    rows = session.execute(
        select(*newest.c, Person.display_name)  # type: ignore[call-overload]
        .join(Person, col(Person.id) == newest.c.actor_id, isouter=True)
        .order_by(newest.c.id.desc())
    ).all()
    return table_of(COLUMNS, ([harmless(str(cell)) for cell in _as_cells(row, locale)] for row in rows)), len(rows)


def _as_cells(row: Any, locale: str) -> tuple[object, ...]:
    return (
        row.id,
        row.at.isoformat(timespec="seconds"),
        row.actor_id or "",
        row.display_name or "",
        translate(role_in_words(row.actor_role), locale),
        row.kind,
        translate(kind_in_words(row.kind), locale),
        translate(subject_in_words(row.subject_kind), locale),
        row.subject_id,
        json.dumps(row.facts, ensure_ascii=False) if row.facts else "",
        facts_in_words(row.facts, locale),
    )
