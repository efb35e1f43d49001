from collections.abc import Callable

import pytest
from sqlmodel import Session

from app.accounts.models import Person
from app.core.db import Database
from app.core.storage import storage_from_url
from app.matching.jobs import count_new_words
from app.privacy.jobs import forget_what_is_over, look_after_copies
from app.settings import Settings
from tests.browsing import Browser
from tests.conftest import Cast
from tests.privacy.leaving import Leaver


@pytest.fixture
def leaver(session: Session, settings: Settings, cast: Cast) -> Leaver:
    return Leaver(session, settings, cast.resident)


@pytest.fixture
def leaving(browser_of: Callable[[Person | None], Browser], leaver: Leaver) -> Browser:
    """Their browser, in which they have just signed in."""
    return browser_of(leaver.person)


@pytest.fixture
def worker(database: Database, settings: Settings) -> Callable[[], None]:
    """One round of what the worker does for people's data."""

    def work() -> None:
        count_new_words(database)
        look_after_copies(database, storage_from_url(settings.storage_url), settings)
        forget_what_is_over(database, settings)

    return work
