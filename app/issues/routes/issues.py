"""Reading: the feed, the map, and one issue."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Viewer
from app.accounts.keys import new_id
from app.core.db import SessionDep
from app.core.errors import BadRequest, NotFound
from app.core.i18n import _
from app.core.limits import limiter_of, network_of
from app.core.paging import Page
from app.core.web import RowId, go, locale_of, moved, render
from app.discussions.queries import Order, read_discussion
from app.home.counts import remembered
from app.issues import queries
from app.issues.access import VisibleIssue, may_edit
from app.issues.actions import tally_as_read
from app.issues.feed import GROUPS, Feed, Sort, read_feed
from app.issues.following import is_following
from app.issues.limits import SEARCHES_PER_NETWORK
from app.issues.merged import issue_that_stays, merged_into_it, standing_merge
from app.issues.models import Issue, Status
from app.issues.slugs import issue_path, slug_of
from app.matching.opinions import opinions_by
from app.matching.shown import matches_of
from app.matching.spelling import forgiving_readings
from app.pilots.access import may_start_pilot
from app.pilots.timeline import public_timeline
from app.places.city_map import drawn_city, drawn_place
from app.places.queries import all_neighbourhoods
from app.solved.queries import what_residents_say
from app.themes.queries import all_themes

router = APIRouter()

MOST_POINTS = 500
CommentId = Annotated[int, Query(ge=0, le=2**31 - 1)]
"""The comment that an address leads to."""
Degrees = Annotated[float | None, Query(ge=-180, le=180, allow_inf_nan=False)]


@router.get("/issues")
def show_feed(
    request: Request,
    session: SessionDep,
    viewer: Viewer,
    q: str = "",
    theme: Annotated[str, Query(max_length=60)] = "",
    neighbourhood: Annotated[str, Query(max_length=20)] = "",
    status: Annotated[str, Query(max_length=20)] = "",
    sort: Annotated[str, Query(max_length=10)] = "new",
    lat: Annotated[str, Query(max_length=30)] = "",
    lon: Annotated[str, Query(max_length=30)] = "",
    loose: Annotated[str, Query(max_length=1)] = "",
    after: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    feed = Feed(
        q=q.strip()[:200],
        theme=theme,
        neighbourhood=neighbourhood,
        status=status if status in GROUPS or status in set(Status) else "",
        sort=known_sort(sort),
        lat=degrees(lat, 90),
        lon=degrees(lon, 180),
    )
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


def known_sort(sort: str) -> Sort:
    match sort:
        case "top" | "rising" | "near":
            return sort
        case _:
            return "new"


def degrees(typed: str, largest: float) -> float | None:
    """A coordinate from an address that people may have edited; what cannot be read counts as absent."""
    try:
        value = float(typed.replace(",", "."))
    except ValueError:
        return None
    return value if -largest <= value <= largest else None


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


@router.get("/issues/{issue_id:int}-{slug}")
def show_issue_with_slug(
    request: Request,
    session: SessionDep,
    viewer: Viewer,
    issue_id: RowId,
    slug: str,
    sort: Order = "old",
    after: Annotated[str, Query(max_length=300)] = "",
    comment: CommentId = 0,
) -> Response:
    issue = queries.visible_issue(session, issue_id)
    if issue is None:
        raise NotFound
    if slug != slug_of(issue.title):
        return moved(request, issue_path(issue_id, issue.title))
    return show_where_it_stays(request, session, viewer, issue, sort, after, comment)


@router.get("/issues/{issue_id}")
def show_issue(
    request: Request,
    session: SessionDep,
    viewer: Viewer,
    issue: VisibleIssue,
    sort: Order = "old",
    after: Annotated[str, Query(max_length=300)] = "",
    comment: CommentId = 0,
) -> Response:
    return show_where_it_stays(request, session, viewer, issue, sort, after, comment)


@router.get("/issues/{issue_id}/merged")
def show_merged_issue(
    request: Request,
    session: SessionDep,
    viewer: Viewer,
    issue: VisibleIssue,
    sort: Order = "old",
    after: Annotated[str, Query(max_length=300)] = "",
    comment: CommentId = 0,
) -> Response:
    """As it was, with its own timeline, photos and comments; its usual address leads to the one that stays."""
    if issue.status is not Status.MERGED:
        return go(request, issue_path(issue.id, issue.title))
    return show(request, session, viewer, issue, sort, after, comment)


def show_where_it_stays(
    request: Request, session: Session, viewer: Viewer, issue: Issue, order: Order, after: str, comment_id: int
) -> Response:
    """A merged issue leads to the one that stays, which says where the merged one can be read."""
    stays = issue_that_stays(session, issue)
    if stays is None:
        return show(request, session, viewer, issue, order, after, comment_id)
    if comment_id:
        return go(request, f"/issues/{issue.id}/merged?comment={comment_id}")
    return go(request, issue_path(stays.id, stays.title), "merged-here")


def show(
    request: Request, session: Session, viewer: Viewer, issue: Issue, order: Order, after: str, comment_id: int
) -> Response:
    person_id = viewer.id if viewer else None
    merge = standing_merge(session, issue.id) if issue.status is Status.MERGED else None
    return render(
        request,
        "issues/show.html",
        "discussions/_thread.html",
        kept=True,
        issue=issue,
        path=f"/issues/{issue.id}/merged" if merge else issue_path(issue.id, issue.title),
        merge=merge,
        stays=issue_that_stays(session, issue),
        also=merged_into_it(session, issue),
        tally=tally_as_read(session, issue, person_id),
        timeline=public_timeline(session, "issue", issue.id),
        matches=matches_of(session, issue.id, locale_of(request)),
        opinions=opinions_by(session, issue.id, viewer.id) if viewer else {},
        discussion=read_discussion(session, issue.thread_id, order, after, person_id, comment_id),
        order=order,
        comments_path="" if merge else f"/issues/{issue.id}/comments",
        nonce=new_id() if request.cookies else "",  # a page for everybody has no number of one form
        may_edit=may_edit(viewer, issue),
        follow_at=f"/issues/{issue.id}",
        follows=viewer is not None and is_following(session, viewer.id, issue.id),
        asked=what_residents_say(session, issue, person_id),
        may_start=may_start_pilot(viewer),
        drawing=drawn_place(request, session, issue.lat, issue.lon),
        typed={},
        errors={},
        is_first=not after,
    )
