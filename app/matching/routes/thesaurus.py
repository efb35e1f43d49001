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
from app.core.web import After, go, locale_of, render
from app.core.writes import too_late_for
from app.matching.forms import ConceptForm, ExpressionForm, LearnedForm
from app.matching.growing.judging import JUDGES
from app.matching.knowledge.profile_memory import memory_of
from app.matching.thesaurus.browsing import Wanted, how_many_learned, learned_about, refused_for, some_concepts
from app.matching.thesaurus.concepts import Concept
from app.matching.thesaurus.editing import (
    OWN,
    add_concept,
    add_expression,
    remove_concept,
    remove_expression,
)
from app.themes.queries import all_themes, theme_with_slug

router = APIRouter(prefix="/team/matching/concepts")

NewConcept = Annotated[Submission[ConceptForm], Depends(form_of(ConceptForm))]
OneLearned = Annotated[Submission[LearnedForm], Depends(form_of(LearnedForm))]
OneExpression = Annotated[Submission[ExpressionForm], Depends(form_of(ExpressionForm))]


@router.get("")
def list_concepts(
    request: Request,
    session: SessionDep,
    team: Team,
    q: Annotated[str, Query(max_length=80)] = "",
    theme: Annotated[str, Query(max_length=60)] = "",
    learned: bool = False,
    after: After = "",
) -> Response:
    return render_list(request, session, Wanted(q.strip(), theme, learned), {}, {}, after=after)


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
    return render_list(request, session, Wanted(), submission.typed, submission.errors, 422)


def render_list(
    request: Request, session: Session, wanted: Wanted, typed: dict[str, str], errors: dict[str, Text],
    status: int = 200, after: str = "",
) -> Response:  # fmt: skip
    thesaurus, learned = memory_of(session).thesaurus, how_many_learned(session)
    return render(
        request,
        "matching/concepts.html",
        status=status,
        page=some_concepts(thesaurus, learned, wanted, locale_of(request), after),
        learned=learned,
        wanted=wanted,
        themes=all_themes(session),
        typed=typed,
        errors=errors,
    )


def load_concept(session: SessionDep, code: str) -> Concept:
    concept = memory_of(session).thesaurus.concepts.get(code)
    if concept is None:
        raise NotFound
    return concept


KnownConcept = Annotated[Concept, Depends(load_concept)]


@router.get("/{code}")
def show_concept(request: Request, session: SessionDep, team: Team, concept: KnownConcept) -> Response:
    return render_concept(request, session, concept, {}, {})


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
    return render_concept(request, session, concept, submission.typed, submission.errors, 422)


@router.post("/{code}/learned")
def judge_what_was_learned(
    request: Request, session: SessionDep, team: Team, concept: KnownConcept, submission: OneLearned
) -> Response:
    if not submission.ok:
        return render_concept(request, session, concept, {}, submission.errors, 422)
    form, actor_id = submission.data, require_active(team).id
    judge = JUDGES[form.decision]
    if late := too_late_for(session, lambda: judge(session, actor_id, concept.code, form.language, form.text)):
        return render_concept(request, session, concept, {}, {"form": late.message}, 409)
    return go(request, f"/team/matching/concepts/{concept.code}#learned", "saved")


@router.post("/{code}/expressions/removal")
def no_longer_say_it_so(
    request: Request, session: SessionDep, team: Team, concept: KnownConcept, submission: OneExpression
) -> Response:
    if not submission.ok:
        return render_concept(request, session, concept, submission.typed, submission.errors, 422)
    form = submission.data
    remove_expression(session, require_active(team).id, concept.code, form.language, form.text)
    return go(request, f"/team/matching/concepts/{concept.code}#{form.language}", "saved")


@router.post("/{code}/removal")
def drop_concept(request: Request, session: SessionDep, team: Team, concept: KnownConcept) -> Response:
    remove_concept(session, require_active(team).id, concept.code)
    return go(request, "/team/matching/concepts", "deleted")


def render_concept(
    request: Request, session: Session, concept: Concept, typed: dict[str, str], errors: dict[str, Text],
    status: int = 200,
) -> Response:  # fmt: skip
    return render(
        request,
        "matching/concept.html",
        status=status,
        concept=concept,
        is_own=concept.code.startswith(OWN),
        learned=learned_about(session, concept.code),
        refused=refused_for(session, concept.code),
        typed=typed,
        errors=errors,
    )
