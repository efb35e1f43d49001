"""The queue of the city team."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.accounts.access import Team
from app.core.db import SessionDep
from app.core.memory import memory_of
from app.core.rooms import rooms_of
from app.core.web import After, go, render
from app.issues.merged import open_objections
from app.issues.models import Status
from app.places.queries import all_neighbourhoods
from app.themes.queries import all_themes
from app.triage.access import ChosenQueue
from app.triage.desk_page import others_among, room_of
from app.triage.queries import names_of
from app.triage.queue import best_pilots, best_themes, count_waiting, read_queue

router = APIRouter()

COUNTED_EVERY_SECONDS = 60.0
MOST_SELECTED = 50


@router.get("/team")
def show_queue(
    request: Request,
    session: SessionDep,
    team: Team,
    queue: ChosenQueue,
    after: After = "",
) -> Response:
    page = read_queue(session, queue, after)
    ids = [row.id for row in page.items]
    here = rooms_of(request).who_is_in([room_of(issue_id) for issue_id in ids])
    names = names_of(session, {person for people in here.values() for person in people})
    return render(
        request,
        "triage/queue.html",
        "triage/_queue.html",
        queue=queue,
        page=page,
        is_first=not after,
        objections=len(open_objections(session)),
        likely_themes=best_themes(session, ids),
        likely_pilots=best_pilots(session, ids),
        looking={room: others_among(people, names, team) for room, people in here.items()},
        waiting=memory_of(request).recall("waiting", COUNTED_EVERY_SECONDS, lambda: count_waiting(session)),
        themes=all_themes(session),
        neighbourhoods=all_neighbourhoods(session),
        statuses=list(Status),
    )


@router.get("/team/selection")
def use_selection(
    request: Request, team: Team, issue: Annotated[list[int] | None, Query(max_length=MOST_SELECTED)] = None
) -> Response:
    """Where the chosen issues go on to."""
    if not issue:
        return go(request, "/team", "nothing-chosen")
    return go(request, f"/pilots/new?issues={','.join(map(str, issue))}")
