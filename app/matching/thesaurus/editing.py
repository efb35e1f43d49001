"""What a city changes in its thesaurus; the next issue is read with it, by every process.

What decisions taught about pilots stays as it was counted until the next decision about that pilot.
"""

from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, delete, select

from app.activity.actions import write_down
from app.core.clock import now
from app.core.errors import BadRequest, Conflict, NotFound
from app.core.i18n import _
from app.core.writes import count_changed, insert_once
from app.issues.slugs import slug_of
from app.matching.models import CityConcept, CityExpression, GrownExpression, PilotConcept
from app.matching.thesaurus.concepts import EXACT, HINT, LANGUAGES, shipped_concepts
from app.matching.thesaurus.expressions import stems_of

LONGEST_EXPRESSION = 80
OWN = "city-"  # begins the code of a city's own concept, so that it never meets one that we ship later


def add_expression(session: Session, actor_id: int, concept: str, language: str, text: str) -> bool:
    """False when the concept had it already. One that the city took away before comes back."""
    text = _checked(session, concept, language, text)
    if text in shipped_texts(concept, language):
        back = delete(CityExpression).where(says(CityExpression, concept, language, text), col(CityExpression.removed))
        changed = count_changed(session, back) > 0
    else:
        changed = put_expression(session, actor_id, concept, language, text, removed=False)
    return changed and note_expression(session, "concept.expression_added", actor_id, concept, language, text)


def remove_expression(session: Session, actor_id: int, concept: str, language: str, text: str) -> bool:
    """False when the concept did not have it."""
    text = _checked(session, concept, language, text)
    if text in shipped_texts(concept, language):
        changed = put_expression(session, actor_id, concept, language, text, removed=True)
    else:
        added = delete(CityExpression).where(
            says(CityExpression, concept, language, text), ~col(CityExpression.removed)
        )
        changed = count_changed(session, added) > 0
    return changed and note_expression(session, "concept.expression_removed", actor_id, concept, language, text)


def add_concept(session: Session, actor_id: int, name_nl: str, name_en: str, theme_id: int | None = None) -> str:
    """Its code. The names are its first expressions."""
    code = f"{OWN}{slug_of(name_en)}"[:60]
    row = {"code": code, "name_nl": name_nl, "name_en": name_en, "theme_id": theme_id}
    if not insert_once(session, CityConcept, **row, created_by=actor_id, updated_at=now()):
        raise Conflict(_("There is a concept with this name already."))
    write_down(session, "concept.added", "concept", code, actor_id=actor_id, role="team", facts={"theme": theme_id})
    for language, name in (("nl", name_nl), ("en", name_en)):
        if stems_of(name, language):
            add_expression(session, actor_id, code, language, name)
    return code


def remove_concept(session: Session, actor_id: int, code: str) -> None:
    """Only one that the city added itself; of the others, expressions can be taken away."""
    if not count_changed(session, delete(CityConcept).where(col(CityConcept.code) == code)):
        raise NotFound(_("Your city has no concept of its own with this name."))
    session.execute(delete(CityExpression).where(col(CityExpression.concept) == code))
    session.execute(delete(PilotConcept).where(col(PilotConcept.concept) == code))
    session.execute(delete(GrownExpression).where(col(GrownExpression.concept) == code))
    write_down(session, "concept.removed", "concept", code, actor_id=actor_id, role="team")


def _checked(session: Session, concept: str, language: str, text: str) -> str:
    """As it is stored. The marks that our own files use are no part of what people say."""
    text = " ".join(text.lower().rstrip(HINT + EXACT).split())
    known = (
        concept in {each.code for each in shipped_concepts()}
        or session.exec(select(CityConcept.id).where(CityConcept.code == concept)).first()
    )
    if not known or language not in LANGUAGES:
        raise NotFound(_("There is no such concept."))
    if len(text) > LONGEST_EXPRESSION or not stems_of(text, language):
        raise BadRequest(_("Write a word or a short phrase that says something about the concept."))
    return text


def shipped_texts(concept: str, language: str) -> set[str]:
    return {each.text for known in shipped_concepts() if known.code == concept for each in known.expressions[language]}


def put_expression(session: Session, actor_id: int, concept: str, language: str, text: str, removed: bool) -> bool:
    row = {"concept": concept, "language": language, "text": text, "removed": removed}
    if insert_once(session, CityExpression, **row, changed_by=actor_id, updated_at=now()):
        return True
    other = update(CityExpression).where(
        says(CityExpression, concept, language, text), col(CityExpression.removed) != removed
    )
    return count_changed(session, other.values(removed=removed, changed_by=actor_id, updated_at=now())) > 0


def says(table: Any, concept: str, language: str, text: str) -> Any:
    """Which row of a table of expressions is this one."""
    return (col(table.concept) == concept) & (col(table.language) == language) & (col(table.text) == text)


def note_expression(session: Session, kind: str, actor_id: int, concept: str, language: str, text: str) -> bool:
    """Into the audit; always True."""
    facts = {"language": language, "text": text}
    write_down(session, kind, "concept", concept, actor_id=actor_id, role="team", facts=facts)
    return True
