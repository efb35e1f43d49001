"""What was decided about what I published, why, and how to object. Suspended people read it too."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Resident
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.web import go, render
from app.moderation import appealing, queries
from app.moderation.access import OwnDecision
from app.moderation.forms import AppealForm
from app.moderation.models import Decision
from app.moderation.subjects import subject_of

router = APIRouter(prefix="/me/decisions")

Objection = Annotated[Submission[AppealForm], Depends(form_of(AppealForm))]


@router.get("")
def list_decisions(request: Request, session: SessionDep, resident: Resident) -> Response:
    return render(request, "decisions/mine.html", decisions=queries.decisions_for(session, resident.id))


@router.get("/{decision_id}")
def show_decision(request: Request, session: SessionDep, decision: OwnDecision) -> Response:
    return render_decision(request, session, decision, {}, {}, 200)


def render_decision(
    request: Request, session: Session, decision: Decision, typed: dict[str, str], errors: object, status: int
) -> Response:
    return render(
        request,
        "decisions/show.html",
        status=status,
        decision=decision,
        subject=subject_of(session, decision.content_id),
        appeal=queries.appeal_by_author(session, decision.id),
        may_appeal=appealing.may_author_appeal(decision),
        typed=typed,
        errors=errors,
    )


@router.post("/{decision_id}/appeal")
def appeal(
    request: Request, session: SessionDep, resident: Resident, decision: OwnDecision, submission: Objection
) -> Response:
    if not submission.ok:
        return render_decision(request, session, decision, submission.typed, submission.errors, 422)
    appealing.appeal_as_author(session, resident, decision, submission.data.reasons)
    return go(request, f"/me/decisions/{decision.id}", "appealed")
