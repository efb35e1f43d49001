"""The background work: in one process at a time, by a lease in the database."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from secrets import token_hex

from sqlalchemy import ColumnElement, and_, or_, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app.activity.models import Lease
from app.cards.importing import fetch_due_feed
from app.core.clock import now
from app.core.db import Database
from app.core.limits import Limiter
from app.core.logging import log
from app.core.storage import Storage
from app.core.writes import count_changed, insert_once
from app.filing.drafts import photos_in_use
from app.mailing import send_what_is_due
from app.matching.growing.from_decisions import grow_where_stale
from app.matching.jobs import count_new_words, make_new_vectors
from app.matching.knowledge.lessons import catch_up
from app.matching.refreshing import hear_some, refresh_some
from app.moderation.jobs import end_what_was_temporary
from app.notifications import telling
from app.notifications.actions import read_what_is_hidden
from app.notifications.gathering import gather_mail
from app.privacy import left
from app.privacy.jobs import forget_what_is_over, look_after_copies, sweep_after_erasures
from app.settings import Settings
from app.solved.actions import weigh_answers
from app.verdicts.actions import ask_where_the_trial_is_over

LEASE = "worker"
LEASE_LASTS = timedelta(seconds=60)
PAUSE_SECONDS = 5.0
ORPHANS_WAIT = timedelta(hours=48)
SWEPT_AT_ONCE = 500


@dataclass(frozen=True)
class Workplace:
    """What the background work needs."""

    database: Database
    storage: Storage
    limiter: Limiter
    settings: Settings


@dataclass(frozen=True)
class Chore:
    name: str
    every_seconds: float
    do: Callable[[Workplace], None]


def forget_what_expired(place: Workplace) -> None:
    forget_what_is_over(place.database, place.settings)
    place.limiter.sweep()


def copy_and_delete(place: Workplace) -> None:
    look_after_copies(place.database, place.storage, place.settings)


def sweep_erasures(place: Workplace) -> None:
    sweep_after_erasures(place.database)


def note_departures(place: Workplace) -> None:
    left.note_who_left(place.database, place.storage)


def sweep_orphaned_photos(place: Workplace) -> None:
    """Files are stored before the row that names them, so a refused filing leaves files that nobody points at."""
    left.forget_who_left_long_ago(place.storage)
    all_old = place.storage.keys(older_than=now() - ORPHANS_WAIT)
    old = (name for name in all_old if not name.startswith(f"{left.FOLDER}/"))
    while names := list(islice(old, SWEPT_AT_ONCE)):
        with place.database.session() as session:
            used = photos_in_use(session, {name.partition("-")[0] for name in names})
        for name in names:
            if name.partition("-")[0] not in used:
                place.storage.delete(name)


def count_words(place: Workplace) -> None:
    count_new_words(place.database)


def make_vectors(place: Workplace) -> None:
    make_new_vectors(place.database)


def learn_from_earlier_decisions(place: Workplace) -> None:
    catch_up(place.database)


def grow_thesaurus(place: Workplace) -> None:
    grow_where_stale(place.database)


def refresh_suggestions(place: Workplace) -> None:
    refresh_some(place.database)


def hear_what_people_say(place: Workplace) -> None:
    hear_some(place.database)


def send_mail(place: Workplace) -> None:
    send_what_is_due(place.database, place.settings)


def restore_what_was_hidden_for_a_time(place: Workplace) -> None:
    end_what_was_temporary(place.database)


def tell_what_happened(place: Workplace) -> None:
    telling.tell_what_happened(place.database)
    gather_mail(place.database)


def read_hidden_notices(place: Workplace) -> None:
    with place.database.session() as session:
        read_what_is_hidden(session)


def weigh_what_residents_say(place: Workplace) -> None:
    weigh_answers(place.database)


def ask_for_verdicts(place: Workplace) -> None:
    ask_where_the_trial_is_over(place.database)


def ask_other_cities(place: Workplace) -> None:
    fetch_due_feed(place.database, place.settings)


CHORES = (
    Chore("tell what happened", 0, tell_what_happened),
    Chore("send mail", 0, send_mail),
    Chore("count words", 30, count_words),
    Chore("make vectors", 5, make_vectors),
    Chore("learn", 5, learn_from_earlier_decisions),
    Chore("grow the thesaurus", 5, grow_thesaurus),
    Chore("refresh suggestions", 10, refresh_suggestions),
    Chore("hear what people say", 30, hear_what_people_say),
    Chore("restore", 60, restore_what_was_hidden_for_a_time),
    Chore("copies of data", 0, copy_and_delete),
    Chore("sweep erasures", 30, sweep_erasures),
    Chore("note who left", 60, note_departures),
    Chore("unread of what is hidden", 600, read_hidden_notices),
    Chore("cards of other cities", 0, ask_other_cities),
    Chore("weigh answers", 600, weigh_what_residents_say),
    Chore("ask for verdicts", 600, ask_for_verdicts),
    Chore("forget what expired", 600, forget_what_expired),
    Chore("sweep photos", 6 * 3600, sweep_orphaned_photos),
)


def work(place: Workplace, stop: threading.Event) -> None:
    """Until `stop`; a chore that fails is logged and tried again at its next turn."""
    holder = token_hex(8)
    threading.Thread(target=keep_lease, args=(place.database, holder, stop), name="lease", daemon=True).start()
    due = {chore.name: 0.0 for chore in CHORES}
    while not stop.wait(PAUSE_SECONDS):
        try:
            if hold_lease(place.database, holder):
                do_chores(place, due)
        except Exception as error:
            log.warning("worker", error=type(error).__name__)
    release_lease(place.database, holder)


def do_chores(place: Workplace, due: dict[str, float]) -> None:
    for chore in CHORES:
        if time.monotonic() < due[chore.name]:
            continue
        due[chore.name] = time.monotonic() + chore.every_seconds
        try:
            chore.do(place)
        except Exception as error:
            log.error("chore failed", chore=chore.name, error=type(error).__name__, exc_info=error)


def hold_lease(database: Database, holder: str) -> bool:
    """True when this process is the one that works, now and for at least half a minute.

    It writes only when it has to: each commit makes every page for visitors anew (`app.core.kept_pages`).
    """
    until = now() + LEASE_LASTS
    with database.session() as session:
        if _holds_long_enough(session, holder):
            return True
        return _renew(session, holder) or insert_once(session, Lease, name=LEASE, holder=holder, until=until)


def keep_lease(database: Database, holder: str, stop: threading.Event) -> None:
    """A chore may take longer than the lease lasts: whoever holds it goes on holding it while it works."""
    while not stop.wait(LEASE_LASTS.total_seconds() / 3):
        try:
            with database.session() as session:
                _extend(session, holder, and_(col(Lease.holder) == holder, col(Lease.until) > now()))
        except DBAPIError as error:
            log.warning("lease", error=type(error).__name__)


def _holds_long_enough(session: Session, holder: str) -> bool:
    enough = now() + LEASE_LASTS / 2
    mine = select(Lease.name).where(Lease.name == LEASE, Lease.holder == holder, Lease.until > enough)
    return session.exec(mine).first() is not None


def _renew(session: Session, holder: str) -> bool:
    return _extend(session, holder, or_(col(Lease.until) < now(), col(Lease.holder) == holder))


def _extend(session: Session, holder: str, may: ColumnElement[bool]) -> bool:
    """True when `holder` has the lease from now on."""
    mine = update(Lease).where(col(Lease.name) == LEASE, may).values(holder=holder, until=now() + LEASE_LASTS)
    return count_changed(session, mine) == 1


def release_lease(database: Database, holder: str) -> None:
    with database.session() as session:
        mine = update(Lease).where(col(Lease.name) == LEASE, col(Lease.holder) == holder)
        session.execute(mine.values(until=now()))
