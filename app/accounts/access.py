"""Who is asking, and what that lets them do. A route's signature names its rule."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from app.accounts import queries
from app.accounts.models import Person, Role
from app.accounts.presence import has_run_out, is_fresh, keep_seen, wake_or_put_to_sleep
from app.accounts.queries import Presence
from app.core.db import SessionDep
from app.core.errors import IdentityNeeded, NotAllowed, NotFound, SecondFactorNeeded, SignInNeeded
from app.core.i18n import _, say_date
from app.core.web import cookie_name, settings_of

SESSION_COOKIE = "session"


async def see_viewer(request: Request, session: SessionDep) -> Person | None:
    """Everybody may come in; who is signed in is known to the page."""
    key = _session_key(request)
    presence = await run_in_threadpool(_recognise, request, session, key) if key else None
    return _introduce(request, presence)


def see_who_got_lost(request: Request) -> None:
    """For the page at an address that no route serves, where nothing else asked who is there."""
    if key := _session_key(request):
        with suppress(SQLAlchemyError), request.app.state.database.session() as session:
            _introduce(request, _recognise(request, session, key))


def _session_key(request: Request) -> str | None:
    return request.cookies.get(cookie_name(settings_of(request), SESSION_COOKIE))


def _introduce(request: Request, presence: Presence | None) -> Person | None:
    request.state.presence = presence
    request.state.viewer = presence.person if presence else None
    request.state.locale = presence.person.locale if presence else None
    return presence.person if presence else None


def _recognise(request: Request, session: Session, key: str) -> Presence | None:
    presence = queries.presence_with(session, key)
    request.state.ran_out = presence is not None and has_run_out(presence)
    if presence is None or request.state.ran_out:
        return None
    confirmed = presence.second_factor_at is not None
    wake_or_put_to_sleep(session, presence.person, confirmed, settings_of(request).requires_second_factor)
    keep_seen(request.app.state.database, presence)
    return presence


Viewer = Annotated[Person | None, Depends(see_viewer)]


async def require_resident(viewer: Viewer) -> Person:
    if viewer is None:
        raise SignInNeeded
    return viewer


Resident = Annotated[Person, Depends(require_resident)]


def require_active(person: Person) -> Person:
    """Suspended people read, but do not write; raises NotAllowed with the date until when."""
    if person.suspended_until is not None and person.is_suspended:
        until = say_date(person.suspended_until, person.locale)
        raise NotAllowed(
            _("Your account is suspended until %(date)s. Until then you can read, but not write.", date=until)
        )
    return person


async def require_writer(resident: Resident) -> Person:
    return require_active(resident)


Writer = Annotated[Person, Depends(require_writer)]


def require_role(*roles: Role) -> Callable[[Request, Person | None], Awaitable[Person]]:
    """Who has none of the roles gets the same answer as for a page that never was.

    Raises SecondFactorNeeded for those whose roles sleep, and SignInNeeded for staff who were away too long.
    """

    async def check(request: Request, viewer: Viewer) -> Person:
        if viewer is None and getattr(request.state, "ran_out", False):
            raise SignInNeeded(_("You were away for a while. Sign in again to go on."))
        if viewer is None or not viewer.holds_role(*roles):
            raise NotFound
        if viewer.roles_asleep:
            raise SecondFactorNeeded
        return viewer

    return check


def require_fresh(*roles: Role) -> Callable[[Request, Person], Awaitable[Person]]:
    """Like `require_role`, for what needs more care: the second factor was passed in the last 10 minutes."""

    async def check(request: Request, staff: Annotated[Person, Depends(require_role(*roles))]) -> Person:
        if not is_fresh(presence_in(request)):
            raise SecondFactorNeeded
        return staff

    return check


def presence_in(request: Request) -> Presence:
    """The session behind this request, of somebody who is signed in."""
    presence: Presence | None = getattr(request.state, "presence", None)
    if presence is None:
        raise SignInNeeded
    return presence


Team = Annotated[Person, Depends(require_role(Role.TEAM))]
Moderator = Annotated[Person, Depends(require_role(Role.MODERATOR))]
Admin = Annotated[Person, Depends(require_role(Role.ADMIN))]
FreshAdmin = Annotated[Person, Depends(require_fresh(Role.ADMIN))]


def require_identified(request: Request, session: SessionDep, resident: Resident) -> Person:
    """For what cannot be undone or tells everything: they signed in, or confirmed by mail, in the last 10 minutes.

    Whoever has a second factor shows that instead.
    """
    presence = presence_in(request)
    if resident.holds_roles and not is_fresh(presence):
        raise SecondFactorNeeded
    if presence.second_factor_at is None and not queries.was_identified(session, presence.session_id):
        raise IdentityNeeded
    return resident


Identified = Annotated[Person, Depends(require_identified)]


async def require_holder(request: Request, resident: Resident) -> Presence:
    """Somebody with a role, also when it sleeps: for passing or setting up the second factor, nothing else."""
    if not resident.holds_roles:
        raise NotFound
    return presence_in(request)


Holder = Annotated[Presence, Depends(require_holder)]


def require_keeper(holder: Holder, session: SessionDep) -> Presence:
    """May change their second factor: who has just passed it, or has none yet."""
    if queries.has_second_factor(session, holder.person.id) and not is_fresh(holder):
        raise SecondFactorNeeded
    return holder


Keeper = Annotated[Presence, Depends(require_keeper)]


def bearer_of(session: Session, authorization: str) -> Person | None:
    """The person behind an API token, or None without one; raises SignInNeeded for a token that is not valid."""
    scheme, _space, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        return None
    person = queries.person_with_token(session, token.strip())
    if person is None:
        raise SignInNeeded(_("This token is not valid. It may have a typing error, or it was withdrawn."))
    return person


def see_caller(request: Request, session: SessionDep) -> Person | None:
    """For the API: anybody may read; a bearer token says who is calling. It passes no second factor, so roles sleep."""
    person = bearer_of(session, request.headers.get("authorization", ""))
    if person is not None:
        person.put_roles_to_sleep()
    return person


Caller = Annotated[Person | None, Depends(see_caller)]


def require_caller(caller: Caller) -> Person:
    if caller is None:
        raise SignInNeeded(_("This call needs a token: send the header “Authorization: Bearer”, then your token."))
    return caller


ApiResident = Annotated[Person, Depends(require_caller)]


def require_api_writer(resident: ApiResident) -> Person:
    return require_active(resident)


ApiWriter = Annotated[Person, Depends(require_api_writer)]
