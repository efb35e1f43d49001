"""The team files for somebody: at the desk, by phone, on paper."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Team
from app.accounts.keys import new_id
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.limits import limiter_of
from app.core.web import go, render
from app.filing import drafts
from app.filing.access import hand_over_owner_key, owner_key_of, owner_key_or_new
from app.filing.actions import check_place
from app.filing.entering import enter_issue
from app.filing.forms import EntryForm, ProblemSoFar
from app.filing.keeping import check_photos, draft_id_of, hints_for, keep, keep_uploaded
from app.filing.limits import ENTRIES_PER_PERSON
from app.filing.models import DraftPhoto
from app.filing.uploads import MOST_PHOTOS, TakenIn
from app.issues.models import Channel
from app.matching.shown import Hints
from app.themes.queries import current_themes
from app.triage.access import Member

router = APIRouter()

Entered = Annotated[Submission[EntryForm], Depends(form_of(EntryForm))]
Typed = Annotated[Submission[ProblemSoFar], Depends(form_of(ProblemSoFar))]


@router.get("/team/issues/new")
def show_form(request: Request, session: SessionDep, team: Team, draft: str = "") -> Response:
    kept = drafts.own_draft(session, draft, owner_key_of(request)) if draft else None
    if kept is None:
        return render_form(request, session, new_id(), typed={})
    return render_form(request, session, kept.id, typed=dict(kept.fields))


@router.post("/team/issues")
def enter(request: Request, uploads: TakenIn, session: SessionDep, member: Member, submission: Entered) -> Response:
    limiter_of(request).count(ENTRIES_PER_PERSON, str(member.id))
    draft_id = draft_id_of(submission)
    photos = drafts.photos_for(session, draft_id, owner_key_of(request), uploads.photos, submission.typed)
    check_photos(submission, photos, uploads)
    check_place(session, submission)
    if submission.ok:
        submission.data.draft = draft_id
    issue = enter_issue(session, member, submission, photos)
    if issue is None:
        return keep_and_show_again(request, session, draft_id, submission, photos)
    drafts.drop_draft(session, draft_id, owner_key_of(request))
    return go(request, f"/team/issues/{issue.id}", "entered")


@router.post("/team/issues/suggestions")
def suggest(request: Request, uploads: TakenIn, session: SessionDep, member: Member, submission: Typed) -> Response:
    """While somebody types: is it there already? Without JavaScript the whole form comes back, photos included."""
    hints = hints_for(request, session, submission)
    draft_id = keep_uploaded(request, session, submission, uploads)
    errors = {"photos": uploads.errors[0]} if uploads.errors else {}
    return render_form(request, session, draft_id, submission.typed, errors, hints=hints)


def keep_and_show_again(
    request: Request,
    session: Session,
    draft_id: str,
    submission: Submission[EntryForm],
    photos: Sequence[DraftPhoto],
) -> Response:
    if photos:
        draft_id = keep(request, session, draft_id, submission.typed, photos, waits=False)
    return render_form(request, session, draft_id, submission.typed, submission.errors, status=422)


def render_form(
    request: Request,
    session: Session,
    draft_id: str,
    typed: dict[str, str],
    errors: dict[str, Text] | None = None,
    status: int = 200,
    hints: Hints | None = None,
) -> Response:
    """With a key for the browser, so that photos can be sent ahead and a broken try sent again."""
    response = render(
        request,
        "triage/new.html",
        "filing/_suggestions.html",
        status=status,
        draft=draft_id,
        typed=typed,
        errors=errors or {},
        photos=drafts.photos_for(session, draft_id, owner_key_or_new(request), [], typed),
        themes=current_themes(session),
        channels=list(Channel),
        most_photos=MOST_PHOTOS,
        hints=hints,
    )
    hand_over_owner_key(request, response)
    return response
