"""Who is asking, and what that lets them do. A route's signature names its rule."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool

from app.accounts import queries
from app.accounts.models import Person, Role
from app.core.db import SessionDep
from app.core.errors import NotAllowed, NotFound, SignInNeeded
from app.core.i18n import _, say_date
from app.core.web import cookie_name, settings_of

SESSION_COOKIE = "session"


async def see_viewer(request: Request, session: SessionDep) -> Person | None:
    """Everybody may come in; who is signed in is known to the page."""
    key = request.cookies.get(cookie_name(settings_of(request), SESSION_COOKIE))
    person = await run_in_threadpool(queries.person_with_session, session, key) if key else None
    request.state.viewer = person
    request.state.locale = person.locale if person else None
    return person


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


def require_role(*roles: Role) -> Callable[[Person | None], Awaitable[Person]]:
    """Who has none of the roles gets the same answer as for a page that never was."""

    async def check(viewer: Viewer) -> Person:
        if viewer is None or not viewer.has_role(*roles):
            raise NotFound
        return viewer

    return check


Team = Annotated[Person, Depends(require_role(Role.TEAM))]
Moderator = Annotated[Person, Depends(require_role(Role.MODERATOR))]
Admin = Annotated[Person, Depends(require_role(Role.ADMIN))]


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
    """For the API: anybody may read; a bearer token says who is calling."""
    return bearer_of(session, request.headers.get("authorization", ""))


Caller = Annotated[Person | None, Depends(see_caller)]


def require_caller(caller: Caller) -> Person:
    if caller is None:
        raise SignInNeeded(_("This call needs a token: send the header “Authorization: Bearer”, then your token."))
    return caller


ApiResident = Annotated[Person, Depends(require_caller)]


def require_api_writer(resident: ApiResident) -> Person:
    return require_active(resident)


ApiWriter = Annotated[Person, Depends(require_api_writer)]
