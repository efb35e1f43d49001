"""What I am told, and how often by mail."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Resident
from app.accounts.models import Person
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.web import After, go, render
from app.following.models import Pace
from app.following.queries import alerts_of
from app.notifications import actions
from app.notifications.access import OwnNotice
from app.notifications.forms import MailForm
from app.notifications.queries import choices_of, count_unread, read_notices
from app.notifications.telling import PROPOSED

router = APIRouter(prefix="/me")

Chosen = Annotated[Submission[MailForm], Depends(form_of(MailForm))]


@router.get("/notices")
def list_notices(request: Request, session: SessionDep, resident: Resident, after: After = "") -> Response:
    page = read_notices(session, resident.id, after)
    return render(
        request,
        "notifications/notices.html",
        "notifications/_notices.html",
        page=page,
        unread=count_unread(session, resident.id),
        is_first=not after,
    )


@router.post("/notices/read")
def mark_all_read(request: Request, session: SessionDep, resident: Resident) -> Response:
    actions.mark_all_read(session, resident)
    return go(request, "/me/notices", "saved")


@router.post("/notices/{notice_id}")
def open_notice(request: Request, session: SessionDep, resident: Resident, told: OwnNotice) -> Response:
    """Reading a notice is going where it happened; a button, because looking at an address changes nothing."""
    actions.mark_read(session, resident, told.notice)
    return go(request, told.path)


@router.get("/notifications")
def show_choices(request: Request, session: SessionDep, resident: Resident) -> Response:
    return render_choices(request, session, resident)


@router.post("/notifications")
def choose_paces(request: Request, session: SessionDep, resident: Resident, submission: Chosen) -> Response:
    if not submission.ok:
        return render_choices(request, session, resident, submission)
    actions.choose_paces(session, resident.id, submission.data.chosen)
    return go(request, "/me/notifications", "saved")


def render_choices(
    request: Request, session: Session, resident: Person, submission: Submission[MailForm] | None = None
) -> Response:
    chosen = choices_of(session, resident.id)
    stands = {kind.value: chosen[kind].pace if kind in chosen else PROPOSED[kind] for kind in actions.MAILED}
    return render(
        request,
        "notifications/choices.html",
        status=422 if submission else 200,
        kinds=actions.MAILED,
        paces=list(Pace),
        typed={**stands, **(submission.typed if submission else {})},
        errors=submission.errors if submission else {},
        alerts=alerts_of(session, resident.id),
    )
