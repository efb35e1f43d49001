"""Lessons: what pilots learned."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.accounts.access import Caller
from app.api import schemas
from app.api.issues import NO_NUL
from app.api.lists import PageQuery, base_url_of, links_of
from app.core.db import SessionDep
from app.core.limits import limiter_of, network_of
from app.issues.limits import SEARCHES_PER_NETWORK
from app.lessons.models import Lesson
from app.lessons.queries import LessonSearch, find_lessons
from app.pilots.models import PartKind, Stage

router = APIRouter(tags=["Pilots"])


class LessonQuery(PageQuery):
    theme: str = Field("", max_length=60, pattern=r"^[a-z0-9-]*$", description="The slug of a theme.")
    stage: Stage | None = Field(default=None, description="How far the pilot was.")
    part: PartKind | None = Field(default=None, description="What kind of part of an approach it is about.")
    pilot: int | None = Field(default=None, ge=1, le=2**31 - 1, description="Only those of this pilot.")
    q: str = Field("", max_length=200, pattern=NO_NUL, description="Words, in Dutch or English.")


@router.get("/lessons")
def list_lessons(
    request: Request,
    response: Response,
    session: SessionDep,
    caller: Caller,
    query: Annotated[LessonQuery, Query()],
) -> schemas.LessonList:
    """Lessons by theme, stage, part or words, newest first."""
    if query.q:
        limiter_of(request).count(SEARCHES_PER_NETWORK, network_of(request))
    search = LessonSearch(query.q.strip(), query.theme, query.stage, query.part, query.pilot)
    page = find_lessons(session, search, query.after, query.page_size)
    base = base_url_of(request)
    items = [describe_lesson(lesson, base) for lesson in page.items]
    return schemas.LessonList(items=items, links=links_of(request, response, page.next))


def describe_lesson(lesson: Lesson, base: str) -> schemas.Lesson:
    return schemas.Lesson(
        id=lesson.id,
        title=lesson.title,
        text=lesson.text,
        language=lesson.language,
        pilot=lesson.pilot_id,
        stage=lesson.stage,
        part=lesson.part,
        themes=[theme.slug for theme in lesson.pilot.themes],
        written_at=lesson.written_at,
        changed_at=lesson.changed_at,
        url=f"{base}/lessons/{lesson.id}",
    )
