"""Who makes a pilot together: for everybody to see, and for residents to join and leave."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import Resident, Viewer, Writer
from app.coalition import actions, queries
from app.coalition.limits import JOINS_PER_PERSON
from app.coalition.models import ENDED
from app.core.db import SessionDep
from app.core.limits import limiter_of
from app.core.web import After, go, render
from app.following.actions import follow_pilot
from app.pilots.access import VisiblePilot, may_start_pilot

router = APIRouter(prefix="/pilots/{pilot_id}/coalition")


@router.get("")
def show_coalition(
    request: Request,
    session: SessionDep,
    viewer: Viewer,
    pilot: VisiblePilot,
    after: After = "",
) -> Response:
    return render(
        request,
        "coalition/show.html",
        "coalition/_names.html",
        pilot=pilot,
        partners=queries.partners_of(session, pilot.id),
        earlier=queries.earlier_partners_of(session, pilot.id),
        page=queries.read_co_creators(session, pilot.id, after),
        count=queries.count_co_creators(session, pilot.id),
        joined=queries.has_joined(session, pilot.id, viewer),
        may_join=pilot.stage not in ENDED,
        may_edit=may_start_pilot(viewer),
        is_first=not after,
    )


@router.post("/join")
def join(request: Request, session: SessionDep, writer: Writer, pilot: VisiblePilot) -> Response:
    limiter_of(request).count(JOINS_PER_PERSON, str(writer.id))
    if actions.join(session, writer, pilot):
        follow_pilot(session, writer.id, pilot.id)
    return go(request, f"/pilots/{pilot.id}/coalition", "joined")


@router.post("/leave")
def leave(request: Request, session: SessionDep, resident: Resident, pilot: VisiblePilot) -> Response:
    actions.leave(session, resident.id, pilot.id)
    return go(request, f"/pilots/{pilot.id}/coalition", "left")
