"""Asking for a copy of one's own data, making it in the background, and fetching it within the hour."""

from secrets import token_hex

from sqlalchemy import ColumnElement, delete, or_, update
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.activity.actions import post
from app.core.clock import now
from app.core.db import Database
from app.core.logging import log
from app.core.storage import Storage
from app.core.writes import count_changed, insert_once
from app.privacy.erasing import discard
from app.privacy.exporting import gather, pack
from app.privacy.models import MADE_WITHIN, READY_FOR, DataExport, DiscardedFile, State

AT_ONCE = 500


def ask_for_copy(session: Session, person: Person) -> bool:
    """False when one is being made or lies ready already."""
    fields = {"state": State.WAITING, "size": 0, "asked_at": now()}
    return insert_once(session, DataExport, id=token_hex(16), person_id=person.id, **fields)


def copy_of(session: Session, person_id: int) -> DataExport | None:
    copy = session.exec(select(DataExport).where(DataExport.person_id == person_id)).first()
    return copy if copy is None or copy.state is State.WAITING or copy.can_be_fetched else None


def make_copies(database: Database, storage: Storage, base_url: str) -> int:
    """Returns how many were made; one that fails is tried again later, the others do not wait for it."""
    with database.session() as session:
        waiting = session.exec(select(DataExport).where(_to_make()).order_by(col(DataExport.asked_at))).all()
    made = 0
    for copy in waiting:
        try:
            made += _make(database, storage, base_url, copy)
        except Exception as error:
            log.error("copy of data not made", copy=copy.id, error=type(error).__name__)
    return made


def _to_make() -> ColumnElement[bool]:
    forsaken = or_(col(DataExport.begun_at).is_(None), col(DataExport.begun_at) < now() - MADE_WITHIN)
    return (col(DataExport.state) == State.WAITING) & forsaken


def _make(database: Database, storage: Storage, base_url: str, copy: DataExport) -> bool:
    begun = now()
    with database.session() as session:
        claim = update(DataExport).where(col(DataExport.id) == copy.id, _to_make())
        if not count_changed(session, claim.values(begun_at=begun)):
            return False
    with database.session() as session:
        person = session.get_one(Person, copy.person_id)
        rows = gather(session, person)
    packed = pack(rows, storage, person, base_url.rstrip("/"))
    key = f"export-{token_hex(16)}.zip"
    storage.put(key, packed)
    with database.session() as session:
        ready = update(DataExport).where(col(DataExport.id) == copy.id, col(DataExport.begun_at) == begun)
        values = {"state": State.READY, "key": key, "size": len(packed), "expires_at": now() + READY_FOR}
        if not count_changed(session, ready.values(values)):  # the person left meanwhile, or another worker was faster
            discard(session, [key])
            return False
        post(session, "copy_ready", person.id, person.locale)
    return True


def end_copies(session: Session) -> int:
    """An hour after it was made, a copy goes."""
    over = col(DataExport.expires_at) < now()
    ended = session.execute(delete(DataExport).where(over).returning(col(DataExport.key))).scalars().all()
    discard(session, [key for key in ended if key])
    return len(ended)


def delete_discarded(database: Database, storage: Storage) -> int:
    """A file that cannot be deleted now stays on the list."""
    with database.session() as session:
        files = session.exec(select(DiscardedFile.key).order_by(col(DiscardedFile.discarded_at)).limit(AT_ONCE)).all()
    for file in files:
        storage.delete(file)
        with database.session() as session:
            session.execute(delete(DiscardedFile).where(col(DiscardedFile.key) == file))
    return len(files)
