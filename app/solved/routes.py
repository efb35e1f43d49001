"""Is it solved for you? On the site, and by the link in a mail, which works without signing in."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.access import Viewer, Writer, require_active
from app.accounts.models import Person
from app.core.db import SessionDep
from app.core.errors import Conflict, NotFound
from app.core.forms import Submission, form_of
from app.core.i18n import Text, _
from app.core.limits import limiter_of
from app.core.web import After, RowId, go, render, settings_of
from app.issues.access import BareIssue
from app.issues.limits import VOTES_PER_PERSON
from app.issues.models import Issue
from app.issues.queries import bare_issue
from app.issues.slugs import issue_path
from app.notifications.links import read_solved
from app.solved import actions, queries
from app.solved.forms import SolvedForm

router = APIRouter(prefix="/issues/{issue_id}/solved")

Answered = Annotated[Submission[SolvedForm], Depends(form_of(SolvedForm))]


@dataclass(frozen=True)
class Asked:
    """Whom a link in a mail asked, about which issue, and which word of the city."""

    person: Person
    issue: Issue
    claim_id: int


def read_link(request: Request, session: SessionDep, issue_id: RowId, token: str) -> Asked:
    signed = read_solved(settings_of(request), token)
    person = session.get(Person, signed[0]) if signed else None
    issue = bare_issue(session, issue_id)
    if signed is None or person is None or issue is None or signed[1] != issue_id:
        raise NotFound
    return Asked(person, issue, signed[2])


ByLink = Annotated[Asked, Depends(read_link)]


@router.get("")
def list_reasons(
    request: Request, session: SessionDep, viewer: Viewer, issue: BareIssue,
    after: After = "",
) -> Response:  # fmt: skip
    claim = queries.last_claim(session, issue.id)
    question = queries.question_about(session, claim) if claim else None
    if question is None:
        raise NotFound
    page = queries.reasons_of(session, question.id, after)
    return render(
        request, "solved/reasons.html", issue=issue, question=question, page=page,
        path=issue_path(issue.id, issue.title), is_first=not after,
    )  # fmt: skip


@router.post("")
def answer(request: Request, session: SessionDep, writer: Writer, issue: BareIssue, submission: Answered) -> Response:
    limiter_of(request).count(VOTES_PER_PERSON, str(writer.id))
    if not submission.ok:
        return render_question(request, issue, f"/issues/{issue.id}/solved", submission.typed, submission.errors, 422)
    actions.answer(session, writer, issue, submission.data)
    return go(request, issue_path(issue.id, issue.title) + "#solved", "answered-solved")


@router.get("/{token}")
def show_question(request: Request, session: SessionDep, viewer: Viewer, token: str, asked: ByLink) -> Response:
    """Mail scanners open links; nothing happens before somebody presses a button."""
    claim = queries.last_claim(session, asked.issue.id)
    if asked.issue.status not in queries.OPEN or claim is None or claim.id != asked.claim_id:
        raise Conflict(_("This question is no longer open: the issue has gone on since. Look at it again."))
    question = queries.question_about(session, claim)
    mine = queries.answer_of(session, question.id, asked.person.id) if question else None
    typed = {"reason": mine.reason if mine else ""}
    return render_question(request, asked.issue, f"/issues/{asked.issue.id}/solved/{token}", typed, {})


@router.post("/{token}")
def answer_by_link(
    request: Request, session: SessionDep, viewer: Viewer, token: str, asked: ByLink, submission: Answered
) -> Response:
    limiter_of(request).count(VOTES_PER_PERSON, str(asked.person.id))
    address = f"/issues/{asked.issue.id}/solved/{token}"
    if not submission.ok:
        return render_question(request, asked.issue, address, submission.typed, submission.errors, 422)
    actions.answer(session, require_active(asked.person), asked.issue, submission.data, asked.claim_id)
    return go(request, issue_path(asked.issue.id, asked.issue.title) + "#solved", "answered-solved")


def render_question(
    request: Request, issue: Issue, address: str, typed: dict[str, str], errors: dict[str, Text], status: int = 200
) -> Response:
    path = issue_path(issue.id, issue.title)
    return render(
        request, "solved/question.html", status=status, issue=issue, path=path, address=address, typed=typed,
        errors=errors,
    )  # fmt: skip
