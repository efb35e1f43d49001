"""The map of all issues, and the points on it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.accounts.access import Viewer
from app.core.db import SessionDep
from app.core.errors import BadRequest
from app.core.i18n import _
from app.core.web import render
from app.home.counts import remembered
from app.issues import queries
from app.issues.slugs import issue_path
from app.places.city_map import drawn_city
from app.places.queries import all_neighbourhoods

router = APIRouter()

MOST_POINTS = 500


@router.get("/issues/map")
def show_map(request: Request, session: SessionDep, viewer: Viewer) -> Response:
    return render(
        request,
        "issues/map.html",
        kept=True,
        drawing=drawn_city(request, session),
        neighbourhoods=all_neighbourhoods(session),
        counts=remembered(request, session, queries.counts_per_neighbourhood),
    )


@router.get("/issues/map/points.json")
def list_points(session: SessionDep, viewer: Viewer, bbox: Annotated[str, Query(max_length=120)]) -> dict[str, Any]:
    """`bbox` is west,south,east,north in degrees; the newest issues in it."""
    west, south, east, north = box_of(bbox)
    rows = queries.points_within(session, south, west, north, east, MOST_POINTS + 1)
    points = [
        {
            "id": row.id,
            "title": row.title,
            "lat": row.lat,
            "lon": row.lon,
            "status": row.status,
            "votes": row.vote_count,
            "url": issue_path(row.id, row.title),
        }
        for row in rows[:MOST_POINTS]
    ]
    return {"points": points, "more": len(rows) > MOST_POINTS}


def box_of(bbox: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(edge) for edge in bbox.split(","))
    except ValueError:
        raise BadRequest(_("A map section is four numbers: west, south, east, north.")) from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadRequest(_("A map section is four numbers: west, south, east, north."))
    return west, south, east, north
