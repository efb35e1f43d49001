"""The only way to get at a lesson from a request."""

from typing import Annotated

from fastapi import Depends

from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import RowId
from app.lessons.models import Lesson
from app.lessons.queries import visible_lesson


def load_lesson(session: SessionDep, lesson_id: RowId) -> Lesson:
    lesson = visible_lesson(session, lesson_id)
    if lesson is None:
        raise NotFound
    return lesson


VisibleLesson = Annotated[Lesson, Depends(load_lesson)]
