"""Who left, written down outside the database too: a backup from before must not bring them back.

A number, a moment and what was chosen, in the photo store, which outlives a database that is lost. `buurtlab restore`
lets whoever left after its backup leave again.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.activity.actions import write_down
from app.activity.models import AuditEntry, TimelineEntry
from app.content.models import Content
from app.core.clock import now
from app.core.db import Database
from app.core.storage import NotStored, Storage
from app.issues.models import Issue
from app.privacy.erasing import Choice, erase, leave_issue, take_one_issue

FOLDER = "left"
REMEMBERED = timedelta(days=400)
"""Longer than anybody may keep a backup."""
LOOKS_BACK = timedelta(days=7)
LAST_ENTRIES = 5_000

_noted: WeakKeyDictionary[Storage, set[str]] = WeakKeyDictionary()
"""What this process has seen in a store already."""


@dataclass(frozen=True)
class Left:
    """`kind` is a person, or an issue whose author took it away."""

    kind: str
    number: int
    at: datetime
    choice: Choice

    @property
    def key(self) -> str:
        return f"{FOLDER}/{self.kind}-{self.number}-{int(self.at.timestamp())}.json"


def note_who_left(database: Database, storage: Storage) -> int:
    """Returns how many are new on the list."""
    with database.session() as session:
        found = [*_people(session), *_issues(session)]
    noted = _noted.get(storage, set())
    new = [left for left in found if left.key not in noted and not _is_there(storage, left.key)]
    for left in new:
        storage.put(left.key, json.dumps({**asdict(left), "at": left.at.isoformat()}).encode())
    _noted[storage] = {left.key for left in found}
    return len(new)


def _people(session: Session) -> Iterator[Left]:
    left = select(Person.id, Person.erased_at).where(col(Person.erased_at) > now() - LOOKS_BACK)
    people = {number: at for number, at in session.exec(left) if at}
    told = select(AuditEntry.subject_id, AuditEntry.facts).where(
        AuditEntry.kind == "person.erased", AuditEntry.subject_kind == "person",
        col(AuditEntry.subject_id).in_(map(str, people)),
    )  # fmt: skip
    took = {int(number) for number, facts in session.exec(told) if facts.get("choice") == Choice.TAKE_AWAY}
    for number, at in people.items():
        yield Left("person", number, at, Choice.TAKE_AWAY if number in took else Choice.KEEP)


def _issues(session: Session) -> Iterator[Left]:
    newest = session.exec(select(TimelineEntry.id).order_by(col(TimelineEntry.id).desc()).limit(1)).first() or 0
    taken = select(TimelineEntry.subject_id, TimelineEntry.at).where(
        TimelineEntry.id > newest - LAST_ENTRIES, TimelineEntry.subject_kind == "issue",
        TimelineEntry.kind == "taken-away",
    )  # fmt: skip
    for number, at in session.exec(taken):
        yield Left("issue", number, at, Choice.TAKE_AWAY)


def _is_there(storage: Storage, key: str) -> bool:
    try:
        return bool(storage.get(key))
    except NotStored:
        return False


def forget_who_left_long_ago(storage: Storage) -> None:
    for key in storage.keys(older_than=now() - REMEMBERED, under=FOLDER):
        storage.delete(key)


def who_left_since(storage: Storage, moment: datetime) -> list[Left]:
    """In the order in which they left."""
    found = (_read(storage.get(key)) for key in storage.keys(under=FOLDER))
    return sorted((left for left in found if left.at > moment), key=lambda left: left.at)


def _read(noted: bytes) -> Left:
    told = json.loads(noted)
    return Left(told["kind"], told["number"], datetime.fromisoformat(told["at"]), Choice(told["choice"]))


def let_leave_again(session: Session, left: Left) -> bool:
    """False when there is nothing of it in this database, or no longer."""
    return _person(session, left) if left.kind == "person" else _issue(session, left)


def _person(session: Session, left: Left) -> bool:
    there = select(Person).where(Person.id == left.number, col(Person.erased_at).is_(None))
    person = session.exec(there).first()
    if person is None:
        return False
    erase(session, person, left.choice)
    facts = {"choice": left.choice, "after": "restore"}
    write_down(session, "person.erased", "person", left.number, actor_id=None, role="console", facts=facts)
    return True


def _issue(session: Session, left: Left) -> bool:
    there = select(Issue, Content.author_id).join(Content, col(Content.id) == Issue.content_id)
    found = session.exec(there.where(Issue.id == left.number, col(Issue.taken_away_at).is_(None))).first()
    if found is None:
        return False
    issue, author_id = found
    if author_id is None:
        leave_issue(session, issue, left.choice)
    else:
        take_one_issue(session, issue.id, author_id, left.choice)
    return True
