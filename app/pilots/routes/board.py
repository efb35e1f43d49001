"""The team's board: all pilots by stage, what each still needs, and which trials end soon."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.accounts.access import Team
from app.core.db import SessionDep
from app.core.i18n import today
from app.core.web import render
from app.gates.waiting import missing_among
from app.pilots.behind import count_people
from app.pilots.board import read_board
from app.pilots.queries import Which
from app.places.queries import all_neighbourhoods
from app.themes.queries import current_themes

router = APIRouter()

SOON = timedelta(days=30)
Filter = Annotated[str, Query(max_length=60)]


@router.get("/team/pilots")
def show_board(
    request: Request, session: SessionDep, team: Team, theme: Filter = "", neighbourhood: Filter = ""
) -> Response:
    which = Which("", theme, neighbourhood)
    columns = read_board(session, which)
    pilots = [pilot for column in columns for pilot in column.pilots]
    return render(
        request,
        "pilots/board.html",
        which=which,
        columns=columns,
        missing=missing_among(session, pilots),
        people=count_people(session, [pilot.id for pilot in pilots]),
        today=today(),
        soon=today() + SOON,
        themes=current_themes(session),
        neighbourhoods=all_neighbourhoods(session),
    )
