"""What was merged into an issue, and the objection of an author whose issue was merged."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.access import Viewer
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.web import After, go, render
from app.issues.access import OwnIssue, VisibleIssue
from app.issues.forms import ObjectionForm
from app.issues.merged import merged_into_it
from app.issues.merging import object_to_merge

router = APIRouter()

Objection = Annotated[Submission[ObjectionForm], Depends(form_of(ObjectionForm))]


@router.get("/issues/{issue_id}/also")
def list_also_reported(
    request: Request,
    session: SessionDep,
    viewer: Viewer,
    issue: VisibleIssue,
    after: After = "",
) -> Response:
    page = merged_into_it(session, issue, after)
    return render(request, "issues/also.html", "issues/_also.html", issue=issue, also=page, is_first=not after)


@router.post("/issues/{issue_id}/merge/objection")
def object_to_being_merged(request: Request, session: SessionDep, issue: OwnIssue, submission: Objection) -> Response:
    page = f"/issues/{issue.id}/merged"
    if not submission.ok:
        return render(
            request, "issues/objection.html", status=422, issue=issue, typed=submission.typed, errors=submission.errors
        )
    object_to_merge(session, issue.content.author_id or 0, issue.id, submission.data.words)
    return go(request, page, "objected")
