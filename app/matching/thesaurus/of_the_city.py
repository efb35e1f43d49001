"""The thesaurus as one city has it: what the product ships, and what the city added and took away."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlmodel import Session, col, select

from app.matching.models import CityConcept, CityExpression
from app.matching.thesaurus.concepts import LANGUAGES, Concept, Expression, shipped_concepts
from app.themes.models import Theme


def concepts_of_city(session: Session) -> Sequence[Concept]:
    """The very list of the product where the city changed nothing."""
    edits = session.exec(select(CityExpression).order_by(col(CityExpression.id))).all()
    own = list(_own_concepts(session))
    if not edits and not own:
        return shipped_concepts()
    return [edited(concept, edits) for concept in (*shipped_concepts(), *own)]


def _own_concepts(session: Session) -> Iterable[Concept]:
    rows = session.execute(
        select(CityConcept, Theme.slug)
        .join(Theme, col(Theme.id) == CityConcept.theme_id, isouter=True)
        .order_by(col(CityConcept.id))
    ).all()
    for row, slug in rows:
        yield Concept(row.code, row.name_nl, row.name_en, {slug: 1.0} if slug else {})


def edited(concept: Concept, edits: Iterable[CityExpression]) -> Concept:
    """With the city's expressions, and without those that it took away."""
    changes = [edit for edit in edits if edit.concept == concept.code]
    if not changes:
        return concept
    by_language = {
        language: {each.text: each for each in concept.expressions.get(language, ())} for language in LANGUAGES
    }
    for change in changes:
        if change.removed:
            by_language[change.language].pop(change.text, None)
        else:
            by_language[change.language][change.text] = Expression(change.text)
    return replace(concept, expressions={language: tuple(kept.values()) for language, kept in by_language.items()})
