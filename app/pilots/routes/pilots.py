"""Pilots: the problem first, then the issues behind it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from markupsafe import Markup
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Team, Viewer, require_active
from app.accounts.models import Person
from app.approaches.queries import on_pilot as approaches_on_pilot
from app.coalition import queries as coalition
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.i18n import Text, today
from app.core.web import After, go, locale_of, moved, render
from app.following.queries import is_following_pilot
from app.gates import waiting
from app.issues.access import VisibleIssue
from app.issues.slugs import issue_path, slug_of
from app.lessons.queries import lessons_of
from app.measures.shown import on_pilot as measures_on_pilot
from app.pilots import actions, behind, queries
from app.pilots.access import VisiblePilot, may_start_pilot
from app.pilots.forms import LinkForm, UnlinkForm
from app.pilots.history import read_history
from app.pilots.models import Pilot, Stage
from app.pilots.queries import Which
from app.pilots.road import road_of
from app.pilots.settling import settle_issues
from app.pilots.timeline import SHOWN, last_claim, moves_of, newest_entries
from app.places.city_map import drawn_city
from app.places.queries import all_neighbourhoods
from app.themes.queries import all_themes, current_themes
from app.verdicts import queries as verdicts

router = APIRouter()

Filter = Annotated[str, Query(max_length=60)]
Linked = Annotated[Submission[LinkForm], Depends(form_of(LinkForm))]
Unlinked = Annotated[Submission[UnlinkForm], Depends(form_of(UnlinkForm))]


@router.get("/pilots")
def list_pilots(
    request: Request, session: SessionDep, viewer: Viewer, stage: Filter = "", theme: Filter = "",
    neighbourhood: Filter = "", after: After = "",
) -> Response:  # fmt: skip
    which = Which(stage if stage in set(Stage) else "", theme, neighbourhood)
    page = queries.read_pilots(session, which, after)
    return render(
        request,
        "pilots/index.html",
        "pilots/_results.html",
        kept=True,
        page=page,
        which=which,
        stages=list(Stage),
        themes=current_themes(session),
        neighbourhoods=all_neighbourhoods(session),
        may_start=may_start_pilot(viewer),
    )


@router.get("/pilots/{pilot_id:int}-{slug}")
def show_pilot_with_slug(
    request: Request, session: SessionDep, viewer: Viewer, pilot: VisiblePilot, slug: str
) -> Response:
    if slug != slug_of(pilot.title):
        return moved(request, f"/pilots/{pilot.id}")
    return show_pilot(request, session, viewer, pilot)


@router.get("/pilots/{pilot_id}")
def show_pilot(request: Request, session: SessionDep, viewer: Viewer, pilot: VisiblePilot) -> Response:
    return render_pilot(request, session, viewer, pilot, {}, {})


def render_pilot(
    request: Request,
    session: Session,
    viewer: Person | None,
    pilot: Pilot,
    typed: dict[str, str],
    errors: dict[str, Text],
    status: int = 200,
) -> Response:
    may_edit = may_start_pilot(viewer)
    verdict = verdicts.on_pilot(session, pilot, viewer)
    return render(
        request,
        "pilots/show.html",
        status=status,
        kept=True,
        pilot=pilot,
        issues=queries.issues_behind(session, pilot.id),
        competition=approaches_on_pilot(session, pilot, viewer),
        areas=behind.count_by_neighbourhood(session, pilot.id),
        people=behind.count_people(session, [pilot.id]).get(pilot.id, 0),
        drawing=draw_issues(request, session, pilot),
        road=road_of(pilot, moves_of(session, pilot.id)),
        today=today(),
        happened=newest_entries(session, pilot.id, size=SHOWN),
        claim=last_claim(session, pilot.id),
        verdict=verdict,
        asked=verdict.question is not None,
        follow_at=f"/pilots/{pilot.id}",
        follows=viewer is not None and is_following_pilot(session, viewer.id, pilot.id),
        may_edit=may_edit,
        together=coalition.on_pilot(session, pilot, viewer),
        measures=measures_on_pilot(session, pilot, viewer),
        at_gate=waiting.on_pilot(session, pilot, viewer),
        learned=lessons_of(session, pilot.id),
        linked=queries.linked_to(session, pilot.id) if may_edit else [],
        typed=typed,
        errors=errors,
    )


def draw_issues(request: Request, session: Session, pilot: Pilot) -> Markup | None:
    """The city with a dot for each issue, for whoever has no JavaScript; without any area there is no drawing."""
    drawing = drawn_city(request, session)
    if drawing is None:
        return None
    return drawing.with_dots([(point.lat, point.lon) for point in behind.points_behind(session, pilot.id)])


@router.get("/pilots/{pilot_id}/points.json")
def list_points(session: SessionDep, viewer: Viewer, pilot: VisiblePilot) -> dict[str, Any]:
    """Where its issues are, in the form of the map of all issues."""
    points = [
        {**point._mapping, "url": issue_path(point.id, point.title)}
        for point in behind.points_behind(session, pilot.id)
    ]
    return {"points": points, "more": False}


@router.get("/pilots/{pilot_id}/timeline")
def show_timeline(
    request: Request, session: SessionDep, viewer: Viewer, pilot: VisiblePilot,
    after: After = "",
) -> Response:  # fmt: skip
    page = newest_entries(session, pilot.id, after)
    return render(request, "pilots/timeline.html", pilot=pilot, page=page, is_first=not after)


@router.get("/pilots/{pilot_id}/history")
def show_history(
    request: Request,
    session: SessionDep,
    viewer: Viewer,
    pilot: VisiblePilot,
    after: After = "",
) -> Response:
    return render(
        request,
        "pilots/history.html",
        "pilots/_versions.html",
        pilot=pilot,
        page=read_history(session, pilot, after),
        theme_names={theme.id: theme.name(locale_of(request)) for theme in all_themes(session)},
        is_first=not after,
    )


@router.post("/pilots/{pilot_id}/issues")
def link_issues(request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, submission: Linked) -> Response:
    issues = settle_issues(session, submission, submission.data.issues) if submission.ok else []
    if not submission.ok:
        return render_pilot(request, session, team, pilot, submission.typed, submission.errors, 422)
    for issue in issues:
        actions.link_issue(session, require_active(team).id, pilot, issue)
    return go(request, f"/pilots/{pilot.id}", "saved")


@router.post("/pilots/{pilot_id}/issues/{issue_id}/removal")
def unlink_issue(
    request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, issue: VisibleIssue, submission: Unlinked
) -> Response:
    if not submission.ok:
        submission.errors = {f"text-{issue.id}": message for message in submission.errors.values()}
        return render_pilot(request, session, team, pilot, submission.typed, submission.errors, 422)
    actions.unlink_issue(session, require_active(team).id, pilot, issue, submission.data.text)
    return go(request, f"/pilots/{pilot.id}", "saved")
