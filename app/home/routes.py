"""The front door: what is this, what goes on near me, what came of it, what can I do."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import Viewer
from app.core.db import SessionDep
from app.core.memory import memory_of
from app.core.web import render
from app.home.outcomes import what_came_of_it
from app.issues.feed import Feed, count_by_status, read_feed
from app.issues.queries import voted_among
from app.moderation.queries import newest_decision_id
from app.places.drawing import DRAWN_EVERY_SECONDS, draw_city
from app.places.queries import all_neighbourhoods
from app.themes.queries import current_themes

router = APIRouter()

SHOWN = 4
COUNTED_EVERY_SECONDS = 60.0


@router.get("/")
def show_home(request: Request, session: SessionDep, viewer: Viewer) -> Response:
    rising = read_feed(session, Feed(sort="rising"), size=SHOWN).items
    return render(
        request,
        "home/home.html",
        kept=True,
        rising=rising,
        voted=voted_among(session, [row.id for row in rising], viewer.id) if viewer else set(),
        outcomes=what_came_of_it(session),
        counts=memory_of(request).recall(
            "counts", COUNTED_EVERY_SECONDS, lambda: count_by_status(session), newest_decision_id(session)
        ),
        themes=current_themes(session),
        neighbourhoods=all_neighbourhoods(session),
        drawing=memory_of(request).recall("drawn city", DRAWN_EVERY_SECONDS, lambda: draw_city(session)),
    )
