"""Another e-mail address: a code to the new one, a notice to the old one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Identified
from app.accounts.forms import CodeForm
from app.accounts.mailed_code import CODES_PER_NETWORK, mail_code, waiting_in, what_is_wrong
from app.accounts.models import SignInRequest
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.i18n import Text, _
from app.core.limits import limiter_of, network_of
from app.core.web import forget_cookie, go, render
from app.privacy import actions
from app.privacy.forms import AddressForm

router = APIRouter()

PAGE = "/me/data/address"
ADDRESS_COOKIE = "address"
NewAddress = Annotated[Submission[AddressForm], Depends(form_of(AddressForm))]
CodeSubmission = Annotated[Submission[CodeForm], Depends(form_of(CodeForm))]
RUN_OUT = _("That code has run out, or this is another browser. Ask for a new code.")


@router.get(PAGE)
def show_address(request: Request, session: SessionDep, identified: Identified) -> Response:
    return address_page(request, waiting_of(request, session))


@router.post(PAGE)
def ask_for_code(request: Request, session: SessionDep, identified: Identified, submission: NewAddress) -> Response:
    """The same answer whether or not somebody has this address: only its mailbox may tell."""
    if not submission.ok:
        return address_page(request, None, submission.typed, submission.errors)
    email = submission.data.email
    return mail_code(request, session, email, PAGE, template="new_address", cookie=ADDRESS_COOKIE, then=PAGE)


@router.post(PAGE + "/code")
def enter_code(request: Request, session: SessionDep, identified: Identified, submission: CodeSubmission) -> Response:
    limiter_of(request).count(CODES_PER_NETWORK, network_of(request))
    waiting = waiting_of(request, session)
    if waiting is None:
        return address_page(request, None, errors={"email": RUN_OUT})
    if wrong := what_is_wrong(request, waiting, submission):
        return address_page(request, waiting, errors={"code": wrong})
    actions.move_to_address(session, identified, waiting)
    response = go(request, "/me/data", "saved")
    forget_cookie(request, response, ADDRESS_COOKIE)
    return response


def waiting_of(request: Request, session: Session) -> SignInRequest | None:
    return waiting_in(request, session, ADDRESS_COOKIE)


def address_page(
    request: Request,
    waiting: SignInRequest | None,
    typed: dict[str, str] | None = None,
    errors: dict[str, Text] | None = None,
) -> Response:
    return render(
        request,
        "privacy/address.html",
        status=422 if errors else 200,
        waiting=waiting,
        typed=typed or {},
        errors=errors or {},
    )
