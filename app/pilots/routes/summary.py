"""A pilot on one page, to print for a meeting of the council."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import Viewer
from app.approaches.queries import approaches_of, choice_of
from app.core.db import SessionDep
from app.core.i18n import today
from app.core.web import render
from app.gates.queries import decisions_of
from app.lessons.queries import lessons_of
from app.measures.queries import indicators_of
from app.pilots import behind
from app.pilots.access import VisiblePilot
from app.pilots.road import road_of
from app.pilots.timeline import last_claim, moves_of
from app.verdicts.queries import verdict_of

router = APIRouter()


@router.get("/pilots/{pilot_id}/summary")
def show_summary(request: Request, session: SessionDep, viewer: Viewer, pilot: VisiblePilot) -> Response:
    question = verdict_of(session, pilot.id)
    return render(
        request,
        "pilots/summary.html",
        pilot=pilot,
        road=road_of(pilot, moves_of(session, pilot.id)),
        areas=behind.count_by_neighbourhood(session, pilot.id),
        people=behind.count_people(session, [pilot.id]).get(pilot.id, 0),
        choice=choice_of(session, pilot.id),
        approaches=approaches_of(session, pilot.id),
        decisions=decisions_of(session, pilot.id),
        indicators=indicators_of(session, pilot.id),
        lessons=lessons_of(session, pilot.id, at_most=4),
        claim=last_claim(session, pilot.id),
        question=question,
        asked=question is not None,
        today=today(),
    )
