"""The page on which an issue is written, and what becomes of it."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Viewer, require_active
from app.accounts.keys import new_id
from app.accounts.models import Person
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.limits import limiter_of, network_of
from app.core.web import go, render, render_part
from app.filing import actions, drafts
from app.filing.access import hand_over_owner_key, owner_key_of, owner_key_or_new
from app.filing.forms import IssueForm, ProblemSoFar
from app.filing.keeping import check_photos, draft_id_of, hints_for, keep, keep_uploaded
from app.filing.limits import (
    EDITS_PER_PERSON,
    ISSUES_PER_NETWORK,
    ISSUES_PER_PERSON,
)
from app.filing.models import DraftPhoto
from app.filing.uploads import MOST_PHOTOS, TakenIn
from app.issues.access import OwnIssue
from app.issues.slugs import issue_path
from app.matching.shown import Hints
from app.places.queries import all_neighbourhoods
from app.themes.queries import current_themes

router = APIRouter()

Filed = Annotated[Submission[IssueForm], Depends(form_of(IssueForm))]
Typed = Annotated[Submission[ProblemSoFar], Depends(form_of(ProblemSoFar))]


@router.get("/issues/new")
def show_form(request: Request, session: SessionDep, viewer: Viewer, draft: str = "", theme: str = "") -> Response:
    """The browser gets its key with the form, so that a first try that breaks off can be sent again."""
    kept = drafts.own_draft(session, draft, owner_key_of(request)) if draft else None
    if kept is not None:
        response = render_form(request, session, kept.id, typed=dict(kept.fields))
    else:
        response = render_form(request, session, new_id(), typed={"theme": theme})
    hand_over_owner_key(request, response)
    return response


@router.post("/issues")
def file_issue(request: Request, uploads: TakenIn, session: SessionDep, viewer: Viewer, submission: Filed) -> Response:
    draft_id = draft_id_of(submission)
    count_filing(request, viewer)
    if "queued" in submission.typed and drafts.was_received(session, draft_id, owner_key_of(request)):
        uploads.photos.clear()  # a phone that did not hear our answer sends all of it again
    photos = drafts.photos_for(session, draft_id, owner_key_of(request), uploads.photos, submission.typed)
    check_photos(submission, photos, uploads)
    actions.check_place(session, submission)
    if not submission.ok:
        return keep_and_show_again(request, session, draft_id, submission, photos)
    submission.data.draft = draft_id
    if viewer is None:
        return keep_until_signed_in(request, session, draft_id, submission, photos)
    issue = actions.file_issue(session, require_active(viewer), submission, photos)
    if issue is None:
        return keep_and_show_again(request, session, draft_id, submission, photos)
    drafts.drop_draft(session, draft_id, owner_key_of(request))
    return go(request, issue_path(issue.id, issue.title), "filed")


def count_filing(request: Request, viewer: Person | None) -> None:
    limiter = limiter_of(request)
    if viewer is None:
        limiter.count(ISSUES_PER_NETWORK, network_of(request))
    else:
        limiter.count(ISSUES_PER_PERSON, str(viewer.id))


def keep_and_show_again(
    request: Request,
    session: Session,
    draft_id: str,
    submission: Submission[IssueForm],
    photos: Sequence[DraftPhoto],
) -> Response:
    """What was typed stays, and so do the photos that were fine."""
    if photos:
        draft_id = keep(request, session, draft_id, submission.typed, photos, waits=False)
    response = render_form(request, session, draft_id, submission.typed, submission.errors, status=422)
    if photos:
        hand_over_owner_key(request, response)
    return response


def keep_until_signed_in(
    request: Request,
    session: Session,
    draft_id: str,
    submission: Submission[IssueForm],
    photos: Sequence[DraftPhoto],
) -> Response:
    keep(request, session, draft_id, submission.typed, photos, waits=True)
    response = go(request, "/sign-in", "draft-kept")
    hand_over_owner_key(request, response)
    return response


def render_form(
    request: Request,
    session: Session,
    draft_id: str,
    typed: dict[str, str],
    errors: dict[str, Text] | None = None,
    status: int = 200,
    hints: Hints | None = None,
) -> Response:
    """The whole form; htmx, which asks while somebody types, gets the suggestions only."""
    return render(
        request,
        "filing/new.html",
        "filing/_suggestions.html",
        status=status,
        draft=draft_id,
        typed=typed,
        errors=errors or {},
        photos=drafts.photos_for(session, draft_id, owner_key_or_new(request), [], typed),
        themes=current_themes(session),
        neighbourhoods=all_neighbourhoods(session),
        most_photos=MOST_PHOTOS,
        hints=hints,
        is_offline=False,
    )


@router.post("/issues/suggestions")
def suggest(request: Request, uploads: TakenIn, session: SessionDep, viewer: Viewer, submission: Typed) -> Response:
    """While somebody types: is it this one? Without JavaScript the whole form comes back, chosen photos included."""
    hints = hints_for(request, session, submission)
    draft_id = keep_uploaded(request, session, submission, uploads)
    errors = {"photos": uploads.errors[0]} if uploads.errors else {}
    part = render_part(request, "filing/_suggestions.html", hints=hints)
    response = part or render_form(request, session, draft_id, submission.typed, errors, hints=hints)
    if uploads.photos:
        hand_over_owner_key(request, response)
    return response


@router.get("/issues/{issue_id}/edit")
def show_edit_form(request: Request, session: SessionDep, issue: OwnIssue) -> Response:
    return render_edit_form(request, session, issue, actions.typed_of(issue))


@router.post("/issues/{issue_id}/edit")
def rewrite_issue(request: Request, session: SessionDep, issue: OwnIssue, submission: Filed) -> Response:
    limiter_of(request).count(EDITS_PER_PERSON, str(issue.content.author_id))
    if not actions.rewrite_issue(session, issue, submission):
        return render_edit_form(request, session, issue, submission.typed, submission.errors, status=422)
    return go(request, issue_path(issue.id, issue.title), "saved")


def render_edit_form(
    request: Request,
    session: Session,
    issue: OwnIssue,
    typed: dict[str, str],
    errors: dict[str, Text] | None = None,
    status: int = 200,
) -> Response:
    return render(
        request,
        "filing/edit.html",
        status=status,
        issue=issue,
        typed=typed,
        errors=errors or {},
        themes=current_themes(session),
        neighbourhoods=all_neighbourhoods(session),
    )
