"""What was measured, as the team writes it down: one by one, or a whole table."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.access import Team, require_active
from app.core.db import SessionDep
from app.core.errors import Conflict
from app.core.forms import Submission, form_of
from app.core.i18n import Text, _
from app.core.web import go, render
from app.core.writes import too_late_for
from app.measures import actions
from app.measures.access import OwnIndicator, OwnMeasurement
from app.measures.forms import CorrectionForm, MeasurementForm, ReasonForm, SheetForm
from app.measures.indicator_page import render_indicator
from app.measures.models import Indicator, Measurement
from app.measures.numbers import as_typed
from app.measures.queries import measurement_of
from app.measures.sheet import LARGEST_FILE, Sheet, read_sheet, text_of
from app.pilots.access import VisiblePilot
from app.pilots.models import Pilot

router = APIRouter(prefix="/pilots/{pilot_id}/measures/{indicator_id}")

Recorded = Annotated[Submission[MeasurementForm], Depends(form_of(MeasurementForm))]
Corrected = Annotated[Submission[CorrectionForm], Depends(form_of(CorrectionForm))]
TakenBack = Annotated[Submission[ReasonForm], Depends(form_of(ReasonForm))]
Sent = Annotated[Submission[SheetForm], Depends(form_of(SheetForm))]
MOST_SAID = 50


@router.post("/measurements")
def record(
    request: Request,
    session: SessionDep,
    team: Team,
    pilot: VisiblePilot,
    indicator: OwnIndicator,
    submission: Recorded,
) -> Response:
    if not submission.ok:
        return render_indicator(request, team, pilot, indicator, submission.typed, submission.errors, 422)
    member = require_active(team)
    too_late = too_late_for(session, lambda: actions.record(session, member.id, indicator, submission.data))
    if too_late:
        session.refresh(indicator, ["measurements"])
        errors = {"taken_on": too_late.message}
        return render_indicator(request, team, pilot, indicator, submission.typed, errors, 409)
    return go(request, f"/pilots/{pilot.id}/measures/{indicator.id}", "saved")


@router.get("/measurements/{measurement_id}")
def show_correction(
    request: Request, pilot: VisiblePilot, indicator: OwnIndicator, measurement: OwnMeasurement
) -> Response:
    return render_correction(request, pilot, indicator, measurement, typed_of(measurement), {})


@router.post("/measurements/{measurement_id}")
def correct(
    request: Request,
    session: SessionDep,
    team: Team,
    pilot: VisiblePilot,
    indicator: OwnIndicator,
    measurement: OwnMeasurement,
    submission: Corrected,
) -> Response:
    if not submission.ok:
        return render_correction(request, pilot, indicator, measurement, submission.typed, submission.errors, 422)
    member, form = require_active(team), submission.data
    too_late = too_late_for(session, lambda: actions.correct(session, member.id, indicator, measurement, form))
    if too_late:
        return show_overtaken(request, session, pilot, indicator, measurement, submission.typed, too_late)
    return go(request, f"/pilots/{pilot.id}/measures/{indicator.id}", "saved")


@router.post("/measurements/{measurement_id}/removal")
def take_back(
    request: Request,
    session: SessionDep,
    team: Team,
    pilot: VisiblePilot,
    indicator: OwnIndicator,
    measurement: OwnMeasurement,
    submission: TakenBack,
) -> Response:
    if not submission.ok:
        errors = {"why": next(iter(submission.errors.values()))}
        typed = {**typed_of(measurement), "why": submission.typed.get("reason", "")}
        return render_correction(request, pilot, indicator, measurement, typed, errors, 422)
    member, form = require_active(team), submission.data
    too_late = too_late_for(session, lambda: actions.take_back(session, member.id, indicator, measurement, form))
    if too_late:
        return show_overtaken(request, session, pilot, indicator, measurement, submission.typed, too_late)
    return go(request, f"/pilots/{pilot.id}/measures/{indicator.id}", "deleted")


@router.get("/import")
def show_import(request: Request, pilot: VisiblePilot, indicator: OwnIndicator) -> Response:
    return render_import(request, pilot, indicator, {}, {}, [])


@router.post("/import")
def take_over(
    request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, indicator: OwnIndicator, submission: Sent
) -> Response:
    """All lines or none; what came in a file then stands in the field, where it can be put right."""
    typed, sheet = sheet_in(submission)
    problems = list(sheet.problems)
    if submission.ok and not problems:
        member, first = require_active(team), submission.data.first_is_baseline
        problems = actions.take_over(session, member.id, indicator, sheet.lines, first)
    if problems or not submission.ok:
        errors = submission.errors or {"problems": _("Nothing was taken over. Look below at what is wrong.")}
        return render_import(request, pilot, indicator, typed, errors, problems)
    return go(request, f"/pilots/{pilot.id}/measures/{indicator.id}", "saved")


def sheet_in(submission: Submission[SheetForm]) -> tuple[dict[str, str], Sheet]:
    content = submission.files[0].file.read(LARGEST_FILE + 1) if submission.files else b""
    if len(content) > LARGEST_FILE:
        return submission.typed, Sheet([], [_("This file is too large: at most 100 kB.")])
    text = text_of(content) if content else submission.typed.get("lines", "")
    return {**submission.typed, "lines": text}, read_sheet(text)


def typed_of(measurement: Measurement) -> dict[str, str]:
    return {
        "value": as_typed(measurement.value),
        "taken_on": measurement.taken_on.isoformat(),
        "note": measurement.note,
        "version": str(measurement.version),
    }


def show_overtaken(
    request: Request,
    session: SessionDep,
    pilot: Pilot,
    indicator: Indicator,
    measurement: Measurement,
    typed: dict[str, str],
    too_late: Conflict,
) -> Response:
    """What it says now stands above the form, which keeps what was typed; when it is gone, only that is said."""
    session.expunge(measurement)
    stands = measurement_of(session, indicator.id, measurement.id)
    if stands is None:
        raise Conflict(_("Somebody else took this measurement back in the meantime."))
    typed = {**typed_of(stands), **typed, "version": str(stands.version)}
    return render_correction(request, pilot, indicator, stands, typed, {"value": too_late.message}, 409)


def render_correction(
    request: Request,
    pilot: Pilot,
    indicator: Indicator,
    measurement: Measurement,
    typed: dict[str, str],
    errors: dict[str, Text],
    status: int = 200,
) -> Response:
    return render(
        request,
        "measures/correction.html",
        status=status,
        pilot=pilot,
        indicator=indicator,
        measurement=measurement,
        overtaken=status == 409,
        typed=typed,
        errors=errors,
    )


def render_import(
    request: Request,
    pilot: Pilot,
    indicator: Indicator,
    typed: dict[str, str],
    errors: dict[str, Text],
    problems: list[Text],
) -> Response:
    return render(
        request,
        "measures/import.html",
        status=422 if errors else 200,
        pilot=pilot,
        indicator=indicator,
        typed=typed,
        errors=errors,
        problems=problems[:MOST_SAID],
        more=max(0, len(problems) - MOST_SAID),
    )
