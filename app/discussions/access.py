"""The only ways to get at a comment from a request."""

from typing import Annotated

from fastapi import Depends

from app.accounts.access import Writer
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import RowId
from app.discussions.models import Comment
from app.discussions.queries import visible_comment


def load_visible_comment(session: SessionDep, comment_id: RowId) -> Comment:
    comment = visible_comment(session, comment_id)
    if comment is None or comment.deleted_at:
        raise NotFound
    return comment


VisibleComment = Annotated[Comment, Depends(load_visible_comment)]


def load_own_comment(comment: VisibleComment, writer: Writer) -> Comment:
    if comment.content.author_id != writer.id:
        raise NotFound
    return comment


OwnComment = Annotated[Comment, Depends(load_own_comment)]
