"""The front door: what is this, what goes on near me, what came of it, what can I do."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import Viewer
from app.core.db import SessionDep
from app.core.web import render
from app.home.counts import remembered
from app.home.outcomes import what_came_of_it
from app.issues.feed import Feed, count_by_status, read_feed
from app.issues.queries import voted_among
from app.places.city_map import drawn_city
from app.places.queries import all_neighbourhoods
from app.themes.queries import current_themes

router = APIRouter()

SHOWN = 4


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
        counts=remembered(request, session, count_by_status),
        themes=current_themes(session),
        neighbourhoods=all_neighbourhoods(session),
        drawing=drawn_city(request, session),
    )
