"""Pilots: the problem first, then the issues behind it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Team, Viewer, require_active
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.forms import Submission, form_of
from app.core.i18n import Text, _
from app.core.web import RowId, go, moved, render
from app.following.queries import is_following_pilot
from app.issues.queries import visible_issues
from app.issues.slugs import slug_of
from app.pilots import actions, queries
from app.pilots.access import may_start_pilot
from app.pilots.forms import PilotForm
from app.pilots.models import Stage
from app.pilots.timeline import public_timeline

router = APIRouter()

Started = Annotated[Submission[PilotForm], Depends(form_of(PilotForm))]


@router.get("/pilots")
def list_pilots(request: Request, session: SessionDep, viewer: Viewer, stage: str = "", after: str = "") -> Response:
    chosen = stage if stage in set(Stage) else ""
    page = queries.read_pilots(session, chosen, after)
    return render(
        request,
        "pilots/index.html",
        "pilots/_results.html",
        page=page,
        stage=chosen,
        stages=list(Stage),
        may_start=may_start_pilot(viewer),
    )


@router.get("/pilots/new")
def show_start_form(request: Request, session: SessionDep, team: Team, issues: str = "") -> Response:
    return render_start_form(request, session, {"issues": issues[:500]}, {})


@router.post("/pilots")
def start_pilot(request: Request, session: SessionDep, team: Team, submission: Started) -> Response:
    if submission.ok:
        found = visible_issues(session, submission.data.issues)
        missing = sorted(set(submission.data.issues) - {issue.id for issue in found})
        if missing:
            said = ", ".join(map(str, missing))
            submission.refuse("issues", _("There is no issue with this number: %(numbers)s.", numbers=said))
    if not submission.ok:
        return render_start_form(request, session, submission.typed, submission.errors, status=422)
    form = submission.data
    pilot = actions.start_pilot(session, require_active(team).id, found, form.title, form.problem)
    return go(request, f"/pilots/{pilot.id}", "saved")


def render_start_form(
    request: Request, session: Session, typed: dict[str, str], errors: dict[str, Text], status: int = 200
) -> Response:
    return render(request, "pilots/new.html", status=status, typed=typed, errors=errors)


@router.get("/pilots/{pilot_id:int}-{slug}")
def show_pilot_with_slug(request: Request, session: SessionDep, viewer: Viewer, pilot_id: RowId, slug: str) -> Response:
    pilot = queries.visible_pilot(session, pilot_id)
    if pilot is None:
        raise NotFound
    if slug != slug_of(pilot.title):
        return moved(request, f"/pilots/{pilot_id}")
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
        timeline=public_timeline(session, "pilot", pilot_id),
        follow_at=f"/pilots/{pilot_id}",
        follows=viewer is not None and is_following_pilot(session, viewer.id, pilot_id),
        stages=list(Stage),
    )
