"""The feed: what a reader asks for, searches that forgive, and the page of it."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Viewer
from app.core.db import SessionDep
from app.core.limits import limiter_of, network_of
from app.core.paging import Page
from app.core.web import After, render
from app.issues import queries
from app.issues.feed import GROUPS, Feed, Sort, read_feed
from app.issues.limits import SEARCHES_PER_NETWORK
from app.issues.models import Status
from app.matching.spelling import forgiving_readings
from app.places.queries import all_neighbourhoods
from app.themes.queries import all_themes

router = APIRouter()


async def read_choice(
    q: str = "",
    theme: Annotated[str, Query(max_length=60)] = "",
    neighbourhood: Annotated[str, Query(max_length=20)] = "",
    status: Annotated[str, Query(max_length=20)] = "",
    sort: Annotated[str, Query(max_length=10)] = "new",
    lat: Annotated[str, Query(max_length=30)] = "",
    lon: Annotated[str, Query(max_length=30)] = "",
) -> Feed:
    """From an address that people may have edited; what cannot be read counts as absent."""
    return Feed(
        q=q.strip()[:200],
        theme=theme,
        neighbourhood=neighbourhood,
        status=status if status in GROUPS or status in set(Status) else "",
        sort=known_sort(sort),
        lat=degrees(lat, 90),
        lon=degrees(lon, 180),
    )


def known_sort(sort: str) -> Sort:
    match sort:
        case "top" | "rising" | "near":
            return sort
        case _:
            return "new"


def degrees(typed: str, largest: float) -> float | None:
    try:
        value = float(typed.replace(",", "."))
    except ValueError:
        return None
    return value if -largest <= value <= largest else None


ChosenFeed = Annotated[Feed, Depends(read_choice)]


@router.get("/issues")
def show_feed(
    request: Request,
    session: SessionDep,
    viewer: Viewer,
    feed: ChosenFeed,
    loose: Annotated[str, Query(max_length=1)] = "",
    after: After = "",
) -> Response:
    if feed.q:
        limiter_of(request).count(SEARCHES_PER_NETWORK, network_of(request))
    feed, page = search(session, feed, after, loose) if feed.q else (feed, read_feed(session, feed, after))
    voted = queries.voted_among(session, [row.id for row in page.items], viewer.id) if viewer else set()
    return render(
        request,
        "issues/feed.html",
        "issues/_results.html",
        kept=not feed.q and feed.sort != "near",
        feed=feed,
        page=page,
        voted=voted,
        themes=all_themes(session),
        neighbourhoods=all_neighbourhoods(session),
        statuses=list(Status),
        is_first=not after,
    )


def search(session: Session, feed: Feed, after: str, loose: str) -> tuple[Feed, Page[Any]]:
    """What has all the words; where nothing has, what comes close. Later pages are as loose as the first."""
    page: Page[Any] = Page([], None)
    if not loose:
        page = read_feed(session, feed, after)
    if page.items or (after and not loose):
        return feed, page
    for looseness, words in enumerate(forgiving_readings(session, feed.q), start=1):
        if loose in ("", str(looseness)):
            looser = replace(feed, looseness=looseness, words=words)
            page = read_feed(session, looser, after)
            if page.items:
                return looser, page
    return feed, page
