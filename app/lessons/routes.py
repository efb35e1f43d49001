"""The library of lessons: what pilots learned, for whoever comes next."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from app.accounts.access import Team, Viewer, require_active
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.limits import limiter_of, network_of
from app.core.web import go, render
from app.issues.limits import SEARCHES_PER_NETWORK
from app.lessons import actions, queries
from app.lessons.access import VisibleLesson
from app.lessons.forms import LessonForm
from app.lessons.queries import LessonSearch
from app.pilots.access import VisiblePilot
from app.pilots.models import PartKind, Pilot, Stage
from app.themes.queries import all_themes

router = APIRouter()

Written = Annotated[Submission[LessonForm], Depends(form_of(LessonForm))]


def read_search(
    q: str = "",
    theme: Annotated[str, Query(max_length=60)] = "",
    stage: Annotated[str, Query(max_length=20)] = "",
    part: Annotated[str, Query(max_length=20)] = "",
    pilot: Annotated[str, Query(max_length=10)] = "",
) -> LessonSearch:
    """What nobody ever wrote into an address of ours counts as not asked for."""
    return LessonSearch(
        q=q.strip()[: queries.LONGEST_QUERY],
        theme=theme,
        stage=Stage(stage) if stage in set(Stage) else None,
        part=PartKind(part) if part in set(PartKind) else None,
        pilot_id=int(pilot) if pilot.isascii() and pilot.isdigit() and int(pilot) < 2**31 else None,
    )


Search = Annotated[LessonSearch, Depends(read_search)]


@router.get("/lessons")
def list_lessons(
    request: Request,
    session: SessionDep,
    viewer: Viewer,
    search: Search,
    after: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    if search.q:
        limiter_of(request).count(SEARCHES_PER_NETWORK, network_of(request))
    return render(
        request,
        "lessons/index.html",
        "lessons/_results.html",
        kept=not search.q,
        page=queries.find_lessons(session, search, after),
        search=search,
        query=urlencode(search.asked),
        is_narrowed=bool(search.asked),
        is_first=not after,
        themes=all_themes(session),
        stages=list(Stage),
        parts=list(PartKind),
    )


@router.get("/lessons/{lesson_id}")
def show_lesson(request: Request, session: SessionDep, viewer: Viewer, lesson: VisibleLesson) -> Response:
    return render(request, "lessons/show.html", kept=True, lesson=lesson)


@router.get("/pilots/{pilot_id}/lessons/new")
def show_lesson_form(request: Request, session: SessionDep, team: Team, pilot: VisiblePilot) -> Response:
    return render_form(request, pilot, {}, {})


@router.post("/pilots/{pilot_id}/lessons")
def write_lesson(
    request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, submission: Written
) -> Response:
    if not submission.ok:
        return render_form(request, pilot, submission.typed, submission.errors, 422)
    lesson = actions.add_lesson(session, require_active(team).id, pilot, submission.data)
    return go(request, f"/lessons/{lesson.id}", "saved")


def render_form(
    request: Request, pilot: Pilot, typed: dict[str, str], errors: dict[str, Text], status: int = 200
) -> Response:
    return render(request, "lessons/new.html", status=status, pilot=pilot, typed=typed, errors=errors)
