"""The demo city, served from a folder that is gone afterwards: for pictures and for the audit."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from sqlmodel import Session, col, select

from app.accounts.actions import open_session_for
from app.accounts.models import Person, SignedInSession
from app.core.clock import now
from app.core.db import Database
from app.core.storage import storage_from_url
from app.demo.load import load_demo
from app.foundations import lay_foundations
from app.migrate import migrate
from app.settings import Settings
from tests.live import LiveServer, serve_live

Cookies = dict[str, str]


@contextmanager
def serving_demo(and_more: Callable[[Session], None] = lambda session: None) -> Iterator[LiveServer]:
    """`and_more` puts into the city what the demo does not have."""

    def fill(session: Session, settings: Settings) -> None:
        load_demo(session, storage_from_url(settings.storage_url))
        and_more(session)

    with serving_city(fill) as server:
        yield server


@contextmanager
def serving_city(fill: Callable[[Session, Settings], None]) -> Iterator[LiveServer]:
    with TemporaryDirectory(prefix="buurtlab-demo-") as folder:
        settings = Settings(
            _env_file=None,
            database_url=f"sqlite:///{folder}/demo.db",
            storage_url=f"file://{folder}/photos",
            mail_url=f"file://{folder}/mail",
            rate_limits="off",
        )
        load(settings, fill)
        with serve_live(settings, log=Path(folder) / "server.log") as server:
            yield server


def load(settings: Settings, fill: Callable[[Session, Settings], None]) -> None:
    database = Database(settings.database_url)
    migrate(database)
    lay_foundations(database)
    with Session(database.engine) as session:
        fill(session, settings)
        session.commit()
    database.close()


def sign_in(session: Session, person: Person) -> Cookies:
    """Also somebody who has just shown that it is they."""
    session.flush()
    session.refresh(person, ["roles"])
    key = open_session_for(session, person, "audit")
    newest = session.exec(select(SignedInSession).order_by(col(SignedInSession.id).desc())).first()
    assert newest
    newest.confirmed_at = now()
    session.add(newest)
    session.commit()
    return {"session": key}


def of_the_demo(session: Session, name: str) -> Person:
    return session.exec(select(Person).where(Person.email == f"{name}@duinwijk.example")).one()


def most_supported(url: str) -> str:
    """Its number depends on the day: what belongs to a season moves into it."""
    with urlopen(f"{url}/issues?sort=top") as page:
        found = re.search(r'href="(/issues/\d+)', page.read().decode())
    assert found
    return found[1]
