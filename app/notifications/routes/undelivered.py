"""Mail that did not arrive."""

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Admin
from app.core.db import SessionDep
from app.core.web import After, go, render
from app.notifications import dead_letters
from app.notifications.access import SomeMail

router = APIRouter(prefix="/admin/mail")


@router.get("")
def list_undelivered(request: Request, session: SessionDep, admin: Admin, after: After = "") -> Response:
    return render_list(request, session, after)


@router.post("/{mail_id}/again")
def try_again(request: Request, session: SessionDep, admin: Admin, mail: SomeMail) -> Response:
    dead_letters.try_again(session, admin, mail)
    return go(request, "/admin/mail", "saved")


@router.post("/{mail_id}/address")
def show_address(request: Request, session: SessionDep, admin: Admin, mail: SomeMail) -> Response:
    """Shown once, on this answer, and written down."""
    address = dead_letters.look_up_address(session, admin, mail)
    return render_list(request, session, "", {mail.id: address})


def render_list(request: Request, session: Session, after: str, seen: dict[int, str] | None = None) -> Response:
    page = dead_letters.undelivered(session, after)
    return render(request, "notifications/undelivered.html", page=page, seen=seen or {}, is_first=not after)
