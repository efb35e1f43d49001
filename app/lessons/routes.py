"""The library of lessons: what pilots learned, for whoever comes next."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from app.accounts.access import Team, Viewer, require_active
from app.content.queries import earlier_words
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.limits import limiter_of, network_of
from app.core.web import After, go, render
from app.core.writes import too_late_for
from app.issues.limits import SEARCHES_PER_NETWORK
from app.lessons import actions, queries
from app.lessons.access import VisibleLesson, load_lesson
from app.lessons.forms import LessonEditForm, LessonForm
from app.lessons.models import Lesson
from app.lessons.queries import LessonSearch
from app.pilots.access import VisiblePilot
from app.pilots.models import PartKind, Pilot, Stage
from app.themes.queries import all_themes

router = APIRouter()

Written = Annotated[Submission[LessonForm], Depends(form_of(LessonForm))]
Edited = Annotated[Submission[LessonEditForm], Depends(form_of(LessonEditForm))]


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
    after: After = "",
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


@router.get("/lessons/{lesson_id}/history")
def show_history(
    request: Request,
    session: SessionDep,
    viewer: Viewer,
    lesson: VisibleLesson,
    after: After = "",
) -> Response:
    page = earlier_words(session, lesson.content_id, after)
    return render(
        request, "content/earlier.html", back=f"/lessons/{lesson.id}", title=lesson.title, language=lesson.language,
        page=page, is_first=not after,
    )  # fmt: skip


@router.get("/lessons/{lesson_id}/edit")
def show_edit_form(request: Request, team: Team, lesson: VisibleLesson) -> Response:
    return render_edit_form(request, lesson, typed_of(lesson), {})


@router.post("/lessons/{lesson_id}/edit")
def correct_lesson(
    request: Request, session: SessionDep, team: Team, lesson: VisibleLesson, submission: Edited
) -> Response:
    if not submission.ok:
        return render_edit_form(request, lesson, submission.typed, submission.errors, 422)
    actor_id = require_active(team).id
    late = too_late_for(session, lambda: actions.correct_lesson(session, actor_id, lesson, submission.data))
    if late:
        session.expire(lesson)
        now = load_lesson(session, lesson.id)
        typed = {**submission.typed, "version": str(now.version)}
        return render_edit_form(request, now, typed, {"form": late.message}, 409)
    return go(request, f"/lessons/{lesson.id}", "saved")


def typed_of(lesson: Lesson) -> dict[str, str]:
    part = lesson.part or ""
    return {
        "lesson_title": lesson.title, "lesson_text": lesson.text, "lesson_part": part, "version": str(lesson.version)
    }  # fmt: skip


def render_edit_form(
    request: Request, lesson: Lesson, typed: dict[str, str], errors: dict[str, Text], status: int = 200
) -> Response:
    """After a conflict what the lesson says now stands above the form, which keeps what was typed."""
    return render(
        request, "lessons/edit.html", status=status, lesson=lesson, typed=typed, errors=errors, overtaken=status == 409
    )


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
