from dataclasses import dataclass

import pytest
from sqlmodel import Session

from app.accounts.actions import grant_roles
from app.accounts.models import Person, Role
from app.discussions.models import Comment
from app.issues.models import Issue
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import make_comment, make_issue
from tests.moderation.helpers import BrowserOf


@dataclass(frozen=True)
class Talk:
    """An issue of the author, a comment of the resident below it, and an answer of the author to that."""

    issue: Issue
    comment: Comment
    answer: Comment


@pytest.fixture
def talk(session: Session, cast: Cast) -> Talk:
    issue = make_issue(session, cast.author)
    comment = make_comment(session, cast.resident, issue, "Bel de buurman op 06-99887766, hij weet ervan.")
    return Talk(issue, comment, make_comment(session, cast.author, issue, "Dank je wel.", parent=comment))


@pytest.fixture
def moderator(browser_of: BrowserOf, cast: Cast) -> Browser:
    return browser_of(cast.moderator)


@pytest.fixture
def second_moderator(session: Session, cast: Cast) -> Person:
    person = grant_roles(session, "tweede@example.nl", [Role.MODERATOR], "nl")
    session.commit()
    session.refresh(person, ["roles"])
    return person
