"""Reporting what breaks the rules, and seeing what came of it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Resident, Viewer
from app.accounts.keys import new_key
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.forms import Submission, form_of
from app.core.i18n import _
from app.core.limits import limiter_of, network_of
from app.core.web import go, locale_of, render
from app.moderation import appealing, flagging, queries
from app.moderation.access import FlagBehindKey, OwnFlag
from app.moderation.forms import AppealForm, FlagForm
from app.moderation.letters import visitors_path
from app.moderation.limits import (
    APPEALS_PER_NETWORK,
    FLAGS_PER_NETWORK,
    FLAGS_PER_PERSON,
    RECEIPTS_PER_ADDRESS,
)
from app.moderation.models import Flag, Ground
from app.moderation.pointing import subject_at
from app.moderation.subjects import Subject, around, subject_of

router = APIRouter()

Flagged = Annotated[Submission[FlagForm], Depends(form_of(FlagForm))]
Objection = Annotated[Submission[AppealForm], Depends(form_of(AppealForm))]
ContentId = Annotated[int, Query(ge=0, le=2**31 - 1)]


@router.get("/flags/new")
def show_form(
    request: Request, session: SessionDep, viewer: Viewer, content: ContentId = 0, about: ContentId = 0
) -> Response:
    """`about` says which of the things around `content` is chosen to begin with."""
    typed = {"content": str(about or content or ""), "key": "" if viewer else new_key()}
    return render_form(request, session, content, typed, {}, 200)


def render_form(
    request: Request, session: Session, content_id: int, typed: dict[str, str], errors: object, status: int
) -> Response:
    """Hidden and absent look the same. Nobody else may be shown the key that is in it."""
    subject = shown_subject(session, content_id) if content_id else None
    response = render(
        request,
        "flags/new.html",
        status=status,
        subject=subject,
        choices=[subject, *around(session, subject)] if subject else [],
        grounds=list(Ground),
        typed=typed,
        errors=errors,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def shown_subject(session: Session, content_id: int) -> Subject:
    subject = subject_of(session, content_id)
    if subject is None or not subject.is_shown:
        raise NotFound
    return subject


@router.post("/flags")
def flag(request: Request, session: SessionDep, viewer: Viewer, submission: Flagged) -> Response:
    subject = find_subject(session, submission)
    if not submission.ok or subject is None:
        content_id = subject.content.id if subject and not submission.typed.get("address") else 0
        return render_form(request, session, content_id, submission.typed, submission.errors, 422)
    form = submission.data
    if viewer is not None:
        limiter_of(request).count(FLAGS_PER_PERSON, str(viewer.id))
        return go(request, flagging.flag_as_person(session, viewer, subject, form).path, "flagged")
    limiter_of(request).count(FLAGS_PER_NETWORK, network_of(request))
    if form.email:
        limiter_of(request).count(RECEIPTS_PER_ADDRESS, form.email)
    _flag, key = flagging.flag_as_visitor(session, subject, form, locale_of(request))
    return go(request, visitors_path(key), "flagged")


def find_subject(session: Session, submission: Submission[FlagForm]) -> Subject | None:
    """By its number, which a page gave; or by an address that somebody typed, with what is wrong beside the field."""
    number = submission.typed.get("content", "")
    if number.isascii() and number.isdigit() and len(number) < 10:
        return shown_subject(session, int(number))
    if address := submission.typed.get("address"):
        subject = subject_at(session, address)
        if subject is None:
            submission.refuse("address", _("We cannot find this on our site. Copy the address of the page."))
        return subject
    submission.refuse("address", _("Say where it is: copy the address of the page."))
    return None


@router.get("/flags")
def list_flags(request: Request, session: SessionDep, resident: Resident) -> Response:
    return render(request, "flags/mine.html", flags=queries.flags_of(session, resident.id))


@router.get("/flags/{flag_id}")
def show_flag(request: Request, session: SessionDep, flag: OwnFlag) -> Response:
    return render_flag(request, session, flag, flag.path, {}, {}, 200)


@router.get("/flags/by-link/{key}")
def show_flag_of_visitor(
    request: Request, session: SessionDep, viewer: Viewer, flag: FlagBehindKey, key: str
) -> Response:
    return render_flag(request, session, flag, visitors_path(key), {}, {}, 200)


def render_flag(
    request: Request, session: Session, flag: Flag, path: str, typed: dict[str, str], errors: object, status: int
) -> Response:
    response = render(
        request,
        "flags/show.html",
        status=status,
        flag=flag,
        decision=flag.decision,
        path=path,
        appeal=queries.appeal_about_flag(session, flag.id),
        may_appeal=appealing.may_flagger_appeal(flag.decision),
        typed=typed,
        errors=errors,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@router.post("/flags/{flag_id}/appeal")
def appeal(request: Request, session: SessionDep, flag: OwnFlag, submission: Objection) -> Response:
    return take_appeal(request, session, flag, flag.path, submission)


@router.post("/flags/by-link/{key}/appeal")
def appeal_as_visitor(
    request: Request, session: SessionDep, viewer: Viewer, flag: FlagBehindKey, key: str, submission: Objection
) -> Response:
    limiter_of(request).count(APPEALS_PER_NETWORK, network_of(request))
    return take_appeal(request, session, flag, visitors_path(key), submission)


def take_appeal(
    request: Request, session: Session, flag: Flag, path: str, submission: Submission[AppealForm]
) -> Response:
    if not submission.ok:
        return render_flag(request, session, flag, path, submission.typed, submission.errors, 422)
    appealing.appeal_as_flagger(session, flag, submission.data.reasons)
    return go(request, path, "appealed")
