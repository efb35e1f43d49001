"""Neighbourhoods, with their national codes."""

from urllib.parse import quote

from fastapi import APIRouter, Request

from app.accounts.access import Caller
from app.api import schemas
from app.api.lists import base_url_of
from app.core.db import SessionDep
from app.places.models import Neighbourhood
from app.places.queries import all_neighbourhoods

router = APIRouter(tags=["Neighbourhoods"])


@router.get("/neighbourhoods")
def list_neighbourhoods(request: Request, session: SessionDep, caller: Caller) -> schemas.NeighbourhoodList:
    """All neighbourhoods, by name. Their outlines are in `/map/areas.json` (GeoJSON)."""
    base = base_url_of(request)
    items = [describe_neighbourhood(area, base) for area in all_neighbourhoods(session)]
    return schemas.NeighbourhoodList(items=items, links=schemas.Links(next=None))


def describe_neighbourhood(area: Neighbourhood, base: str) -> schemas.Neighbourhood:
    return schemas.Neighbourhood(
        code=area.code,
        name=area.name,
        url=f"{base}/neighbourhoods/{quote(area.code)}",
        bbox=[round(edge, 6) for edge in (area.west, area.south, area.east, area.north)],
    )
