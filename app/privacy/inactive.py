"""Accounts that nobody uses: a warning by mail first, then they go; what was written stays without a name."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, update
from sqlmodel import Session, col, select

from app.accounts.models import ApiToken, Person, RoleGrant
from app.activity.actions import post, write_down
from app.core.clock import now
from app.core.writes import count_changed
from app.privacy.erasing import Choice, erase
from app.settings import Settings

WARNED_BEFORE = timedelta(days=30)
AT_ONCE = 100


def erase_unused(session: Session, settings: Settings) -> int:
    """Returns how many heard or went; some at a time, so that nobody waits long for the write lock."""
    return _warn(session, settings) + _erase(session, settings) + _let_go(session)


def account_is_unused(session: Session, settings: Settings) -> int:
    """How many accounts would be warned or erased now."""
    either = or_(_to_warn(settings), _to_erase(settings), _is_over())
    return session.exec(select(func.count()).select_from(Person).where(either)).one()


def _warn(session: Session, settings: Settings) -> int:
    people = session.exec(select(Person).where(_to_warn(settings)).order_by(col(Person.id)).limit(AT_ONCE)).all()
    return sum(_warn_one(session, person) for person in people)


def _warn_one(session: Session, person: Person) -> bool:
    """The mail leaves with the note that it did, once."""
    first = update(Person).where(
        col(Person.id) == person.id, col(Person.warned_at).is_(None), _last_seen() == _seen(person)
    )
    if not count_changed(session, first.values(warned_at=now())):
        return False
    goes_on = (now() + WARNED_BEFORE).isoformat()
    post(session, "account_unused", person.id, person.locale, {"goes_on": goes_on, "since": _seen(person).isoformat()})
    return True


def _erase(session: Session, settings: Settings) -> int:
    gone = select(Person).where(_to_erase(settings)).order_by(col(Person.id)).limit(AT_ONCE)
    people = session.exec(gone.with_for_update(skip_locked=True)).all()
    for person in people:
        erase(session, person, Choice.KEEP)
        write_down(session, "person.erased", "person", person.id, actor_id=None, facts={"choice": "unused"})
    return len(people)


def _let_go(session: Session) -> int:
    """Suspended people who left: their address stayed until the suspension was over."""
    over = update(Person).where(_is_over())
    return count_changed(session, over.values(email=None, suspended_until=None))


def _is_over() -> ColumnElement[bool]:
    return and_(col(Person.erased_at).is_not(None), col(Person.suspended_until) < now())


def _to_warn(settings: Settings) -> ColumnElement[bool]:
    since = now() - timedelta(days=settings.inactive_days) + WARNED_BEFORE
    return and_(_may_go(), _last_seen() < since, col(Person.warned_at).is_(None), col(Person.email).is_not(None))


def _to_erase(settings: Settings) -> ColumnElement[bool]:
    """Who has no address cannot be warned."""
    heard = or_(col(Person.warned_at) < now() - WARNED_BEFORE, col(Person.email).is_(None))
    return and_(_may_go(), _last_seen() < now() - timedelta(days=settings.inactive_days), heard)


def _may_go() -> ColumnElement[bool]:
    """Staff are an administrator's care; a token may be in use without anybody signing in."""
    has_role = exists().where(col(RoleGrant.person_id) == col(Person.id))
    has_token = exists().where(col(ApiToken.person_id) == col(Person.id), col(ApiToken.revoked_at).is_(None))
    return and_(col(Person.erased_at).is_(None), ~has_role, ~has_token)


def _last_seen() -> ColumnElement[datetime]:
    return func.coalesce(col(Person.signed_in_at), col(Person.created_at), type_=Person.__table__.c.created_at.type)  # type: ignore[attr-defined]


def _seen(person: Person) -> datetime:
    return person.signed_in_at or person.created_at
