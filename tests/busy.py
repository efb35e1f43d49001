"""A busy site: two processes on one database, for many people at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

from sqlmodel import Session

from app.accounts.actions import grant_roles, open_session_for
from app.accounts.models import Person, Role
from app.core.db import Database
from app.settings import Settings
from tests.crowd import Phone
from tests.factories import make_person
from tests.live import LiveServer, serve_live

T = TypeVar("T")
numbers = count(1)


def new_name() -> str:
    """Of somebody who is not there yet: the site stays for all tests of a process."""
    return f"iemand{next(numbers)}"


@dataclass(frozen=True)
class BusySite:
    server: LiveServer
    database: Database

    @property
    def settings(self) -> Settings:
        return self.server.settings

    def visitor(self) -> Phone:
        return Phone(self.server.url)

    def residents(self, *names: str) -> list[Phone]:
        """A phone for each, signed in."""
        with self.database.session() as session:
            people = [make_person(session, name) for name in names]
            return [self.phone_of(session, person) for person in people]

    def phone_of(self, session: Session, person: Person) -> Phone:
        session.refresh(person, ["roles"])
        key = open_session_for(session, person, "test")
        session.commit()
        return Phone(self.server.url, {"session": key})

    def ask(self, question: Callable[[Session], T]) -> T:
        """What the database says now."""
        with self.database.session() as session:
            return question(session)

    def colleagues(self, *roles: Role, locale: str = "nl") -> list[Phone]:
        """A phone for each, with one role."""
        with self.database.session() as session:
            staff = [grant_roles(session, f"{new_name()}@example.nl", [role], locale) for role in roles]
            session.commit()
            return [self.phone_of(session, person) for person in staff]


@contextmanager
def serve_many(url: str, folder: Path) -> Iterator[BusySite]:
    settings = Settings(
        _env_file=None,
        database_url=url,
        mail_url=f"file://{folder}/mail",
        storage_url=f"file://{folder}/photos",
        rate_limits="off",
    )
    database = Database(url)
    with serve_live(settings, workers=2, log=folder / "server.log") as server:
        yield BusySite(server, database)
    database.close()
