"""Does this link fit? Residents say so; the team sees it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Writer
from app.core.db import SessionDep
from app.core.errors import BadRequest
from app.core.forms import Submission, form_of
from app.core.i18n import _
from app.core.limits import limiter_of
from app.core.web import RowId, done
from app.issues.access import BareIssue
from app.issues.models import Issue
from app.issues.slugs import issue_path
from app.matching.forms import OpinionForm
from app.matching.limits import OPINIONS_PER_PERSON
from app.matching.models import LinkKind
from app.matching.opinions import give_opinion, opinions_by, take_opinion_back

router = APIRouter()

Opinion = Annotated[Submission[OpinionForm], Depends(form_of(OpinionForm))]


@router.post("/issues/{issue_id}/matches/{kind}/{target_id}/opinion")
def say_whether_it_fits(
    request: Request,
    session: SessionDep,
    writer: Writer,
    issue: BareIssue,
    kind: LinkKind,
    target_id: RowId,
    said: Opinion,
) -> Response:
    limiter_of(request).count(OPINIONS_PER_PERSON, str(writer.id))
    if not said.ok:
        raise BadRequest(_("Say whether it fits or not, and why in 500 characters at most."))
    give_opinion(session, writer.id, issue, kind, target_id, said.data.agrees == "yes", said.data.reason)
    return show_opinion(request, session, writer.id, issue, kind, target_id)


@router.post("/issues/{issue_id}/matches/{kind}/{target_id}/opinion/withdrawal")
def take_it_back(
    request: Request, session: SessionDep, writer: Writer, issue: BareIssue, kind: LinkKind, target_id: RowId
) -> Response:
    take_opinion_back(session, writer.id, issue, kind, target_id)
    return show_opinion(request, session, writer.id, issue, kind, target_id)


def show_opinion(
    request: Request, session: Session, person_id: int, issue: Issue, kind: LinkKind, target_id: int
) -> Response:
    page = f"{issue_path(issue.id, issue.title)}#opinion-{kind}-{target_id}"
    opinions = opinions_by(session, issue.id, person_id)
    return done(request, page, "issues/_opinion.html", issue_id=issue.id, kind=kind, key=target_id, opinions=opinions)
