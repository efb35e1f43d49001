"""The team keeps the city's thesaurus: which words and phrases stand for which problem."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Team, require_active
from app.core.db import SessionDep
from app.core.errors import NotFound, Problem
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.web import go, render
from app.matching.concepts import Concept
from app.matching.forms import ConceptForm, ExpressionForm
from app.matching.profile_memory import memory_of
from app.matching.thesaurus_editing import (
    OWN,
    add_concept,
    add_expression,
    remove_concept,
    remove_expression,
)
from app.themes.queries import all_themes, theme_with_slug

router = APIRouter(prefix="/team/matching/concepts")

NewConcept = Annotated[Submission[ConceptForm], Depends(form_of(ConceptForm))]
OneExpression = Annotated[Submission[ExpressionForm], Depends(form_of(ExpressionForm))]


@router.get("")
def list_concepts(
    request: Request, session: SessionDep, team: Team, q: Annotated[str, Query(max_length=80)] = ""
) -> Response:
    return render_list(request, session, q, {}, {})


@router.post("")
def start_concept(request: Request, session: SessionDep, team: Team, submission: NewConcept) -> Response:
    if submission.ok:
        form = submission.data
        theme = theme_with_slug(session, form.theme) if form.theme else None
        try:
            theme_id = theme.id if theme else None
            code = add_concept(session, require_active(team).id, form.name_nl, form.name_en, theme_id)
            return go(request, f"/team/matching/concepts/{code}", "saved")
        except Problem as refused:
            session.rollback()
            submission.refuse("name_en", refused.message)
    return render_list(request, session, "", submission.typed, submission.errors, 422)


def render_list(
    request: Request, session: Session, q: str, typed: dict[str, str], errors: dict[str, Text], status: int = 200
) -> Response:
    """The list is as long as the thesaurus, which people keep by hand; it does not grow with the city."""
    known = memory_of(session).thesaurus.concepts.values()
    return render(
        request,
        "matching/concepts.html",
        status=status,
        concepts=[concept for concept in known if not q or speaks_of(concept, q.lower())],
        q=q,
        themes=all_themes(session),
        typed=typed,
        errors=errors,
    )


def speaks_of(concept: Concept, q: str) -> bool:
    said = (each.text for expressions in concept.expressions.values() for each in expressions)
    return q in concept.nl.lower() or q in concept.en.lower() or any(q in text for text in said)


def load_concept(session: SessionDep, code: str) -> Concept:
    concept = memory_of(session).thesaurus.concepts.get(code)
    if concept is None:
        raise NotFound
    return concept


KnownConcept = Annotated[Concept, Depends(load_concept)]


@router.get("/{code}")
def show_concept(request: Request, team: Team, concept: KnownConcept) -> Response:
    return render_concept(request, concept, {}, {})


@router.post("/{code}/expressions")
def say_it_so(
    request: Request, session: SessionDep, team: Team, concept: KnownConcept, submission: OneExpression
) -> Response:
    if submission.ok:
        try:
            form = submission.data
            add_expression(session, require_active(team).id, concept.code, form.language, form.text)
            return go(request, f"/team/matching/concepts/{concept.code}#{form.language}", "saved")
        except Problem as refused:
            session.rollback()
            submission.refuse("text", refused.message)
    return render_concept(request, concept, submission.typed, submission.errors, 422)


@router.post("/{code}/expressions/removal")
def no_longer_say_it_so(
    request: Request, session: SessionDep, team: Team, concept: KnownConcept, submission: OneExpression
) -> Response:
    if not submission.ok:
        return render_concept(request, concept, submission.typed, submission.errors, 422)
    form = submission.data
    remove_expression(session, require_active(team).id, concept.code, form.language, form.text)
    return go(request, f"/team/matching/concepts/{concept.code}#{form.language}", "saved")


@router.post("/{code}/removal")
def drop_concept(request: Request, session: SessionDep, team: Team, concept: KnownConcept) -> Response:
    remove_concept(session, require_active(team).id, concept.code)
    return go(request, "/team/matching/concepts", "deleted")


def render_concept(
    request: Request, concept: Concept, typed: dict[str, str], errors: dict[str, Text], status: int = 200
) -> Response:
    is_own = concept.code.startswith(OWN)
    return render(
        request, "matching/concept.html", status=status, concept=concept, is_own=is_own, typed=typed, errors=errors
    )
