"""Stopping mail with one click, by the mail program or by its reader; nobody has to sign in for it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.access import Viewer
from app.coalition.actions import leave
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.i18n import _
from app.core.web import render, settings_of
from app.following.actions import stop_all_alerts
from app.notifications.actions import MAILED, stop_mail
from app.notifications.coalition_letters import COALITION
from app.notifications.links import read_unsubscribe
from app.notifications.models import NoticeKind

router = APIRouter()


def read_token(request: Request, token: str) -> tuple[int, str]:
    wish = read_unsubscribe(settings_of(request), token)
    if wish is None:
        raise NotFound(_("This link is not whole. Copy it from the mail again, or sign in and choose what you get."))
    return wish


Wish = Annotated[tuple[int, str], Depends(read_token)]


@router.get("/unsubscribe/{token}")
def show_unsubscribe(request: Request, viewer: Viewer, token: str, wish: Wish) -> Response:
    """Mail scanners open links; nothing happens before somebody presses the button."""
    return render(request, "notifications/unsubscribe.html", token=token, what=wish[1], is_done=False)


@router.post("/unsubscribe/{token}")
def unsubscribe(request: Request, session: SessionDep, token: str, wish: Wish) -> Response:
    """Answers at once, without a way to another page (RFC 8058); pressed again, it says the same."""
    person_id, what = wish
    if what.startswith(COALITION):
        leave(session, person_id, int(what.removeprefix(COALITION)))
    elif what == "alerts":
        stop_all_alerts(session, person_id)
    else:
        stop_mail(session, person_id, MAILED if what == "all" else (NoticeKind(what),))
    return render(request, "notifications/unsubscribe.html", token=token, what=what, is_done=True)
