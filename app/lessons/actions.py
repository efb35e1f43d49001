"""Writing down what was learned, and putting it right in the open."""

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.activity.actions import tell, write_down
from app.content.actions import publish
from app.content.models import Content, EarlierWords, Kind
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.language import guess_language, search_document
from app.core.writes import count_changed
from app.lessons.forms import LessonEditForm, LessonForm
from app.lessons.models import Lesson
from app.pilots.models import Pilot, Stage

OVERTAKEN = _(
    "Somebody else changed this lesson in the meantime. Below is what it says now; save again if yours should stand."
)


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
    tell(session, "pilot", pilot.id, "lesson.written", actor_id=actor_id, by_city=True, facts=lesson.pointed_at)
    return lesson


def correct_lesson(session: Session, actor_id: int, lesson: Lesson, form: LessonEditForm) -> None:
    """What it said before stays readable. Sent twice, it is changed once; raises Conflict when overtaken."""
    if _says(lesson, form):
        return
    before = EarlierWords(
        content_id=lesson.content_id, version=form.version, title=lesson.title, text=lesson.text,
        parts=[[lesson.part, ""]] if lesson.part else [], replaced_by=actor_id,
    )  # fmt: skip
    language = guess_language(f"{form.lesson_title} {form.lesson_text}")
    changing = update(Lesson).where(
        col(Lesson.id) == lesson.id, col(Lesson.visible), col(Lesson.version) == form.version
    )
    columns = {
        "title": form.lesson_title, "text": form.lesson_text, "part": form.lesson_part, "language": language,
        "search_stems": search_document(form.lesson_title, form.lesson_text, language),
    }  # fmt: skip
    changed = changing.values(version=form.version + 1, changed_at=before.replaced_at, **columns)
    if lesson.version != form.version or not count_changed(session, changed):
        raise Conflict(OVERTAKEN)
    session.add(before)
    session.execute(update(Content).where(col(Content.id) == lesson.content_id).values(language=language))
    tell(session, "pilot", lesson.pilot_id, "lesson.changed", actor_id=actor_id, by_city=True, facts=lesson.pointed_at)
    facts = {"lesson": lesson.id, "version": form.version + 1}
    write_down(session, "lesson.changed", "pilot", lesson.pilot_id, actor_id=actor_id, role="team", facts=facts)


def _says(lesson: Lesson, form: LessonForm) -> bool:
    return (lesson.title, lesson.text, lesson.part) == (form.lesson_title, form.lesson_text, form.lesson_part)


def _same_words(session: Session, pilot_id: int, form: LessonForm) -> Lesson | None:
    newest = select(Lesson).where(Lesson.pilot_id == pilot_id).order_by(col(Lesson.id).desc()).limit(1)
    last = session.exec(newest).first()
    return last if last and (last.title, last.text) == (form.lesson_title, form.lesson_text) else None
