"""Pilots: the problem first, then the issues behind it."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.accounts.access import Viewer
from app.activity.queries import timeline_of
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import VARY, RowId, render
from app.issues.slugs import slug_of
from app.pilots import queries
from app.pilots.models import Stage

router = APIRouter()


@router.get("/pilots")
def list_pilots(request: Request, session: SessionDep, viewer: Viewer, stage: str = "", after: str = "") -> Response:
    chosen = stage if stage in set(Stage) else ""
    page = queries.read_pilots(session, chosen, after)
    return render(request, "pilots/index.html", "pilots/_results.html", page=page, stage=chosen, stages=list(Stage))


@router.get("/pilots/{pilot_id:int}-{slug}")
def show_pilot_with_slug(request: Request, session: SessionDep, viewer: Viewer, pilot_id: RowId, slug: str) -> Response:
    pilot = queries.visible_pilot(session, pilot_id)
    if pilot is None:
        raise NotFound
    if slug != slug_of(pilot.title):
        return RedirectResponse(f"/pilots/{pilot_id}", status_code=301, headers={"Vary": VARY})
    return show_pilot(request, session, viewer, pilot_id)


@router.get("/pilots/{pilot_id}")
def show_pilot(request: Request, session: SessionDep, viewer: Viewer, pilot_id: RowId) -> Response:
    pilot = queries.visible_pilot(session, pilot_id)
    if pilot is None:
        raise NotFound
    return render(
        request,
        "pilots/show.html",
        pilot=pilot,
        issues=queries.issues_behind(session, pilot_id),
        timeline=timeline_of(session, "pilot", pilot_id),
        stages=list(Stage),
    )
