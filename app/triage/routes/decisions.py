"""Confirming and rejecting what the matcher suggests, with one press; or choosing by hand."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.models import Person
from app.cards.queries import visible_card
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.writes import too_late_for
from app.issues.access import VisibleIssue
from app.issues.queries import bare_issue
from app.pilots.queries import visible_pilot
from app.themes.models import Theme
from app.triage import actions
from app.triage.access import ChosenQueue, Member
from app.triage.desk_page import show_after, show_desk
from app.triage.forms import DecisionForm, PilotDecisionForm, SimilarDecisionForm
from app.triage.queue import Queue

router = APIRouter()

Decision = Annotated[Submission[DecisionForm], Depends(form_of(DecisionForm))]
PilotDecision = Annotated[Submission[PilotDecisionForm], Depends(form_of(PilotDecisionForm))]
SimilarDecision = Annotated[Submission[SimilarDecisionForm], Depends(form_of(SimilarDecisionForm))]


@router.post("/team/issues/{issue_id}/themes")
def decide_theme(
    request: Request, session: SessionDep, member: Member, issue: VisibleIssue, queue: ChosenQueue, submission: Decision
) -> Response:
    theme = session.get(Theme, submission.data.which) if submission.ok else None
    if theme is None:
        return refuse(request, session, member, issue.id, queue, submission, "theme", actions.NO_SUCH_THEME)
    form = submission.data
    return settle(
        request, session, member, issue.id, queue, f"theme-{theme.id}",
        lambda: actions.decide_theme(session, member, issue, theme, form),
    )  # fmt: skip


@router.post("/team/issues/{issue_id}/pilots")
def decide_pilot(
    request: Request,
    session: SessionDep,
    member: Member,
    issue: VisibleIssue,
    queue: ChosenQueue,
    submission: PilotDecision,
) -> Response:
    pilot = visible_pilot(session, submission.data.which) if submission.ok else None
    if pilot is None:
        return refuse(request, session, member, issue.id, queue, submission, "pilot", actions.NO_SUCH_PILOT)
    form = submission.data
    return settle(
        request, session, member, issue.id, queue, f"pilot-{pilot.id}",
        lambda: actions.decide_pilot(session, member, issue, pilot, form),
    )  # fmt: skip


@router.post("/team/issues/{issue_id}/cards")
def decide_card(
    request: Request, session: SessionDep, member: Member, issue: VisibleIssue, queue: ChosenQueue, submission: Decision
) -> Response:
    card = visible_card(session, submission.data.which) if submission.ok else None
    if card is None:
        return refuse(request, session, member, issue.id, queue, submission, "card", actions.NO_SUCH_CARD)
    form = submission.data
    return settle(
        request, session, member, issue.id, queue, f"card-{card.id}",
        lambda: actions.decide_card(session, member, issue, card, form),
    )  # fmt: skip


@router.post("/team/issues/{issue_id}/similar")
def decide_similar(
    request: Request,
    session: SessionDep,
    member: Member,
    issue: VisibleIssue,
    queue: ChosenQueue,
    submission: SimilarDecision,
) -> Response:
    other = bare_issue(session, submission.data.which) if submission.ok else None
    if other is None or other.id == issue.id:
        return refuse(request, session, member, issue.id, queue, submission, "similar", actions.NO_SUCH_ISSUE)
    form = submission.data
    return settle(
        request, session, member, issue.id, queue, f"similar-{other.id}",
        lambda: actions.decide_similar(session, member, issue, other, form),
    )  # fmt: skip


def settle(
    request: Request,
    session: Session,
    member: Person,
    issue_id: int,
    queue: Queue,
    touched: str,
    act: Callable[[], None],
) -> Response:
    """Who comes second sees what the other decided."""
    if too_late := too_late_for(session, act):
        return show_desk(request, session, member, issue_id, queue, status=409, too_late=too_late, touched=touched)
    return show_after(request, session, member, issue_id, queue, touched=touched)


def refuse(
    request: Request,
    session: Session,
    member: Person,
    issue_id: int,
    queue: Queue,
    submission: Submission[DecisionForm],
    kind: str,
    absent: Text,
) -> Response:
    """Beside the field where one is chosen by hand; the buttons of suggestions cannot be wrong."""
    message = absent if submission.ok else next(iter(submission.errors.values()))
    typed = {kind: submission.typed.get("which", "")}
    return show_desk(
        request, session, member, issue_id, queue, status=422, typed=typed, errors={f"{kind}-by-hand": message}
    )
