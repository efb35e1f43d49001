"""The team chooses the approach that a pilot goes on with, and says why."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Team, require_active
from app.accounts.models import Person
from app.approaches import queries
from app.approaches.choosing import choose_approach, missing_for_choice
from app.approaches.forms import ChoiceForm
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.web import go, render
from app.core.writes import too_late_for
from app.pilots.access import VisiblePilot
from app.pilots.models import Pilot

router = APIRouter(prefix="/pilots/{pilot_id}/choice")

Chosen = Annotated[Submission[ChoiceForm], Depends(form_of(ChoiceForm))]


@router.get("")
def show_choice(request: Request, session: SessionDep, team: Team, pilot: VisiblePilot) -> Response:
    return render_choice(request, session, team, pilot, {}, {})


@router.post("")
def choose(request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, submission: Chosen) -> Response:
    actor_id = require_active(team).id
    if not submission.ok:
        return render_choice(request, session, team, pilot, submission.typed, submission.errors, 422)
    if late := too_late_for(session, lambda: choose_approach(session, actor_id, pilot, submission.data)):
        session.refresh(pilot, ["stage", "version", "title", "problem"])
        return render_choice(request, session, team, pilot, submission.typed, {"form": late.message}, 409)
    return go(request, f"/pilots/{pilot.id}/approaches", "approach-chosen")


def render_choice(
    request: Request,
    session: Session,
    team: Person,
    pilot: Pilot,
    typed: dict[str, str],
    errors: dict[str, Text],
    status: int = 200,
) -> Response:
    """What the form says that the person saw is what the page shows now."""
    competition = queries.on_pilot(session, pilot, team)
    return render(
        request,
        "approaches/choice.html",
        status=status,
        pilot=pilot,
        competition=competition,
        missing=missing_for_choice(competition.approaches),
        is_choosing=pilot.stage in queries.STILL_CHOOSING,
        seen=queries.times_chosen(session, pilot.id),
        typed=typed,
        errors=errors,
    )
