"""The only ways to get at an issue from a request."""

from typing import Annotated

from fastapi import Depends

from app.accounts.access import Writer
from app.accounts.models import Person
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import RowId
from app.issues.models import Issue
from app.issues.queries import visible_issue


def load_visible_issue(session: SessionDep, issue_id: RowId) -> Issue:
    issue = visible_issue(session, issue_id)
    if issue is None:
        raise NotFound
    return issue


VisibleIssue = Annotated[Issue, Depends(load_visible_issue)]


def may_edit(viewer: Person | None, issue: Issue) -> bool:
    return viewer is not None and issue.content.author_id == viewer.id and not viewer.is_suspended


def load_own_issue(issue: VisibleIssue, writer: Writer) -> Issue:
    if not may_edit(writer, issue):
        raise NotFound
    return issue


OwnIssue = Annotated[Issue, Depends(load_own_issue)]
