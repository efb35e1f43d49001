"""Passing the second factor after signing in, and again for what needs more care."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts import passkeys, queries, second_factor
from app.accounts.access import Holder
from app.accounts.confirming import as_json, confirm_browser
from app.accounts.forms import PasskeyForm, SecondFactorForm
from app.accounts.queries import Presence
from app.core.db import Database, SessionDep
from app.core.forms import Submission, form_of
from app.core.i18n import Text, _
from app.core.web import go, local_path, render, settings_of

router = APIRouter()

CodeSubmission = Annotated[Submission[SecondFactorForm], Depends(form_of(SecondFactorForm))]
PasskeySubmission = Annotated[Submission[PasskeyForm], Depends(form_of(PasskeyForm))]

WRONG = _("That code is not right, or it was used already. Wait for the next code in your app and type that one.")
TOO_OFTEN = _("Too many wrong codes. Use a passkey, wait a few hours, or ask an administrator for a reset.")
REFUSED = _("That did not work with this passkey. Try again, or use a code.")


@router.get("/sign-in/second-factor")
def show_second_factor(request: Request, session: SessionDep, holder: Holder, next: str = "") -> Response:
    if not queries.has_second_factor(session, holder.person.id):
        return go(request, "/me/second-factor")
    return ask(request, session, holder, local_path(next))


@router.post("/sign-in/second-factor")
def enter_code(request: Request, session: SessionDep, holder: Holder, submission: CodeSubmission) -> Response:
    next_page = local_path(submission.typed.get("next"))
    if not submission.ok:
        return ask(request, session, holder, next_page, submission.errors["code"])
    database: Database = request.app.state.database
    if not second_factor.claim_try(database, holder.person):
        return ask(request, session, holder, next_page, TOO_OFTEN)
    if not second_factor.use_code(session, holder.person, submission.data.code, settings_of(request).secret_key):
        return ask(request, session, holder, next_page, WRONG)
    return confirm_browser(request, session, holder, go(request, next_page))


@router.post("/sign-in/second-factor/challenge")
def give_challenge(request: Request, session: SessionDep, holder: Holder) -> Response:
    return as_json(passkeys.options_to_confirm(session, holder.session_id, holder.person, settings_of(request)))


@router.post("/sign-in/second-factor/passkey")
def use_passkey(request: Request, session: SessionDep, holder: Holder, submission: PasskeySubmission) -> Response:
    next_page = local_path(submission.typed.get("next"))
    settings = settings_of(request)
    if not submission.ok or not passkeys.is_right_passkey(
        session, holder.session_id, holder.person, submission.data.credential, settings
    ):
        return ask(request, session, holder, next_page, REFUSED)
    return confirm_browser(request, session, holder, go(request, next_page))


def ask(request: Request, session: Session, holder: Presence, next_page: str, error: Text | None = None) -> Response:
    return render(
        request,
        "accounts/second_factor.html",
        status=422 if error else 200,
        factors=queries.factors_of(session, holder.person.id),
        next=next_page,
        typed={},
        errors={"code": error} if error else {},
    )
