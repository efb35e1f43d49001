"""The front door: what is this, what goes on near me, what came of it, what can I do."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import Viewer
from app.core.db import SessionDep
from app.core.web import render
from app.issues.feed import Feed, count_by_status, read_feed
from app.issues.queries import voted_among
from app.pilots.queries import newest_pilots
from app.places.queries import all_neighbourhoods
from app.themes.queries import all_themes

router = APIRouter()

SHOWN = 4


@router.get("/")
def show_home(request: Request, session: SessionDep, viewer: Viewer) -> Response:
    rising = read_feed(session, Feed(sort="rising"), size=SHOWN).items
    return render(
        request,
        "home/home.html",
        rising=rising,
        voted=voted_among(session, [row.id for row in rising], viewer.id or 0) if viewer else set(),
        pilots=newest_pilots(session),
        counts=count_by_status(session),
        themes=all_themes(session),
        neighbourhoods=all_neighbourhoods(session),
    )
