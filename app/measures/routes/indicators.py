"""What the team measures: adding an indicator, changing it, and no longer measuring it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.access import Team, require_active
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.i18n import Text, _
from app.core.web import go, render
from app.core.writes import too_late_for
from app.measures import actions
from app.measures.access import OwnIndicator
from app.measures.forms import IndicatorEditForm, IndicatorForm, ReasonForm
from app.measures.models import Direction, Indicator
from app.measures.numbers import as_typed
from app.pilots.access import VisiblePilot
from app.pilots.models import Pilot

router = APIRouter(prefix="/pilots/{pilot_id}/measures")

Added = Annotated[Submission[IndicatorForm], Depends(form_of(IndicatorForm))]
Changed = Annotated[Submission[IndicatorEditForm], Depends(form_of(IndicatorEditForm))]
Retired = Annotated[Submission[ReasonForm], Depends(form_of(ReasonForm))]


@router.get("/new")
def show_new_form(request: Request, team: Team, pilot: VisiblePilot) -> Response:
    return render_form(request, pilot, None, {}, {})


@router.post("")
def add_indicator(
    request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, submission: Added
) -> Response:
    settle_baseline(submission)
    if not submission.ok:
        return render_form(request, pilot, None, submission.typed, submission.errors, 422)
    member = require_active(team)
    too_late = too_late_for(session, lambda: actions.add_indicator(session, member.id, pilot, submission.data))
    if too_late:
        return render_form(request, pilot, None, submission.typed, {"name": too_late.message}, 409)
    return go(request, f"/pilots/{pilot.id}/measures", "saved")


def settle_baseline(submission: Submission[IndicatorForm]) -> None:
    """A value without a day says nothing, and a day without a value neither."""
    has_value, has_day = (submission.typed.get(name, "") != "" for name in ("baseline", "baseline_on"))
    if has_value and not has_day:
        submission.refuse("baseline_on", _("Choose a day."))
    if has_day and not has_value:
        submission.refuse("baseline", _("Fill in a number."))


@router.get("/{indicator_id}/edit")
def show_form(request: Request, pilot: VisiblePilot, indicator: OwnIndicator) -> Response:
    return render_form(request, pilot, indicator, typed_of(indicator), {})


@router.post("/{indicator_id}/edit")
def change_indicator(
    request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, indicator: OwnIndicator, submission: Changed
) -> Response:
    if not submission.ok:
        return render_form(request, pilot, indicator, submission.typed, submission.errors, 422)
    member = require_active(team)
    too_late = too_late_for(session, lambda: actions.change_indicator(session, member.id, indicator, submission.data))
    if too_late:
        return show_overtaken(request, session, pilot, indicator, submission.typed, too_late.message)
    return go(request, f"/pilots/{pilot.id}/measures/{indicator.id}", "saved")


@router.post("/{indicator_id}/retirement")
def retire_indicator(
    request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, indicator: OwnIndicator, submission: Retired
) -> Response:
    if not submission.ok:
        errors = {"why": next(iter(submission.errors.values()))}
        typed = {**typed_of(indicator), "why": submission.typed.get("reason", "")}
        return render_form(request, pilot, indicator, typed, errors, 422)
    member = require_active(team)
    too_late = too_late_for(session, lambda: actions.retire_indicator(session, member.id, indicator, submission.data))
    if too_late:
        return show_overtaken(request, session, pilot, indicator, submission.typed, too_late.message)
    return go(request, f"/pilots/{pilot.id}/measures/{indicator.id}", "saved")


def typed_of(indicator: Indicator) -> dict[str, str]:
    return {
        "name": indicator.name,
        "unit": indicator.unit,
        "source": indicator.source,
        "better": indicator.better,
        "target": as_typed(indicator.target),
        "version": str(indicator.version),
    }


def show_overtaken(
    request: Request,
    session: SessionDep,
    pilot: Pilot,
    indicator: Indicator,
    typed: dict[str, str],
    message: Text,
) -> Response:
    """What it says now stands above the form, which keeps what was typed."""
    session.refresh(indicator)
    typed = {**typed_of(indicator), **typed, "version": str(indicator.version)}
    return render_form(request, pilot, indicator, typed, {"name": message}, 409)


def render_form(
    request: Request,
    pilot: Pilot,
    indicator: Indicator | None,
    typed: dict[str, str],
    errors: dict[str, Text],
    status: int = 200,
) -> Response:
    return render(
        request,
        "measures/indicator.html",
        status=status,
        pilot=pilot,
        indicator=indicator,
        overtaken=status == 409 and indicator is not None,
        directions=list(Direction),
        typed=typed,
        errors=errors,
    )
