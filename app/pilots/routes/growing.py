"""What the city team writes about pilots: start one from issues, rewrite it in the open."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Team, require_active
from app.core.db import SessionDep
from app.core.errors import Conflict
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.web import done, go, render
from app.issues.models import Issue
from app.issues.queries import visible_issues
from app.lessons.queries import lessons_about
from app.pilots import actions, queries
from app.pilots.access import VisiblePilot
from app.pilots.actions import PilotArea
from app.pilots.forms import MOST_ISSUES, PilotEditForm, PilotForm, WordingForm, numbers_in
from app.pilots.history import rewrite_pilot
from app.pilots.models import Pilot
from app.pilots.settling import settle_issues, settle_pilot, settle_reason
from app.pilots.solutions import solutions_named
from app.places.queries import all_neighbourhoods
from app.themes.queries import themes_with_goals

router = APIRouter()
MOST_READ = 3000

Started = Annotated[Submission[PilotForm], Depends(form_of(PilotForm))]
Written = Annotated[Submission[WordingForm], Depends(form_of(WordingForm))]
Edited = Annotated[Submission[PilotEditForm], Depends(form_of(PilotEditForm))]


@router.get("/pilots/new")
def show_start_form(request: Request, session: SessionDep, team: Team, issues: str = "") -> Response:
    """While numbers are typed, htmx asks for the words of these residents only."""
    chosen = visible_issues(session, numbers_in(issues)[:MOST_ISSUES])
    themes = {str(issue.theme_id) for issue in chosen if issue.theme_id}
    return render_start_form(request, session, {"issues": issues[:500], "themes": ",".join(sorted(themes))}, {}, chosen)


@router.post("/pilots/wording")
def look_at_wording(request: Request, team: Team, submission: Written) -> Response:
    """While somebody types; without JavaScript the same is said when the form is sent."""
    words = " ".join(submission.typed.get(name, "")[:MOST_READ] for name in ("title", "problem"))
    context = {"named": solutions_named(words), "typed": submission.typed, "errors": {}}
    return done(request, "/pilots/new", "pilots/_wording.html", **context)


@router.post("/pilots")
def start_pilot(request: Request, session: SessionDep, team: Team, submission: Started) -> Response:
    numbers = numbers_in(submission.typed.get("issues", ""))[:MOST_ISSUES]
    issues = settle_issues(session, submission, numbers)
    about = settle_pilot(session, submission, issues)
    if about is None:
        return render_start_form(request, session, submission.typed, submission.errors, issues, 422)
    pilot = actions.start_pilot(session, require_active(team).id, issues, about)
    return go(request, f"/pilots/{pilot.id}", "saved")


def render_start_form(
    request: Request,
    session: Session,
    typed: dict[str, str],
    errors: dict[str, Text],
    issues: Sequence[Issue],
    status: int = 200,
) -> Response:
    return render(
        request,
        "pilots/new.html",
        "pilots/_own_words.html",
        status=status,
        typed=typed,
        errors=errors,
        issues=issues,
        learned=lessons_about(session, numbers_in(typed.get("themes", ""))),
        themes=themes_with_goals(session),
        neighbourhoods=all_neighbourhoods(session),
        areas=["issues", "neighbourhood", "point", "none"],
        named=solutions_named(f"{typed.get('title', '')} {typed.get('problem', '')}"),
    )


@router.get("/pilots/{pilot_id}/edit")
def show_edit_form(request: Request, session: SessionDep, team: Team, pilot: VisiblePilot) -> Response:
    return render_edit_form(request, session, pilot, typed_of(pilot), {})


@router.post("/pilots/{pilot_id}/edit")
def edit_pilot(request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, submission: Edited) -> Response:
    area = PilotArea(pilot.lat, pilot.lon, pilot.radius_m)
    about = settle_pilot(session, submission, queries.issues_behind(session, pilot.id, MOST_ISSUES), area)
    if not settle_reason(submission, pilot, about) or about is None:
        return render_edit_form(request, session, pilot, submission.typed, submission.errors, 422)
    form, actor_id = submission.data, require_active(team).id
    try:
        rewrite_pilot(session, actor_id, pilot, about, about.area or area, form.version, form.reason)
    except Conflict as overtaken:
        session.refresh(pilot)
        typed = {**submission.typed, "version": str(pilot.version)}
        return render_edit_form(request, session, pilot, typed, {"form": overtaken.message}, 409)
    return go(request, f"/pilots/{pilot.id}", "saved")


def typed_of(pilot: Pilot) -> dict[str, str]:
    return {
        "title": pilot.title,
        "problem": pilot.problem,
        "themes": ",".join(str(theme.id) for theme in pilot.themes),
        "goals": ",".join(str(goal.id) for goal in pilot.goals),
        "area": "same",
        "version": str(pilot.version),
    }


def render_edit_form(
    request: Request,
    session: Session,
    pilot: Pilot,
    typed: dict[str, str],
    errors: dict[str, Text],
    status: int = 200,
) -> Response:
    """After a conflict what the pilot says now stands above the form, which keeps what was typed."""
    return render(
        request,
        "pilots/edit.html",
        status=status,
        pilot=pilot,
        overtaken=status == 409,
        typed=typed,
        errors=errors,
        themes=themes_with_goals(session),
        neighbourhoods=all_neighbourhoods(session),
        areas=["same", "issues", "neighbourhood", "point", "none"],
        named=solutions_named(f"{typed.get('title', '')} {typed.get('problem', '')}"),
        issues=queries.issues_behind(session, pilot.id),
    )
