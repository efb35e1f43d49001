"""Neighbourhoods: a page each, and their outlines for the map."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.accounts.access import Viewer
from app.core.db import SessionDep
from app.core.web import After, render
from app.following.queries import watches
from app.home.counts import remembered
from app.issues.feed import Feed, read_feed
from app.issues.queries import counts_per_neighbourhood, voted_among
from app.places import queries
from app.places.access import Area
from app.places.city_map import drawn_city
from app.places.drawing import draw_map
from app.places.models import Neighbourhood

router = APIRouter()


@router.get("/neighbourhoods")
def list_neighbourhoods(request: Request, session: SessionDep, viewer: Viewer) -> Response:
    return render(
        request,
        "places/index.html",
        neighbourhoods=queries.all_neighbourhoods(session),
        counts=remembered(request, session, counts_per_neighbourhood),
        drawing=drawn_city(request, session),
    )


@router.get("/neighbourhoods/{code}")
def show_neighbourhood(
    request: Request, session: SessionDep, viewer: Viewer, area: Area, after: After = ""
) -> Response:
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
