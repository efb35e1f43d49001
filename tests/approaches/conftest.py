from collections.abc import Callable

import pytest
from sqlmodel import Session

from app.accounts.models import Person
from app.pilots.models import Pilot
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import make_issue, make_pilot

BrowserOf = Callable[[Person | None], Browser]


@pytest.fixture
def pilot(session: Session, cast: Cast) -> Pilot:
    for person in (cast.author, cast.resident, cast.team, cast.moderator):
        person.locale = "en"
        session.add(person)
    return make_pilot(session, [make_issue(session, cast.author)])


@pytest.fixture
def team(browser_of: BrowserOf, cast: Cast, pilot: Pilot) -> Browser:
    return browser_of(cast.team)
