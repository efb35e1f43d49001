"""My data: a copy of it, corrections, objections, and leaving."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.access import Identified, Resident
from app.accounts.signing_out import leave
from app.core.db import SessionDep
from app.core.errors import Conflict, NotFound
from app.core.forms import Submission, form_of
from app.core.i18n import Text, _
from app.core.limits import Limit, limiter_of
from app.core.web import go, render
from app.filing.access import owner_key_of
from app.filing.drafts import drop_drafts_of
from app.issues.access import VisibleIssue
from app.issues.models import Issue
from app.privacy import actions
from app.privacy.copies import ask_for_copy, copy_of
from app.privacy.erasing import erase_account, take_one_issue
from app.privacy.forms import ErasureForm

router = APIRouter()

PAGE = "/me/data"
COPIES_PER_PERSON = Limit("copy-person", 6, 24 * 3600)
Leaving = Annotated[Submission[ErasureForm], Depends(form_of(ErasureForm))]
CHOOSE = _("Choose what happens to what you wrote.")


@router.get(PAGE)
def show_data(request: Request, session: SessionDep, resident: Resident) -> Response:
    copy = copy_of(session, resident.id)
    return render(request, "privacy/data.html", "privacy/_copy.html", copy=copy)


@router.post(PAGE + "/copies")
def ask_copy(request: Request, session: SessionDep, identified: Identified) -> Response:
    limiter_of(request).count(COPIES_PER_PERSON, str(identified.id))
    ask_for_copy(session, identified)
    return go(request, PAGE, "copy-asked")


@router.get(PAGE + "/copies/{copy_id}")
def fetch_copy(request: Request, session: SessionDep, identified: Identified, copy_id: str) -> Response:
    """Only one's own, within the hour; anything else never was."""
    copy = copy_of(session, identified.id)
    if copy is None or copy.id != copy_id or copy.key is None or not copy.can_be_fetched:
        raise NotFound(_("There is no such copy. It may be more than an hour old; ask for a new one."))
    packed = request.app.state.storage.get(copy.key)
    headers = {"Content-Disposition": 'attachment; filename="buurtlab.zip"', "Cache-Control": "no-store"}
    return Response(packed, media_type="application/zip", headers=headers)


@router.post(PAGE + "/matching/objection")
def object_to_matching(request: Request, session: SessionDep, resident: Resident) -> Response:
    actions.object_to_matching(session, resident)
    return go(request, PAGE, "saved")


@router.post(PAGE + "/matching/objection/withdrawal")
def allow_matching(request: Request, session: SessionDep, resident: Resident) -> Response:
    actions.allow_matching(session, resident)
    return go(request, PAGE, "saved")


@router.get(PAGE + "/erasure")
def show_erasure(request: Request, session: SessionDep, identified: Identified) -> Response:
    return render(request, "privacy/erasure.html", typed={}, errors={})


@router.post(PAGE + "/erasure")
def erase_me(request: Request, session: SessionDep, identified: Identified, submission: Leaving) -> Response:
    if not submission.ok:
        return erasure_page(request, {"choice": CHOOSE})
    try:
        erase_account(session, identified.id, submission.data.choice)
    except Conflict as conflict:
        return erasure_page(request, {"form": conflict.message}, 409)
    drop_drafts_of(session, owner_key_of(request))
    request.state.viewer = None
    return leave(request, "erased")


def erasure_page(request: Request, errors: dict[str, Text], status: int = 422) -> Response:
    return render(request, "privacy/erasure.html", status=status, typed={}, errors=errors)


@router.get("/issues/{issue_id}/deletion")
def show_deletion(request: Request, session: SessionDep, resident: Resident, issue: VisibleIssue) -> Response:
    return deletion_page(request, own(resident.id, issue))


@router.post("/issues/{issue_id}/deletion")
def delete_issue(
    request: Request, session: SessionDep, resident: Resident, issue: VisibleIssue, submission: Leaving
) -> Response:
    """Also for who is suspended: what is theirs stays theirs."""
    own(resident.id, issue)
    if not submission.ok:
        return deletion_page(request, issue, {"choice": CHOOSE}, 422)
    take_one_issue(session, issue.id, resident.id, submission.data.choice)
    return go(request, f"/issues/{issue.id}", "deleted")


def own(person_id: int, issue: Issue) -> Issue:
    if issue.content.author_id != person_id:
        raise NotFound
    return issue


def deletion_page(request: Request, issue: Issue, errors: dict[str, Text] | None = None, status: int = 200) -> Response:
    return render(request, "privacy/deletion.html", status=status, issue=issue, typed={}, errors=errors or {})
