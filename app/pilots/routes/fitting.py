"""Issues that may fit a pilot: looked at and decided with one press each."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.access import Team, require_active
from app.core.db import SessionDep
from app.core.errors import BadRequest
from app.core.forms import Submission, form_of
from app.core.i18n import _
from app.core.web import After, done, render
from app.issues.access import VisibleIssue
from app.matching.fitting import issues_that_may_fit, take_up, turn_down
from app.pilots.access import VisiblePilot
from app.pilots.forms import Decision, FitForm

router = APIRouter()

Decided = Annotated[Submission[FitForm], Depends(form_of(FitForm))]


@router.get("/pilots/{pilot_id}/fits")
def list_fits(
    request: Request,
    session: SessionDep,
    team: Team,
    pilot: VisiblePilot,
    after: After = "",
) -> Response:
    page = issues_that_may_fit(session, pilot, after)
    return render(request, "pilots/fits.html", "pilots/_fits.html", pilot=pilot, page=page, is_first=not after)


@router.post("/pilots/{pilot_id}/fits/{issue_id}")
def decide_fit(
    request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, issue: VisibleIssue, submission: Decided
) -> Response:
    if not submission.ok:
        raise BadRequest(_("Choose one of the options."))
    decide = take_up if submission.data.decision is Decision.CONFIRM else turn_down
    decide(session, require_active(team).id, pilot, issue)
    session.flush()
    page = issues_that_may_fit(session, pilot)
    address = f"/pilots/{pilot.id}/fits"
    return done(request, address, "pilots/_fits.html", "saved", pilot=pilot, page=page, is_first=True)
