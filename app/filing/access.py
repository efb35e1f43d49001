"""Whose draft is it? The browser's that holds the owner cookie."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from app.accounts.keys import fingerprint, new_key
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.limits import limiter_of, network_of
from app.core.web import cookie_name, set_cookie, settings_of
from app.filing.models import KEPT_FOR, Draft

OWNER_COOKIE = "draft"


def owner_key_of(request: Request) -> str:
    """The browser's key for its drafts, or an empty text when it has none yet."""
    return request.cookies.get(cookie_name(settings_of(request), OWNER_COOKIE), "")


def owner_key_or_new(request: Request) -> str:
    """The browser's key; a new one is remembered by `hand_over_owner_key`."""
    if not hasattr(request.state, "owner_key"):
        request.state.owner_key = owner_key_of(request) or new_key()
    key: str = request.state.owner_key
    return key


def hand_over_owner_key(request: Request, response: Response) -> None:
    name = cookie_name(settings_of(request), OWNER_COOKIE)
    set_cookie(request, response, name, owner_key_or_new(request), max_age=int(KEPT_FOR.total_seconds()))


def network_key_of(request: Request) -> str:
    """By which drafts are counted per network, without keeping anybody's address."""
    return limiter_of(request).pseudonym(network_of(request))


def load_own_draft(request: Request, session: SessionDep, draft_id: str) -> Draft:
    draft = session.get(Draft, draft_id[:64])
    if draft is None or draft.owner_hash != fingerprint(owner_key_of(request)):
        raise NotFound
    return draft


OwnDraft = Annotated[Draft, Depends(load_own_draft)]
