"""The team's word on how a pilot goes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Team, require_active
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.web import go, render
from app.core.writes import too_late_for
from app.pilots.access import VisiblePilot
from app.pilots.behind import count_people
from app.pilots.forms import UpdateForm
from app.pilots.models import Pilot
from app.pilots.timeline import last_claim
from app.pilots.updates import tell_update

router = APIRouter()

Told = Annotated[Submission[UpdateForm], Depends(form_of(UpdateForm))]


@router.get("/pilots/{pilot_id}/updates")
def show_update_form(request: Request, session: SessionDep, team: Team, pilot: VisiblePilot) -> Response:
    typed = {"next_step": pilot.next_step, "next_on": pilot.next_on.isoformat() if pilot.next_on else ""}
    return render_form(request, session, pilot, typed, {})


@router.post("/pilots/{pilot_id}/updates")
def tell(request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, submission: Told) -> Response:
    if not submission.ok:
        return render_form(request, session, pilot, submission.typed, submission.errors, 422)
    late = too_late_for(session, lambda: tell_update(session, require_active(team).id, pilot, submission.data))
    if late is not None:
        session.refresh(pilot, ["updated_at"])
        typed = {**submission.typed, "seen": pilot.updated_at.isoformat()}
        return render_form(request, session, pilot, typed, {"form": late.message}, 409)
    return go(request, f"/pilots/{pilot.id}", "answered")


def render_form(
    request: Request, session: Session, pilot: Pilot, typed: dict[str, str], errors: dict[str, Text], status: int = 200
) -> Response:
    return render(
        request, "pilots/update.html", status=status, pilot=pilot, claim=last_claim(session, pilot.id),
        people=count_people(session, [pilot.id]).get(pilot.id, 0), typed=typed, errors=errors,
    )  # fmt: skip
