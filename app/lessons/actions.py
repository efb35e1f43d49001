"""Writing down what was learned."""

from sqlmodel import Session, col, select

from app.activity.actions import tell, write_down
from app.content.actions import publish
from app.content.models import Kind
from app.core.language import guess_language, search_document
from app.lessons.forms import LessonForm
from app.lessons.models import Lesson
from app.pilots.models import Pilot, Stage


def write_lesson(session: Session, actor_id: int, pilot: Pilot, stage: Stage, form: LessonForm) -> Lesson:
    """What is sent twice is one lesson."""
    if known := _same_words(session, pilot.id, form):
        return known
    language = guess_language(f"{form.lesson_title} {form.lesson_text}")
    lesson = Lesson(
        pilot_id=pilot.id,
        content_id=publish(session, Kind.LESSON, actor_id, language).id,
        stage=stage,
        part=form.lesson_part,
        title=form.lesson_title,
        text=form.lesson_text,
        language=language,
        search_stems=search_document(form.lesson_title, form.lesson_text, language),
    )
    session.add(lesson)
    session.flush()
    facts = {"lesson": lesson.id}
    write_down(session, "lesson.written", "pilot", pilot.id, actor_id=actor_id, role="team", facts=facts)
    return lesson


def add_lesson(session: Session, actor_id: int, pilot: Pilot, form: LessonForm) -> Lesson:
    """Between two gates; who takes part in the pilot hears of it."""
    if known := _same_words(session, pilot.id, form):
        return known
    lesson = write_lesson(session, actor_id, pilot, pilot.stage, form)
    facts = {"lesson": lesson.id}
    tell(session, "pilot", pilot.id, "lesson.written", actor_id=actor_id, by_city=True, facts=facts)
    return lesson


def _same_words(session: Session, pilot_id: int, form: LessonForm) -> Lesson | None:
    newest = select(Lesson).where(Lesson.pilot_id == pilot_id).order_by(col(Lesson.id).desc()).limit(1)
    last = session.exec(newest).first()
    return last if last and (last.title, last.text) == (form.lesson_title, form.lesson_text) else None
