"""Setting up, listing and removing a second factor on one's own page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts import passkeys, queries, second_factor
from app.accounts.access import Holder, Keeper
from app.accounts.browsers import name_browser
from app.accounts.confirming import as_json, confirm_browser, not_kept
from app.accounts.forms import PasskeyForm, SecondFactorForm
from app.accounts.presence import is_fresh
from app.accounts.queries import Presence
from app.accounts.setup_picture import draw_setup_picture, setup_address
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.forms import Submission, form_of
from app.core.i18n import Text, _
from app.core.web import RowId, go, render, settings_of

router = APIRouter()

OVERVIEW = "/me/second-factor"
CodeSubmission = Annotated[Submission[SecondFactorForm], Depends(form_of(SecondFactorForm))]
PasskeySubmission = Annotated[Submission[PasskeyForm], Depends(form_of(PasskeyForm))]

NOT_THIS_CODE = _("That code is not right. Type the one that your app shows now, and check the clock of your phone.")
NOT_MADE = _("The passkey was not made. Try again, or set up an authenticator app.")


@router.get("/me/second-factor")
def show_second_factor(request: Request, session: SessionDep, holder: Holder) -> Response:
    return overview(request, session, holder)


@router.post("/me/second-factor/app")
def begin_app(request: Request, session: SessionDep, keeper: Keeper) -> Response:
    second_factor.begin_app(session, keeper.session_id, keeper.person, settings_of(request).secret_key)
    return go(request, f"{OVERVIEW}/app")


@router.get("/me/second-factor/app")
def show_app(request: Request, session: SessionDep, keeper: Keeper) -> Response:
    return app_page(request, secret_of(request, session, keeper))


@router.get("/me/second-factor/app/picture.svg")
def show_picture(request: Request, session: SessionDep, keeper: Keeper) -> Response:
    secret = secret_of(request, session, keeper)
    picture = draw_setup_picture(setup_address(secret, keeper.person, request.app.state.city(request).name))
    return not_kept(Response(picture, media_type="image/svg+xml"))


@router.post("/me/second-factor/app/confirmation")
def confirm_app(request: Request, session: SessionDep, keeper: Keeper, submission: CodeSubmission) -> Response:
    secret, key = secret_of(request, session, keeper), settings_of(request).secret_key
    if not submission.ok:
        return app_page(request, secret, submission.errors["code"])
    if not second_factor.confirm_app(session, keeper.session_id, keeper.person, secret, submission.data.code, key):
        return app_page(request, secret, NOT_THIS_CODE)
    return set_up(request, session, keeper)


@router.post("/me/second-factor/app/removal")
def remove_app(request: Request, session: SessionDep, keeper: Keeper) -> Response:
    second_factor.remove_app(session, keeper.person)
    return go(request, OVERVIEW, "saved")


@router.post("/me/second-factor/passkeys/challenge")
def give_challenge(request: Request, session: SessionDep, keeper: Keeper) -> Response:
    return as_json(passkeys.options_to_register(session, keeper.session_id, keeper.person, settings_of(request)))


@router.post("/me/second-factor/passkeys")
def add_passkey(request: Request, session: SessionDep, keeper: Keeper, submission: PasskeySubmission) -> Response:
    if not submission.ok:
        return overview(request, session, keeper, NOT_MADE)
    form = submission.data
    name = form.name or name_browser(request.headers.get("user-agent", "")) or "–"
    settings = settings_of(request)
    if not passkeys.register(session, keeper.session_id, keeper.person, form.credential, name, settings):
        return overview(request, session, keeper, NOT_MADE)
    return set_up(request, session, keeper)


@router.post("/me/second-factor/passkeys/{passkey_id}/removal")
def remove_passkey(request: Request, session: SessionDep, keeper: Keeper, passkey_id: RowId) -> Response:
    second_factor.remove_passkey(session, keeper.person, passkey_id)
    return go(request, OVERVIEW, "saved")


@router.post("/me/second-factor/recovery-codes")
def renew_recovery_codes(request: Request, session: SessionDep, keeper: Keeper) -> Response:
    if not queries.has_second_factor(session, keeper.person.id):
        raise NotFound
    codes = second_factor.renew_recovery_codes(session, keeper.person, settings_of(request).secret_key)
    return show_codes(request, codes)


def set_up(request: Request, session: Session, keeper: Presence) -> Response:
    """Whoever has just set one up has it, so this browser is confirmed; the first time with recovery codes."""
    codes = second_factor.first_recovery_codes(session, keeper.person, settings_of(request).secret_key)
    keeper.person.wake_roles()
    response = show_codes(request, codes) if codes else go(request, OVERVIEW, "saved")
    return confirm_browser(request, session, keeper, response)


def show_codes(request: Request, codes: list[str]) -> Response:
    return not_kept(render(request, "accounts/recovery_codes.html", codes=codes))


def secret_of(request: Request, session: Session, keeper: Presence) -> str:
    """The secret that waits for its first code in this browser; raises NotFound when none does."""
    key = settings_of(request).secret_key
    secret = second_factor.new_app_secret(session, keeper.session_id, keeper.person, key)
    if secret is None:
        raise NotFound
    return secret


def app_page(request: Request, secret: str, error: Text | None = None) -> Response:
    errors = {"code": error} if error else {}
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    status = 422 if error else 200
    return not_kept(
        render(request, "accounts/second_factor_app.html", status=status, secret=groups, typed={}, errors=errors)
    )


def overview(request: Request, session: Session, holder: Presence, error: Text | None = None) -> Response:
    return render(
        request,
        "accounts/my_second_factor.html",
        status=422 if error else 200,
        factors=queries.factors_of(session, holder.person.id),
        is_fresh=is_fresh(holder),
        is_required=settings_of(request).requires_second_factor,
        error=error,
    )
