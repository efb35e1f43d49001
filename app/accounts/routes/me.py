"""My own page: name, language, where I am signed in; leaving; and the house rules, which everybody accepts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts import actions, queries
from app.accounts.access import SESSION_COOKIE, Resident, Viewer, Writer, presence_in
from app.accounts.forms import IntroductionForm
from app.accounts.signing_out import leave
from app.content.actions import publish_name
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.forms import Submission, form_of
from app.core.i18n import _
from app.core.web import (
    LOCALE_COOKIE,
    YEAR,
    After,
    RowId,
    cookie_name,
    go,
    local_path,
    locale_of,
    render,
    set_cookie,
    settings_of,
)
from app.issues.road import roads_of
from app.moderation.visibility import is_hidden_name
from app.verdicts.queries import waiting_for

router = APIRouter()

Introduction = Annotated[Submission[IntroductionForm], Depends(form_of(IntroductionForm))]


@router.get("/me")
def show_me(request: Request, session: SessionDep, resident: Resident, after: After = "") -> Response:
    return render(
        request,
        "accounts/me.html",
        "accounts/_my_issues.html",
        sessions=queries.sessions_of(session, resident),
        here_id=presence_in(request).session_id,
        waiting=waiting_for(session, resident.id),
        mine=roads_of(session, resident.id, after),
        is_first=not after,
    )


@router.get("/welcome")
def show_welcome(request: Request, session: SessionDep, resident: Resident, next: str = "/") -> Response:
    typed = {"display_name": resident.display_name, "locale": resident.locale}
    return render(request, "accounts/welcome.html", typed=typed, errors={}, next=local_path(next))


@router.post("/welcome")
def introduce_yourself(request: Request, session: SessionDep, writer: Writer, submission: Introduction) -> Response:
    next_page = local_path(submission.typed.get("next"))
    if submission.ok and is_hidden_name(session, writer.id, submission.data.display_name):
        submission.refuse("display_name", _("A moderator took this name away. Choose another one."))
    if not submission.ok:
        return render(
            request,
            "accounts/welcome.html",
            status=422,
            typed=submission.typed,
            errors=submission.errors,
            next=next_page,
        )
    form, is_new = submission.data, writer.welcomed_at is None
    actions.introduce_yourself(session, writer, form.display_name, form.locale)
    publish_name(session, writer.id, form.locale)
    return go(request, next_page, "introduced" if is_new else "saved")


@router.get("/about/rules")
def show_rules(request: Request, session: SessionDep, viewer: Viewer) -> Response:
    rules = queries.newest_house_rules(session)
    if rules is None:
        raise NotFound
    return render(request, "accounts/rules.html", kept=True, rules=rules, text=rules.text(locale_of(request)))


@router.post("/sign-out")
def sign_out(request: Request, session: SessionDep, viewer: Viewer) -> Response:
    key = request.cookies.get(cookie_name(settings_of(request), SESSION_COOKIE))
    if key:
        actions.sign_out(session, key)
    return leave(request)


@router.post("/sign-out/everywhere")
def sign_out_everywhere(request: Request, session: SessionDep, resident: Resident) -> Response:
    actions.sign_out_everywhere(session, resident)
    return leave(request)


@router.post("/me/sessions/{session_id}/end")
def sign_out_one(request: Request, session: SessionDep, resident: Resident, session_id: RowId) -> Response:
    actions.sign_out_one(session, resident, session_id)
    return go(request, "/me", "saved")


@router.post("/language/{locale}")
def choose_language(request: Request, session: SessionDep, viewer: Viewer, locale: str, next: str = "/") -> Response:
    if locale not in ("nl", "en"):
        raise NotFound
    if viewer is not None:
        viewer.locale = locale
        session.add(viewer)
    response = go(request, local_path(next))
    set_cookie(request, response, LOCALE_COOKIE, locale, max_age=YEAR)
    return response
