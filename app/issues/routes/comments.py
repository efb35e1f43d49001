"""Taking part in the discussion below an issue."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Viewer, Writer, require_active
from app.accounts.keys import fingerprint, new_id
from app.core.db import SessionDep
from app.core.errors import Conflict
from app.core.forms import Submission, form_of
from app.core.limits import limiter_of, network_of
from app.core.web import done, go, instead_of, render, wants_fragment
from app.discussions import actions, queries
from app.discussions.forms import CommentEditForm, CommentForm
from app.discussions.models import Comment
from app.filing.access import hand_over_owner_key, network_key_of, owner_key_or_new
from app.filing.drafts import is_nonce, keep_draft
from app.filing.models import DraftKind
from app.issues.access import BareIssue, OwnComment, VisibleComment
from app.issues.actions import MERGED, comment_on, count_comment
from app.issues.limits import (
    COMMENTS_PER_NETWORK,
    COMMENTS_PER_PERSON,
    SUPPORT_PER_PERSON,
)
from app.issues.merged import issue_that_stays
from app.issues.models import Issue, Status
from app.issues.queries import issue_of_thread
from app.issues.slugs import issue_path
from app.matching.refreshing import listen_again

router = APIRouter()

AfterId = Annotated[int, Query(ge=0, le=2**31 - 1)]
Posted = Annotated[Submission[CommentForm], Depends(form_of(CommentForm))]
Edited = Annotated[Submission[CommentEditForm], Depends(form_of(CommentEditForm))]


@router.post("/issues/{issue_id}/comments")
def post_comment(
    request: Request, session: SessionDep, viewer: Viewer, issue: BareIssue, submission: Posted
) -> Response:
    if viewer is not None:
        require_active(viewer)
    if issue.status is Status.MERGED:
        return offer_where_it_stays(request, session, issue, submission)
    if issue.taken_away_at is not None:
        raise Conflict(actions.THREAD_CLOSED)
    if not submission.ok:
        return show_form_again(request, issue, submission)
    if viewer is None:
        return keep_comment(request, session, issue, submission)
    limiter_of(request).count(COMMENTS_PER_PERSON, str(viewer.id))
    comment = comment_on(session, viewer, issue, submission.data)
    if wants_fragment(request.headers):
        return show_thread(request, session, issue, viewer.id, comment)
    return go(request, page_with(issue, comment), "commented")


def offer_where_it_stays(
    request: Request, session: Session, issue: Issue, submission: Submission[CommentForm]
) -> Response:
    """The page was opened before the merge: what was typed stays, and goes to the other issue with one press."""
    stays = issue_that_stays(session, issue)
    if stays is None or wants_fragment(request.headers):
        raise Conflict(MERGED)
    submission.refuse("body", MERGED)
    submission.typed.pop("parent", None)
    return show_form_again(request, stays, submission)


def show_form_again(request: Request, issue: Issue, submission: Submission[CommentForm]) -> Response:
    """What was typed stays; without JavaScript on a page of its own."""
    parent = submission.typed.get("parent", "")
    again = render(
        request,
        "discussions/again.html",
        "discussions/_form.html",
        status=422,
        comments_path=f"/issues/{issue.id}/comments",
        nonce=submission.typed.get("nonce") or new_id(),
        parent=parent,
        typed=submission.typed,
        errors=submission.errors,
        back=issue_path(issue.id, issue.title),
    )
    return instead_of(f"#comment-form-{parent if parent.isascii() and parent.isdigit() else 'new'}", again)


def keep_comment(request: Request, session: Session, issue: Issue, submission: Submission[CommentForm]) -> Response:
    limiter_of(request).count(COMMENTS_PER_NETWORK, network_of(request))
    form = submission.data
    fields = {"issue": issue.id, "body": form.body, "parent": form.parent or ""}
    keep_draft(
        session,
        form.nonce if form.nonce and is_nonce(form.nonce) else number_of(owner_key_or_new(request), issue, form),
        DraftKind.COMMENT,
        owner_key_or_new(request),
        network_key_of(request),
        fields,
        waits=True,
    )
    response = go(request, "/sign-in?next=" + issue_path(issue.id, issue.title), "draft-kept")
    hand_over_owner_key(request, response)
    return response


def number_of(owner_key: str, issue: Issue, form: CommentForm) -> str:
    """Pages for everybody have no number in their forms, so the same words from the same browser are the same draft."""
    return fingerprint(f"{owner_key}\n{issue.id}\n{form.parent}\n{form.body}")


def show_thread(request: Request, session: Session, issue: Issue, person_id: int, comment: Comment) -> Response:
    """The thread, with what was just written in view."""
    session.flush()
    return done(
        request,
        page_with(issue, comment),
        "discussions/_thread.html",
        path=issue_path(issue.id, issue.title),
        discussion=queries.read_discussion(session, issue.thread_id, "old", "", person_id, at=comment.id),
        order="old",
        comments_path=f"/issues/{issue.id}/comments",
        nonce=new_id(),
        typed={},
        errors={},
        is_first=True,
    )


@router.get("/comments/{comment_id}/replies")
def show_replies(
    request: Request, session: SessionDep, viewer: Viewer, comment: VisibleComment, after: AfterId = 0
) -> Response:
    replies = queries.replies_after(session, comment, after)
    person_id = viewer.id if viewer else None
    return render(
        request,
        "discussions/replies.html",
        "discussions/_replies.html",
        comment=comment,
        replies=replies,
        is_full=len(replies) == queries.MOST_REPLIES,
        supported=queries.supported_among(session, [reply.id for reply in replies], person_id),
        back=page_of(session, comment),
    )


@router.get("/comments/{comment_id}/edit")
def show_edit_form(request: Request, session: SessionDep, comment: OwnComment) -> Response:
    return render_edit(request, session, comment, {"body": comment.body}, {}, 200)


@router.post("/comments/{comment_id}/edit")
def edit_comment(request: Request, session: SessionDep, comment: OwnComment, submission: Edited) -> Response:
    if not submission.ok:
        return render_edit(request, session, comment, submission.typed, submission.errors, 422)
    try:
        actions.edit_comment(session, comment, submission.data.body)
    except Conflict as too_late:
        return render_edit(request, session, comment, submission.typed, {"body": too_late.message}, 409)
    listen_again(session, comment.thread_id)
    return go(request, page_of(session, comment), "saved")


def render_edit(
    request: Request, session: Session, comment: Comment, typed: dict[str, str], errors: object, status: int
) -> Response:
    back = page_of(session, comment)
    return render(
        request,
        "discussions/edit.html",
        status=status,
        comment=comment,
        typed=typed,
        errors=errors,
        back=back,
    )


@router.post("/comments/{comment_id}/deletion")
def delete_comment(request: Request, session: SessionDep, comment: OwnComment) -> Response:
    if actions.delete_comment(session, comment):
        count_comment(session, comment.thread_id, -1)
        listen_again(session, comment.thread_id)
    return go(request, page_of(session, comment), "deleted")


@router.post("/comments/{comment_id}/support")
def support_comment(request: Request, session: SessionDep, writer: Writer, comment: VisibleComment) -> Response:
    limiter_of(request).count(SUPPORT_PER_PERSON, str(writer.id))
    count = actions.support_comment(session, writer.id, comment)
    return show_support(request, session, comment, count, mine=True)


@router.post("/comments/{comment_id}/support/withdrawal")
def stop_supporting(request: Request, session: SessionDep, writer: Writer, comment: VisibleComment) -> Response:
    limiter_of(request).count(SUPPORT_PER_PERSON, str(writer.id))
    count = actions.stop_supporting(session, writer.id, comment)
    return show_support(request, session, comment, count, mine=False)


def show_support(request: Request, session: Session, comment: Comment, count: int, mine: bool) -> Response:
    page = page_of(session, comment)
    return done(request, page, "discussions/_support.html", comment=comment, count=count, mine=mine)


def page_of(session: Session, comment: Comment) -> str:
    issue = issue_of_thread(session, comment.thread_id)
    return page_with(issue, comment) if issue else "/"


def page_with(issue: Issue, comment: Comment) -> str:
    """The page of the issue that has this comment on it, however long the discussion is."""
    return f"{issue_path(issue.id, issue.title)}?comment={comment.id}#comment-{comment.id}"
