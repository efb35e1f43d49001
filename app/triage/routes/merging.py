"""Merging two issues about the same, undoing it, and answering who disagrees."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Team, require_active
from app.core.db import SessionDep
from app.core.errors import Conflict
from app.core.forms import Submission, form_of
from app.core.i18n import Text, _
from app.core.web import After, go, render
from app.issues import merging
from app.issues.access import BareIssue, VisibleIssue
from app.issues.merged import open_objections, recent_merges, standing_merge
from app.issues.merging import Seen
from app.issues.models import Issue
from app.issues.queries import visible_issue
from app.triage.forms import number_in
from app.triage.merge_forms import KeepMergedForm, MergeForm, UndoForm
from app.triage.merge_preview import preview_merge, similar_to_choose

router = APIRouter()

NO_SUCH_ISSUE = _("There is no issue with this number. Look at the address of its page.")
Merged = Annotated[Submission[MergeForm], Depends(form_of(MergeForm))]
Undone = Annotated[Submission[UndoForm], Depends(form_of(UndoForm))]
Kept = Annotated[Submission[KeepMergedForm], Depends(form_of(KeepMergedForm))]


@router.get("/team/merges")
def list_merges(request: Request, session: SessionDep, team: Team, after: After = "") -> Response:
    return render(
        request,
        "triage/merges.html",
        "triage/_merges.html",
        page=recent_merges(session, after),
        objections=[] if after else open_objections(session),
    )


@router.get("/team/issues/{issue_id}/merge")
def show_merge_form(
    request: Request,
    session: SessionDep,
    team: Team,
    issue: VisibleIssue,
    into: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    return render_merge_form(request, session, issue, {"into": into}, {})


@router.post("/team/issues/{issue_id}/merge")
def merge_issue(request: Request, session: SessionDep, team: Team, issue: VisibleIssue, submission: Merged) -> Response:
    if not submission.ok:
        return render_merge_form(request, session, issue, submission.typed, submission.errors, 422)
    form, actor = submission.data, require_active(team)
    try:
        merge = merging.merge_issues(
            session, actor.id, issue.id, form.into, Seen(form.seen, form.seen_other), form.reason
        )
    except Conflict as problem:
        now = visible_issue(session, issue.id) or issue
        return render_merge_form(request, session, now, submission.typed, {"form": problem.message}, 409)
    return go(request, f"/issues/{merge.into_id}", "merged")


def render_merge_form(
    request: Request,
    session: Session,
    issue: Issue,
    typed: dict[str, str],
    errors: dict[str, Text],
    status: int = 200,
) -> Response:
    """Which issue stays, and then what that means; for an issue that is merged already, where it went."""
    asked = typed.get("into", "")
    number = number_in(asked, "issues")
    preview = preview_merge(session, issue, number) if number else None
    if asked and preview is None:
        errors = {"into": NO_SUCH_ISSUE, **errors}
    return render(
        request,
        "triage/merge.html",
        status=422 if asked and preview is None else status,
        issue=issue,
        merge=standing_merge(session, issue.id),
        preview=preview,
        similar=similar_to_choose(session, issue) if preview is None else [],
        typed=typed,
        errors=errors,
    )


@router.post("/team/issues/{issue_id}/merge/undo")
def undo_merge(request: Request, session: SessionDep, team: Team, issue: BareIssue, submission: Undone) -> Response:
    seen = submission.data.merge if submission.ok else None
    merging.undo_merge(session, require_active(team).id, issue.id, seen)
    return go(request, f"/issues/{issue.id}", "unmerged")


@router.post("/team/issues/{issue_id}/merge/objection")
def answer_objection(
    request: Request, session: SessionDep, team: Team, issue: VisibleIssue, submission: Kept
) -> Response:
    if not submission.ok:
        return render_merge_form(request, session, issue, submission.typed, submission.errors, 422)
    merging.keep_merged(session, require_active(team).id, issue.id, submission.data.answer)
    return go(request, "/team/merges", "saved")
