"""The discussion under an issue."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import ApiWriter, Caller
from app.accounts.actions import carry_out_once
from app.api import schemas
from app.api.lists import PageAsked, links_of
from app.api.sent import IdempotencyKey, SentDep, nonce_for, takes
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.limits import limiter_of
from app.discussions.forms import CommentForm
from app.discussions.models import Comment
from app.discussions.queries import read_comments, visible_comment
from app.issues.access import BareIssue
from app.issues.actions import comment_on
from app.issues.limits import COMMENTS_PER_PERSON

router = APIRouter(tags=["Comments"])


@router.get("/issues/{issue_id}/comments")
def list_comments(
    request: Request,
    response: Response,
    session: SessionDep,
    caller: Caller,
    issue: BareIssue,
    query: PageAsked,
) -> schemas.CommentList:
    """The comments on an issue, oldest first."""
    page = read_comments(session, issue.thread_id, query.after, query.page_size)
    links = links_of(request, response, page.next)
    return schemas.CommentList(items=[describe_comment(comment) for comment in page.items], links=links)


@router.post("/issues/{issue_id}/comments", status_code=201, openapi_extra=takes(schemas.NewComment))
def post_comment(
    request: Request,
    sent: SentDep,
    session: SessionDep,
    writer: ApiWriter,
    issue: BareIssue,
    key: IdempotencyKey = None,
) -> schemas.Comment:
    """Comment on an issue, or answer a comment."""
    limiter_of(request).count(COMMENTS_PER_PERSON, str(writer.id))
    new = sent.read_as(schemas.NewComment)
    nonce = nonce_for(request, writer, "comment", key)
    form = CommentForm(body=new.body, parent=new.parent, nonce=nonce)
    posted = comment_on(session, writer, issue, form)
    if nonce:
        carry_out_once(session, nonce, f"{posted.thread_id}:{new.model_dump_json()}")
    comment = visible_comment(session, posted.id)
    if comment is None:
        raise NotFound
    return describe_comment(comment)


def describe_comment(comment: Comment) -> schemas.Comment:
    author = None if comment.deleted_at else comment.content.author
    return schemas.Comment(
        id=comment.id,
        body=comment.body,
        author=schemas.Author.named(author),
        parent=comment.parent_id,
        created_at=comment.created_at,
    )
