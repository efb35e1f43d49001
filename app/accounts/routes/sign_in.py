"""Signing in: an address, then the code or the link from the mail."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts import actions, queries
from app.accounts.access import SESSION_COOKIE, Viewer
from app.accounts.forms import CodeForm, SignInForm
from app.accounts.mailed_code import CODES_PER_NETWORK, mail_code, waiting_in, what_is_wrong
from app.accounts.models import Person, SignInRequest
from app.accounts.presence import wake_or_put_to_sleep
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.forms import Submission, form_of
from app.core.i18n import Text, _
from app.core.limits import limiter_of, network_of
from app.core.web import (
    cookie_name,
    forget_cookie,
    go,
    local_path,
    render,
    set_cookie,
    settings_of,
)
from app.filing.access import owner_key_of
from app.filing.publishing import publish_what_waits
from app.home.tour import guides_through

router = APIRouter()

SIGN_IN_COOKIE = "sign-in"
EmailSubmission = Annotated[Submission[SignInForm], Depends(form_of(SignInForm))]
CodeSubmission = Annotated[Submission[CodeForm], Depends(form_of(CodeForm))]


@router.get("/sign-in")
def show_sign_in(
    request: Request, session: SessionDep, viewer: Viewer, next: str = "", again: bool = False, email: str = ""
) -> Response:
    if viewer is not None:
        return go(request, local_path(next))
    waiting = None if again else waiting_request(request, session)
    if waiting is not None:
        return show_code_form(request, session, waiting)
    return show_sign_in_form(request, session, local_path(next), {"email": email} if email else {}, {})


@router.post("/sign-in")
def sign_in(
    request: Request, session: SessionDep, viewer: Viewer, by_email: EmailSubmission, by_code: CodeSubmission
) -> Response:
    """One address for both steps: a form with `code` is the second."""
    if "code" in by_code.typed:
        return enter_code(request, session, by_code)
    return send_code(request, session, by_email)


def send_code(request: Request, session: Session, submission: Submission[SignInForm]) -> Response:
    next_page = local_path(submission.typed.get("next"))
    if not submission.ok:
        return show_sign_in_form(request, session, next_page, submission.typed, submission.errors)
    return mail_code(
        request,
        session,
        submission.data.email,
        next_page,
        template="sign_in",
        cookie=SIGN_IN_COOKIE,
        then="/sign-in",
    )


def show_sign_in_form(
    request: Request, session: Session, next_page: str, typed: Mapping[str, str], errors: Mapping[str, Text]
) -> Response:
    """In the demo with what to look at, and as whom."""
    return render(
        request,
        "accounts/sign_in.html",
        status=422 if errors else 200,
        next=next_page,
        typed=typed,
        errors=errors,
        guides=guides_through(session),
    )


def enter_code(request: Request, session: Session, submission: Submission[CodeForm]) -> Response:
    limiter_of(request).count(CODES_PER_NETWORK, network_of(request))
    waiting = waiting_request(request, session)
    if waiting is None:
        return start_again(request, session)
    if wrong := what_is_wrong(request, waiting, submission):
        return show_code_form(request, session, waiting, wrong)
    return come_in(request, session, waiting)


@router.get("/sign-in/waiting")
def look_whether_approved(request: Request, session: SessionDep, viewer: Viewer) -> Response:
    """Who came in meanwhile is not led elsewhere: the page that they asked for with their code may be on its way."""
    waiting = waiting_request(request, session)
    if waiting is None and viewer is not None:
        return render(request, "accounts/_came_in.html", "accounts/_came_in.html")
    if waiting is None:
        return go(request, "/sign-in")
    return render(request, "accounts/_waiting.html", "accounts/_waiting.html", approved=waiting.approved_at is not None)


@router.post("/sign-in/waiting")
def go_on_when_approved(request: Request, session: SessionDep, viewer: Viewer) -> Response:
    waiting = waiting_request(request, session)
    if waiting is None:
        return start_again(request, session)
    if waiting.approved_at is None:
        return show_code_form(
            request,
            session,
            waiting,
            _("The link has not been opened yet. Open it, or type the code from the mail."),
        )
    return come_in(request, session, waiting)


@router.get("/sign-in/link/{token}")
def show_link(request: Request, session: SessionDep, viewer: Viewer, token: str) -> Response:
    """Mail scanners open links; nothing happens before somebody presses the button."""
    asked = queries.request_behind_link(session, token)
    if asked is None:
        return render(request, "accounts/link_used.html", status=404)
    return render(request, "accounts/link.html", token=token, asked=asked, here_too=is_same_browser(request, asked))


@router.post("/sign-in/link/{token}")
def use_link(request: Request, session: SessionDep, viewer: Viewer, token: str) -> Response:
    asked = queries.request_behind_link(session, token)
    if asked is None:
        return render(request, "accounts/link_used.html", status=404)
    if is_same_browser(request, asked):
        return come_in(request, session, asked)
    actions.approve(session, asked)
    return render(request, "accounts/link_approved.html")


def come_in(request: Request, session: Session, asked: SignInRequest) -> Response:
    if not actions.use_up(session, asked):
        raise NotFound(_("This code or link has been used already. If you are not signed in, ask for a new one."))
    person, key = actions.sign_in(session, asked)
    request.state.viewer = person
    page, notice = publish_what_waits(session, person, owner_key_of(request)) or (
        first_page(person, asked.go_to),
        "signed-in",
    )
    settings = settings_of(request)
    wake_or_put_to_sleep(session, person, False, settings.requires_second_factor)
    response = go(request, by_way_of_second_factor(page) if person.roles_asleep else page, notice)
    lasts = actions.session_lasts(person)
    set_cookie(request, response, cookie_name(settings, SESSION_COOKIE), key, max_age=int(lasts.total_seconds()))
    forget_cookie(request, response, SIGN_IN_COOKIE)
    return response


def by_way_of_second_factor(page: str) -> str:
    return f"/sign-in/second-factor?next={quote(page)}"


def first_page(person: Person, go_to: str) -> str:
    return "/welcome" if person.welcomed_at is None and go_to == "/" else go_to


def waiting_request(request: Request, session: Session) -> SignInRequest | None:
    return waiting_in(request, session, SIGN_IN_COOKIE)


def is_same_browser(request: Request, asked: SignInRequest) -> bool:
    cookie = request.cookies.get(cookie_name(settings_of(request), SIGN_IN_COOKIE), "")
    return actions.belongs_to_browser(asked, cookie)


def show_code_form(request: Request, session: Session, waiting: SignInRequest, error: Text | None = None) -> Response:
    return render(
        request,
        "accounts/code.html",
        status=422 if error else 200,
        email=waiting.email,
        error=error,
        approved=waiting.approved_at is not None,
        rules_version=queries.newest_rules_version(session),
    )


def start_again(request: Request, session: Session) -> Response:
    errors = {"email": _("That code has run out, or this is another browser. Ask for a new code.")}
    return show_sign_in_form(request, session, "/", {}, errors)
