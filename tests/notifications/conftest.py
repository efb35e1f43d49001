"""A real mail server, and the worker's round: facts told, mail gathered, mail sent."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from app.core.db import Database
from app.mailing import send_what_is_due
from app.notifications.gathering import gather_mail
from app.notifications.telling import tell_what_happened
from app.settings import Settings
from tests.site.test_mailing import PostOffice, by_smtp, office

__all__ = ["by_smtp", "office"]

Round = Callable[[], list]  # type: ignore[type-arg]


@pytest.fixture
def work_round(session: Session, database: Database, by_smtp: Settings, office: tuple[PostOffice, int]) -> Round:
    """One turn of the worker; returns all mails that arrived so far."""

    def turn() -> list:  # type: ignore[type-arg]
        session.commit()
        tell_what_happened(database)
        gather_mail(database)
        send_what_is_due(database, by_smtp)
        session.expire_all()
        return office[0].mails

    return turn
