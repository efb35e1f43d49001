"""Answers that both the sign-in and the own page of somebody on the staff give about a second factor."""

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts import second_factor
from app.accounts.access import SESSION_COOKIE
from app.accounts.queries import Presence
from app.core.clock import now
from app.core.web import cookie_name, set_cookie, settings_of


def confirm_browser(request: Request, session: Session, holder: Presence, response: Response) -> Response:
    """From here on the roles are awake in this browser, which gets a new key for it."""
    key = second_factor.pass_second_factor(session, holder.session_id, holder.person)
    left = int((holder.expires_at - now()).total_seconds())
    set_cookie(request, response, cookie_name(settings_of(request), SESSION_COOKIE), key, max_age=left)
    return response


def not_kept(response: Response) -> Response:
    """For secrets that are shown once: no cache may hold them."""
    response.headers["Cache-Control"] = "no-store"
    return response


def as_json(options: str) -> Response:
    return not_kept(Response(options, media_type="application/json"))
