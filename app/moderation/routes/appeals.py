"""Objections: read by another moderator than the one who decided."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Moderator, require_active
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.i18n import _
from app.core.web import After, go, render
from app.moderation import appealing, queries
from app.moderation.access import ReviewOf
from app.moderation.appealing import Review
from app.moderation.forms import AnswerForm
from app.moderation.models import Ground, Outcome
from app.moderation.queue import count_waiting
from app.moderation.subjects import subjects_of

router = APIRouter(prefix="/moderation/appeals")

Answered = Annotated[Submission[AnswerForm], Depends(form_of(AnswerForm))]


@router.get("")
def list_appeals(
    request: Request,
    session: SessionDep,
    moderator: Moderator,
    state: Annotated[str, Query(max_length=20)] = "",
    after: After = "",
) -> Response:
    done = state == "done"
    page = queries.read_appeals(session, done, after)
    return render(
        request,
        "moderation/appeals.html",
        page=page,
        done=done,
        waiting=count_waiting(session),
        subjects=subjects_of(session, [appeal.decision.content_id for appeal in page.items]),
    )


@router.get("/{appeal_id}")
def show_appeal(request: Request, session: SessionDep, moderator: Moderator, review: ReviewOf) -> Response:
    return render_appeal(request, session, review, {}, {}, 200)


def render_appeal(
    request: Request, session: Session, review: Review, typed: dict[str, str], errors: object, status: int
) -> Response:
    return render(
        request,
        "moderation/appeal.html",
        status=status,
        review=review,
        subject=review.subject,
        grounds=list(Ground),
        typed=typed,
        errors=errors,
    )


@router.post("/{appeal_id}/answer")
def answer_appeal(
    request: Request, session: SessionDep, moderator: Moderator, review: ReviewOf, submission: Answered
) -> Response:
    if submission.ok and not review.by_author and needs_ground(submission.data):
        submission.refuse("ground", _("Say which house rule it is about."))
    if not submission.ok:
        return render_appeal(request, session, review, submission.typed, submission.errors, 422)
    appealing.answer_appeal(session, require_active(moderator), review, submission.data)
    return go(request, "/moderation/appeals", "answered")


def needs_ground(form: AnswerForm) -> bool:
    return form.outcome is Outcome.REVERSED and form.ground is None
