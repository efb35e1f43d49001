from collections.abc import Callable

import pytest

from app.accounts.models import Person
from tests.browsing import Browser
from tests.conftest import Cast

BrowserOf = Callable[[Person | None], Browser]


@pytest.fixture
def admin(browser_of: BrowserOf, cast: Cast) -> Browser:
    return browser_of(cast.admin)


@pytest.fixture
def team(browser_of: BrowserOf, cast: Cast) -> Browser:
    return browser_of(cast.team)
