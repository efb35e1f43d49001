"""The gates of a pilot: the public history of decisions, and the page where the team answers and decides."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Team, Viewer, require_active
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.web import After, go, render
from app.core.writes import too_late_for
from app.gates import deciding, drafts
from app.gates.access import Gate, sees_internal_answers
from app.gates.answers import answers_typed, too_long
from app.gates.checks import Item
from app.gates.deciding import DECIDED_MEANWHILE
from app.gates.forms import DecisionForm, SaveForm
from app.gates.gate_page import GatePage, overtaken_gate, prepare_gate, refused_gate, what_was_typed
from app.gates.history import read_history
from app.gates.models import gate_before
from app.gates.queries import issues_that_need_a_word
from app.matching.fitting import issues_that_may_fit
from app.pilots.access import VisiblePilot, load_visible_pilot
from app.pilots.models import Pilot, Stage

router = APIRouter(prefix="/pilots/{pilot_id}/gates")

Saved = Annotated[Submission[SaveForm], Depends(form_of(SaveForm))]
Decided = Annotated[Submission[DecisionForm], Depends(form_of(DecisionForm))]
FITS_SHOWN = 5


@router.get("")
def list_decisions(
    request: Request,
    session: SessionDep,
    viewer: Viewer,
    pilot: VisiblePilot,
    after: After = "",
) -> Response:
    is_team = sees_internal_answers(viewer)
    return render(
        request,
        "gates/history.html",
        "gates/_decisions.html",
        pilot=pilot,
        page=read_history(session, pilot, is_team, after),
        is_first=not after,
        is_team=is_team,
        gate=gate_before(pilot.stage),
        need_a_word=issues_that_need_a_word(session, pilot) if is_team else [],
    )


@router.get("/{gate}")
def show_gate(request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, gate: Gate) -> Response:
    if gate is not gate_before(pilot.stage):
        return go(request, f"/pilots/{pilot.id}/gates")
    return render_gate(request, session, pilot, prepare_gate(session, pilot, gate))


@router.post("/{gate}/answers")
def save_answers(
    request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, gate: Gate, submission: Saved
) -> Response:
    """Half-finished answers are welcome; only what is too long is refused."""
    actor_id, answers = require_active(team).id, answers_typed(gate, submission.typed)
    if gate is not gate_before(pilot.stage):
        return render_late(request, session, pilot, gate, submission, DECIDED_MEANWHILE)
    submission.errors |= too_long(gate, answers)
    if not submission.ok:
        return render_refused(request, session, pilot, gate, submission)
    seen = submission.data.version
    late = too_late_for(session, lambda: drafts.save_answers(session, actor_id, pilot, gate, answers, seen))
    if late:
        return render_late(request, session, pilot, gate, submission, late.message)
    return go(request, f"/pilots/{pilot.id}/gates/{gate}", "saved")


@router.post("/{gate}")
def decide(
    request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, gate: Gate, submission: Decided
) -> Response:
    actor_id, history = require_active(team).id, f"/pilots/{pilot.id}/gates"
    if submission.ok and deciding.was_just_decided(session, actor_id, pilot, submission.data):
        return go(request, history, "decided")
    if gate is not gate_before(pilot.stage):
        return render_late(request, session, pilot, gate, submission, DECIDED_MEANWHILE)
    decision, missing = deciding.prepare_decision(session, submission, pilot, gate)
    if decision is None:
        return render_refused(request, session, pilot, gate, submission, missing)
    late = too_late_for(session, lambda: deciding.decide(session, actor_id, pilot, decision))
    if late:
        return render_late(request, session, pilot, gate, submission, late.message)
    return go(request, history, "decided")


def render_gate(request: Request, session: Session, pilot: Pilot, page: GatePage, status: int = 200) -> Response:
    """Beside the gate to scaling up stand other issues that might gain."""
    fits = issues_that_may_fit(session, pilot).items[:FITS_SHOWN] if page.gate is Stage.SCALING_UP else []
    return render(request, "gates/gate.html", status=status, pilot=pilot, page=page, fits=fits)


def render_refused(
    request: Request,
    session: Session,
    pilot: Pilot,
    gate: Stage,
    submission: Submission[Any],
    missing: Sequence[Item] = (),
) -> Response:
    page = refused_gate(prepare_gate(session, pilot, gate, submission.typed), submission.errors, missing)
    return render_gate(request, session, pilot, page, 422)


def render_late(
    request: Request, session: Session, pilot: Pilot, gate: Stage, submission: Submission[Any], problem: Text
) -> Response:
    """The page as it is now, with what happened meanwhile; where that gate is behind the pilot, only what was typed."""
    session.expire(pilot)
    pilot = load_visible_pilot(session, pilot.id)
    if gate is gate_before(pilot.stage):
        page = prepare_gate(session, pilot, gate, submission.typed)
        return render_gate(
            request, session, pilot, overtaken_gate(session, pilot, page, submission.typed, problem), 409
        )
    told = next(iter(read_history(session, pilot, sees_internal=True, size=1).items), None)
    mine = what_was_typed(gate, submission.typed)
    return render(request, "gates/overtaken.html", status=409, pilot=pilot, told=told, mine=mine, problem=problem)
