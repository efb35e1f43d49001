from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlmodel import Session, col, func, literal, select

from app.content.models import Content
from app.core.language import search_terms
from app.core.paging import PAGE_SIZE, Page, decode_after, encode_after
from app.lessons.models import Lesson
from app.pilots.models import PartKind, Pilot, PilotTheme, Stage
from app.themes.models import Theme

MOST_WORDS = 8
LONGEST_QUERY = 200


@dataclass(frozen=True)
class LessonSearch:
    """What somebody looks for in the library; everything that is given must hold."""

    q: str = ""
    theme: str = ""
    stage: Stage | None = None
    part: PartKind | None = None
    pilot_id: int | None = None

    @property
    def asked(self) -> dict[str, str]:
        """As an address asks for it."""
        said = {"q": self.q, "theme": self.theme, "stage": self.stage, "part": self.part, "pilot": self.pilot_id}
        return {name: str(value) for name, value in said.items() if value}


def lessons_of(session: Session, pilot_id: int, at_most: int = 100) -> Sequence[Lesson]:
    """The visible ones, newest first."""
    return session.exec(
        select(Lesson)
        .where(Lesson.pilot_id == pilot_id, col(Lesson.visible))
        .order_by(col(Lesson.id).desc())
        .limit(at_most)
    ).all()


def newest_lessons_of(session: Session, pilot_ids: Collection[int]) -> dict[int, Lesson]:
    """The newest visible lesson of each of these pilots that has one."""
    newest = select(func.max(Lesson.id)).where(col(Lesson.pilot_id).in_(pilot_ids), col(Lesson.visible))
    found = session.exec(select(Lesson).where(col(Lesson.id).in_(newest.group_by(col(Lesson.pilot_id)))))
    return {lesson.pilot_id: lesson for lesson in found}


def visible_lesson(session: Session, lesson_id: int) -> Lesson | None:
    """With its pilot and the themes of that; hidden together with the pilot."""
    found: Lesson | None = session.exec(_with_pilot().where(Lesson.id == lesson_id)).first()
    return found


def find_lessons(session: Session, search: LessonSearch, after: str = "", size: int = PAGE_SIZE) -> Page[Lesson]:
    """Newest first."""
    statement = _with_pilot().where(*_conditions(search))
    if after:
        statement = statement.where(col(Lesson.id) < decode_after(after, (int,))[0])
    rows = session.exec(statement.order_by(col(Lesson.id).desc()).limit(size + 1)).all()
    shown = rows[:size]
    return Page(shown, encode_after(shown[-1].id) if len(rows) > size else None)


def lessons_about(session: Session, theme_ids: Collection[int], at_most: int = 3) -> Sequence[Lesson]:
    """The newest lessons of pilots with one of these themes."""
    if not theme_ids:
        return []
    with_theme = select(PilotTheme.pilot_id).where(col(PilotTheme.theme_id).in_(theme_ids))
    newest = _with_pilot().where(col(Lesson.pilot_id).in_(with_theme))
    found: Sequence[Lesson] = session.exec(newest.order_by(col(Lesson.id).desc()).limit(at_most)).all()
    return found


def _with_pilot() -> Any:
    return (
        select(Lesson)
        .join(Pilot, col(Pilot.id) == Lesson.pilot_id)
        .where(col(Lesson.visible), col(Pilot.visible))
        .options(
            contains_eager(Lesson.pilot).options(  # type: ignore[arg-type]
                selectinload(Pilot.themes),  # type: ignore[arg-type]
            ),
            joinedload(Lesson.content).joinedload(Content.author),  # type: ignore[arg-type]
        )
    )


def _conditions(search: LessonSearch) -> list[ColumnElement[bool]]:
    wanted: list[Any] = _has_words(search.q)
    if search.stage:
        wanted.append(col(Lesson.stage) == search.stage)
    if search.part:
        wanted.append(col(Lesson.part) == search.part)
    if search.pilot_id:
        wanted.append(col(Lesson.pilot_id) == search.pilot_id)
    if search.theme:
        themed = select(PilotTheme.pilot_id).join(Theme, col(Theme.id) == PilotTheme.theme_id)
        wanted.append(col(Lesson.pilot_id).in_(themed.where(Theme.slug == search.theme)))
    return wanted


def _has_words(query: str) -> list[ColumnElement[bool]]:
    """Every word, in any of its forms. A library has hundreds of lessons, not millions, so it needs no index."""
    if not query.strip():
        return []
    words = [terms for terms in search_terms(query[:LONGEST_QUERY]) if terms][:MOST_WORDS]
    if not words:
        return [false()]
    padded = literal(" ").concat(col(Lesson.search_stems)).concat(" ")
    return [or_(*(padded.contains(f" {term} ", autoescape=True) for term in terms)) for terms in words]
