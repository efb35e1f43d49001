"""Neighbourhoods: a page each, and their outlines for the map."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.accounts.access import Viewer
from app.core.db import SessionDep
from app.core.memory import memory_of
from app.core.web import render
from app.following.queries import watches
from app.issues.feed import Feed, read_feed
from app.issues.queries import counts_per_neighbourhood, voted_among
from app.moderation.queries import newest_decision_id
from app.places import queries
from app.places.access import Area
from app.places.drawing import DRAWN_EVERY_SECONDS, draw_city, draw_map
from app.places.models import Neighbourhood

router = APIRouter()


COUNTED_EVERY_SECONDS = 60.0


@router.get("/neighbourhoods")
def list_neighbourhoods(request: Request, session: SessionDep, viewer: Viewer) -> Response:
    memory = memory_of(request)
    return render(
        request,
        "places/index.html",
        neighbourhoods=queries.all_neighbourhoods(session),
        counts=memory.recall(
            "counts per neighbourhood",
            COUNTED_EVERY_SECONDS,
            lambda: counts_per_neighbourhood(session),
            newest_decision_id(session),
        ),
        drawing=memory.recall("drawn city", DRAWN_EVERY_SECONDS, lambda: draw_city(session)),
    )


@router.get("/neighbourhoods/{code}")
def show_neighbourhood(request: Request, session: SessionDep, viewer: Viewer, area: Area, after: str = "") -> Response:
    page = read_feed(session, Feed(neighbourhood=area.code, sort="new"), after)
    city = queries.the_city(session)
    return render(
        request,
        "places/show.html",
        "issues/_results.html",
        kept=True,
        area=area,
        feed=Feed(neighbourhood=area.code),
        page=page,
        voted=voted_among(session, [row.id for row in page.items], viewer.id) if viewer else set(),
        drawing=draw_map([area], city.landmarks if city else {}),
        follow_at=f"/neighbourhoods/{area.code}",
        follows=viewer is not None and watches(session, viewer.id, neighbourhood_id=area.id),
        is_first=not after,
    )


@router.get("/map/areas.json")
def list_areas(session: SessionDep, viewer: Viewer) -> Response:
    """GeoJSON (RFC 7946) of the neighbourhoods and the landmarks, for the map in the browser."""
    city = queries.the_city(session)
    landmarks = city.landmarks.get("features", []) if city else []
    areas = [as_feature(area) for area in queries.neighbourhoods_with_outlines(session)]
    collection = {"type": "FeatureCollection", "features": [*landmarks, *areas]}
    return JSONResponse(
        collection, media_type="application/geo+json", headers={"Cache-Control": "public, max-age=3600"}
    )


def as_feature(area: Neighbourhood) -> dict[str, Any]:
    properties = {"kind": "neighbourhood", "code": area.code, "name": area.name}
    return {"type": "Feature", "properties": properties, "geometry": area.outline}
