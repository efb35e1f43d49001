"""Something on the desk of the city team."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlmodel import Session

from app.accounts.actions import grant_roles
from app.accounts.models import Person, Role
from app.issues.models import Issue
from app.pilots.models import Pilot
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import make_issue, make_pilot


@dataclass(frozen=True)
class Desk:
    """`waiting` looks like `first`, which a pilot grew from."""

    first: Issue
    waiting: Issue
    pilot: Pilot

    def path(self, what: str = "") -> str:
        return f"/team/issues/{self.waiting.id}{what}"


@pytest.fixture
def desk(session: Session, cast: Cast) -> Desk:
    first = make_issue(session, cast.author)
    pilot = make_pilot(session, [first])
    waiting = make_issue(session, cast.author, "Fietspad langs de duinen is donker")
    session.commit()
    return Desk(first, waiting, pilot)


@pytest.fixture
def member(browser_of: Callable[[Person | None], Browser], session: Session, cast: Cast) -> Browser:
    """Tess of the team, who reads English."""
    cast.team.locale, cast.team.display_name = "en", "Tess"
    session.add(cast.team)
    session.commit()
    return browser_of(cast.team)


@pytest.fixture
def colleague(browser_of: Callable[[Person | None], Browser], session: Session) -> Browser:
    """Another one of the team."""
    person = grant_roles(session, "collega@example.nl", [Role.TEAM], "nl")
    person.display_name, person.locale = "Coby", "en"
    session.add(person)
    session.commit()
    session.refresh(person, ["roles"])
    return browser_of(person)
