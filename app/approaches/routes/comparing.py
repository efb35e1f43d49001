"""The approaches of a pilot side by side; each on its own; which one people prefer."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Resident, Viewer, Writer
from app.accounts.models import Person
from app.approaches import preferring, queries
from app.approaches.access import VisibleApproach, may_change, may_withdraw
from app.approaches.forms import PreferenceForm
from app.approaches.limits import PREFERENCES_PER_PERSON
from app.approaches.models import Approach
from app.content.queries import earlier_words
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.limits import limiter_of
from app.core.web import After, go, render, wants_fragment
from app.pilots.access import VisiblePilot, may_start_pilot
from app.pilots.models import PartKind, Pilot

router = APIRouter(prefix="/pilots/{pilot_id}/approaches")

Preferred = Annotated[Submission[PreferenceForm], Depends(form_of(PreferenceForm))]


@router.get("")
def compare(request: Request, session: SessionDep, viewer: Viewer, pilot: VisiblePilot) -> Response:
    return render_comparison(request, session, viewer, pilot, {}, {})


def render_comparison(
    request: Request,
    session: Session,
    viewer: Person | None,
    pilot: Pilot,
    typed: dict[str, str],
    errors: dict[str, Text],
    status: int = 200,
) -> Response:
    return render(
        request,
        "approaches/compare.html",
        "approaches/_compare.html",
        status=status,
        pilot=pilot,
        competition=queries.on_pilot(session, pilot, viewer),
        kinds=list(PartKind),
        may_choose=may_start_pilot(viewer) and pilot.stage in queries.STILL_CHOOSING,
        typed=typed,
        errors=errors,
    )


@router.get("/{approach_id}")
def show_approach(
    request: Request,
    session: SessionDep,
    viewer: Viewer,
    pilot: VisiblePilot,
    approach: VisibleApproach,
    after: After = "",
) -> Response:
    return render(
        request,
        "approaches/show.html",
        pilot=pilot,
        approach=approach,
        competition=queries.on_pilot(session, pilot, viewer),
        page=queries.reasons_for(session, approach.id, after),
        is_first=not after,
        kinds=list(PartKind),
        may_change=may_change(viewer, approach),
        may_withdraw=may_withdraw(viewer, approach),
    )


@router.get("/{approach_id}/history")
def show_history(
    request: Request,
    session: SessionDep,
    viewer: Viewer,
    approach: VisibleApproach,
    after: After = "",
) -> Response:
    return render(
        request,
        "content/earlier.html",
        back=f"/pilots/{approach.pilot_id}/approaches/{approach.id}",
        title=approach.title,
        language=approach.language,
        page=earlier_words(session, approach.content_id, after),
        is_first=not after,
    )


@router.post("/{approach_id}/preference")
def prefer(
    request: Request,
    session: SessionDep,
    writer: Writer,
    pilot: VisiblePilot,
    approach: VisibleApproach,
    submission: Preferred,
) -> Response:
    limiter_of(request).count(PREFERENCES_PER_PERSON, str(writer.id))
    if not submission.ok:
        return render_comparison(request, session, writer, pilot, submission.typed, submission.errors, 422)
    preferring.prefer_approach(session, writer.id, approach, submission.data.reason)
    return show_comparison(request, session, writer, pilot, approach, "preferred")


@router.post("/{approach_id}/preference/withdrawal")
def stop_preferring(
    request: Request, session: SessionDep, resident: Resident, pilot: VisiblePilot, approach: VisibleApproach
) -> Response:
    limiter_of(request).count(PREFERENCES_PER_PERSON, str(resident.id))
    preferring.withdraw_preference(session, resident.id, approach)
    return show_comparison(request, session, resident, pilot, approach, "preference-withdrawn")


def show_comparison(
    request: Request, session: Session, viewer: Person, pilot: Pilot, approach: Approach, notice: str
) -> Response:
    """As it is now, with all the counts; others wait for their turn, so nothing is read that is not shown."""
    if not wants_fragment(request.headers):
        return go(request, f"/pilots/{pilot.id}/approaches#approach-{approach.id}", notice)
    session.refresh(approach, ["preferences"])
    return render_comparison(request, session, viewer, pilot, {}, {})
