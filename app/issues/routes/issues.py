"""Reading one issue, also one that was merged into another."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Viewer
from app.accounts.keys import new_id
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import After, RowId, go, locale_of, moved, render
from app.discussions.queries import Order, read_discussion
from app.issues import queries
from app.issues.access import VisibleIssue, may_edit
from app.issues.actions import tally_as_read
from app.issues.following import is_following
from app.issues.merged import issue_that_stays, merged_into_it, standing_merge
from app.issues.models import Issue, Status
from app.issues.slugs import issue_path, slug_of
from app.matching.opinions import opinions_by
from app.matching.shown import matches_of
from app.pilots.access import may_start_pilot
from app.pilots.timeline import public_timeline
from app.places.city_map import drawn_place
from app.solved.queries import what_residents_say

router = APIRouter()

CommentId = Annotated[int, Query(ge=0, le=2**31 - 1)]
"""The comment that an address leads to."""


@router.get("/issues/{issue_id:int}-{slug}")
def show_issue_with_slug(
    request: Request,
    session: SessionDep,
    viewer: Viewer,
    issue_id: RowId,
    slug: str,
    sort: Order = "old",
    after: After = "",
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
    after: After = "",
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
    after: After = "",
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
