"""Showing once more that it is you: a code by mail, in the browser that is signed in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts import actions
from app.accounts.access import Resident, presence_in
from app.accounts.forms import CodeForm
from app.accounts.mailed_code import CODES_PER_NETWORK, mail_code, waiting_in, what_is_wrong
from app.accounts.models import Person, SignInRequest
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.i18n import Text, _
from app.core.limits import limiter_of, network_of
from app.core.web import forget_cookie, go, local_path, render

router = APIRouter()

CONFIRM_COOKIE = "confirm"
PAGE = "/me/confirm"
CodeSubmission = Annotated[Submission[CodeForm], Depends(form_of(CodeForm))]
RUN_OUT = _("That code has run out, or this is another browser. Ask for a new code.")


@router.get(PAGE)
def show_confirm(request: Request, session: SessionDep, resident: Resident, next: str = "/me/data") -> Response:
    return show(request, waiting_of(request, session, resident), local_path(next, "/me/data"))


@router.post(PAGE)
def send_code(request: Request, session: SessionDep, resident: Resident, next: str = "/me/data") -> Response:
    if resident.email is None:
        return go(request, "/me")
    go_to = local_path(next, "/me/data")
    return mail_code(request, session, resident.email, go_to, template="confirm", cookie=CONFIRM_COOKIE, then=PAGE)


@router.post(PAGE + "/code")
def enter_code(request: Request, session: SessionDep, resident: Resident, submission: CodeSubmission) -> Response:
    limiter_of(request).count(CODES_PER_NETWORK, network_of(request))
    waiting = waiting_of(request, session, resident)
    if waiting is None:
        return show(request, None, "/me/data", RUN_OUT)
    if wrong := what_is_wrong(request, waiting, submission):
        return show(request, waiting, waiting.go_to, wrong)
    if not actions.confirm_identity(session, presence_in(request).session_id, waiting):
        return show(request, None, waiting.go_to, RUN_OUT)
    response = go(request, waiting.go_to)
    forget_cookie(request, response, CONFIRM_COOKIE)
    return response


def waiting_of(request: Request, session: Session, person: Person) -> SignInRequest | None:
    """Only a code that went to this very person's mailbox counts."""
    waiting = waiting_in(request, session, CONFIRM_COOKIE)
    return waiting if waiting is not None and waiting.email == person.email else None


def show(request: Request, waiting: SignInRequest | None, next_page: str, error: Text | None = None) -> Response:
    return render(
        request,
        "accounts/confirm.html",
        status=422 if error else 200,
        waiting=waiting,
        next=waiting.go_to if waiting else next_page,
        errors={"code": error} if error else {},
        typed={},
    )
