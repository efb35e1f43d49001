"""What a request may do for somebody on the staff: their sessions are short, and their roles sleep until confirmed."""

from datetime import timedelta

from sqlalchemy import func, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from app.accounts import queries
from app.accounts.models import Person, SignedInSession
from app.accounts.queries import Presence
from app.core.clock import now
from app.core.db import Database
from app.core.logging import log
from app.core.writes import count_changed

STAFF_IDLES_FOR = timedelta(hours=2)
SEEN_EVERY = timedelta(minutes=5)
FRESH_FOR = timedelta(minutes=10)


def has_run_out(presence: Presence) -> bool:
    """Staff who did nothing for a while have to sign in again."""
    return presence.person.holds_roles and presence.seen_at < now() - STAFF_IDLES_FOR


def is_fresh(presence: Presence) -> bool:
    """Whether the second factor was passed just now; true for who has none and needs none."""
    if presence.person.roles_asleep:
        return False
    return presence.second_factor_at is None or presence.second_factor_at > now() - FRESH_FOR


def wake_or_put_to_sleep(session: Session, person: Person, is_confirmed: bool, is_required: bool) -> None:
    """Roles sleep where a second factor is required, or was set up, and has not been passed."""
    if person.holds_roles and not is_confirmed and (is_required or queries.has_second_factor(session, person.id)):
        person.put_roles_to_sleep()


def keep_seen(database: Database, presence: Presence) -> None:
    """Notes now and then, on its own, that somebody on the staff is still there."""
    if not presence.person.holds_roles or presence.seen_at > now() - SEEN_EVERY:
        return
    seen = func.coalesce(SignedInSession.last_seen_at, SignedInSession.created_at)
    mine = update(SignedInSession).where(col(SignedInSession.id) == presence.session_id, seen < now() - SEEN_EVERY)
    try:
        with database.session() as own:
            count_changed(own, mine.values(last_seen_at=now()))
    except DBAPIError as error:  # a full disk keeps nobody from reading
        log.warning("session not kept", error=type(error).__name__)
