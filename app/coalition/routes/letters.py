"""Writing to everybody who makes a pilot together, and what was written before."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Team, require_active
from app.coalition import actions, queries
from app.coalition.forms import LetterForm
from app.coalition.limits import LETTERS_PER_PERSON
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.limits import limiter_of
from app.core.web import After, go, render
from app.core.writes import too_late_for
from app.pilots.access import VisiblePilot
from app.pilots.models import Pilot

router = APIRouter(prefix="/pilots/{pilot_id}/coalition/letters")

Written = Annotated[Submission[LetterForm], Depends(form_of(LetterForm))]


@router.get("")
def list_letters(
    request: Request,
    session: SessionDep,
    team: Team,
    pilot: VisiblePilot,
    after: After = "",
) -> Response:
    return render_letters(request, session, pilot, {}, {}, after=after)


@router.post("")
def write_to_all(
    request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, submission: Written
) -> Response:
    limiter_of(request).count(LETTERS_PER_PERSON, str(team.id))
    if not submission.ok:
        return render_letters(request, session, pilot, submission.typed, submission.errors, 422)
    member = require_active(team)
    too_late = too_late_for(session, lambda: actions.write_to_all(session, member.id, pilot, submission.data))
    if too_late:
        typed = {**submission.typed, "seen": str(queries.newest_letter(session, pilot.id))}
        return render_letters(request, session, pilot, typed, {"text": too_late.message}, 409)
    return go(request, f"/pilots/{pilot.id}/coalition/letters", "written-to-all")


def render_letters(
    request: Request,
    session: Session,
    pilot: Pilot,
    typed: dict[str, str],
    errors: dict[str, Text],
    status: int = 200,
    after: str = "",
) -> Response:
    return render(
        request,
        "coalition/letters.html",
        "coalition/_letters.html",
        status=status,
        pilot=pilot,
        page=queries.read_letters(session, pilot.id, after),
        residents=queries.count_readers(session, pilot.id),
        partners=sum(1 for partner in queries.partners_of(session, pilot.id) if partner.email),
        seen=queries.newest_letter(session, pilot.id),
        typed=typed,
        errors=errors,
        is_first=not after,
    )
