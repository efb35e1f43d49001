"""The only ways to get at an issue, or at what is said below it, from a request."""

from typing import Annotated

from fastapi import Depends

from app.accounts.access import Writer
from app.accounts.models import Person
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import RowId
from app.discussions.models import Comment
from app.discussions.queries import visible_comment
from app.issues.models import Issue
from app.issues.queries import bare_issue, issue_of_thread, visible_issue


def load_visible_issue(session: SessionDep, issue_id: RowId) -> Issue:
    issue = visible_issue(session, issue_id)
    if issue is None:
        raise NotFound
    return issue


VisibleIssue = Annotated[Issue, Depends(load_visible_issue)]


def load_bare_issue(session: SessionDep, issue_id: RowId) -> Issue:
    issue = bare_issue(session, issue_id)
    if issue is None:
        raise NotFound
    return issue


BareIssue = Annotated[Issue, Depends(load_bare_issue)]
"""As visible as the other, without its author, photos, theme and neighbourhood."""


def may_edit(viewer: Person | None, issue: Issue) -> bool:
    return viewer is not None and issue.content.author_id == viewer.id and not viewer.is_suspended


def load_own_issue(issue: VisibleIssue, writer: Writer) -> Issue:
    if not may_edit(writer, issue):
        raise NotFound
    return issue


OwnIssue = Annotated[Issue, Depends(load_own_issue)]


def load_visible_comment(session: SessionDep, comment_id: RowId) -> Comment:
    """Hidden with its issue: who may not read the one may not read the other."""
    comment = visible_comment(session, comment_id)
    if comment is None or comment.deleted_at or issue_of_thread(session, comment.thread_id) is None:
        raise NotFound
    return comment


VisibleComment = Annotated[Comment, Depends(load_visible_comment)]


def load_own_comment(comment: VisibleComment, writer: Writer) -> Comment:
    if comment.content.author_id != writer.id:
        raise NotFound
    return comment


OwnComment = Annotated[Comment, Depends(load_own_comment)]
