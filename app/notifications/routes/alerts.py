"""My alerts: what I get a digest of."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Resident
from app.accounts.models import Person
from app.core.db import SessionDep
from app.core.errors import Conflict
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.web import go, render
from app.following import actions
from app.following.models import Pace
from app.following.queries import alerts_of
from app.notifications.access import OwnAlert
from app.notifications.forms import RADII, PaceForm, PlaceForm

router = APIRouter(prefix="/me/alerts")

Placed = Annotated[Submission[PlaceForm], Depends(form_of(PlaceForm))]
Paced = Annotated[Submission[PaceForm], Depends(form_of(PaceForm))]
Degrees = Annotated[str, Query(max_length=30)]


@router.get("")
def list_alerts(
    request: Request,
    session: SessionDep,
    resident: Resident,
    lat: Degrees = "",
    lon: Degrees = "",
    name: Annotated[str, Query(max_length=120)] = "",
) -> Response:
    return render_alerts(request, session, resident, {"lat": lat, "lon": lon, "name": name}, {})


@router.post("")
def watch_place(request: Request, session: SessionDep, resident: Resident, submission: Placed) -> Response:
    if not submission.ok:
        return render_alerts(request, session, resident, submission.typed, submission.errors, 422)
    form = submission.data
    try:
        actions.watch_place(session, resident.id, form.lat, form.lon, form.radius, form.name, form.pace)
    except Conflict as too_many:
        return render_alerts(request, session, resident, submission.typed, {"name": too_many.message}, 409)
    return go(request, "/me/alerts", "saved")


@router.post("/{alert_id}")
def change_pace(request: Request, session: SessionDep, alert: OwnAlert, submission: Paced) -> Response:
    if submission.ok:
        actions.change_pace(session, alert, submission.data.pace)
    return go(request, "/me/alerts", "saved" if submission.ok else None)


@router.post("/{alert_id}/removal")
def remove_alert(request: Request, session: SessionDep, alert: OwnAlert) -> Response:
    session.delete(alert)
    return go(request, "/me/alerts", "deleted")


def render_alerts(
    request: Request,
    session: Session,
    resident: Person,
    typed: dict[str, str],
    errors: dict[str, Text],
    status: int = 200,
) -> Response:
    return render(
        request,
        "notifications/alerts.html",
        status=status,
        alerts=alerts_of(session, resident.id),
        radii=RADII,
        paces=[Pace.DAILY, Pace.WEEKLY, Pace.NEVER],
        typed=typed,
        errors=errors,
    )
