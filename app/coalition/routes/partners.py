"""Partners in a pilot, as the team keeps them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.access import Team, require_active
from app.coalition import actions
from app.coalition.access import OnePartner
from app.coalition.forms import FarewellForm, PartnerForm
from app.coalition.models import Partner, PartnerKind
from app.core.db import SessionDep
from app.core.errors import BadRequest
from app.core.forms import Submission, form_of
from app.core.i18n import Text, _
from app.core.web import go, render
from app.core.writes import too_late_for
from app.pilots.access import VisiblePilot
from app.pilots.models import Pilot

router = APIRouter(prefix="/pilots/{pilot_id}/coalition/partners")

Written = Annotated[Submission[PartnerForm], Depends(form_of(PartnerForm))]
LetGo = Annotated[Submission[FarewellForm], Depends(form_of(FarewellForm))]


@router.get("/new")
def show_new_form(request: Request, team: Team, pilot: VisiblePilot) -> Response:
    return render_form(request, pilot, None, {}, {})


@router.post("")
def add_partner(
    request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, submission: Written
) -> Response:
    if not submission.ok:
        return render_form(request, pilot, None, submission.typed, submission.errors, 422)
    member = require_active(team)
    too_late = too_late_for(session, lambda: actions.add_partner(session, member.id, pilot, submission.data))
    if too_late:
        return render_form(request, pilot, None, submission.typed, {"name": too_late.message}, 409)
    return go(request, f"/pilots/{pilot.id}/coalition", "saved")


@router.get("/{partner_id}")
def show_form(request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, partner: OnePartner) -> Response:
    actions.look_at_address(session, team.id, partner)
    return render_form(request, pilot, partner, typed_of(partner), {})


@router.post("/{partner_id}")
def change_partner(
    request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, partner: OnePartner, submission: Written
) -> Response:
    if not submission.ok:
        return render_form(request, pilot, partner, submission.typed, submission.errors, 422)
    member = require_active(team)
    too_late = too_late_for(session, lambda: actions.change_partner(session, member.id, partner, submission.data))
    if too_late:
        session.refresh(partner)
        typed = {**submission.typed, "version": str(partner.version)}
        return render_form(request, pilot, partner, typed, {"name": too_late.message}, 409)
    return go(request, f"/pilots/{pilot.id}/coalition", "saved")


@router.post("/{partner_id}/farewell")
def let_go(
    request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, partner: OnePartner, submission: LetGo
) -> Response:
    if not submission.ok:
        raise BadRequest(_("Open the page of the partner again, and let them go from there."))
    actions.let_go(session, require_active(team).id, partner, submission.data.version)
    return go(request, f"/pilots/{pilot.id}/coalition", "saved")


def typed_of(partner: Partner) -> dict[str, str]:
    return {
        "name": partner.name,
        "kind": partner.kind,
        "role": partner.role,
        "website": partner.website,
        "email": partner.email or "",
        "version": str(partner.version),
    }


def render_form(
    request: Request,
    pilot: Pilot,
    partner: Partner | None,
    typed: dict[str, str],
    errors: dict[str, Text],
    status: int = 200,
) -> Response:
    """After a conflict, what it says now stands above the form, which keeps what was typed."""
    return render(
        request,
        "coalition/partner.html",
        status=status,
        pilot=pilot,
        partner=partner,
        overtaken=status == 409 and partner is not None,
        kinds=list(PartnerKind),
        typed=typed,
        errors=errors,
    )
