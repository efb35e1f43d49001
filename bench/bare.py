"""The reference: a minimal application without middleware, that renders what it has in memory or commits one row."""

import argparse
import sqlite3
import threading
from collections.abc import Iterable
from typing import Any

import uvicorn
from fastapi import FastAPI
from sqlalchemy.orm import object_session
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.testclient import TestClient

import app.core.web
from app.core.templates import render_template
from app.main import create_app
from app.settings import Settings

Page = tuple[str, str, dict[str, Any]]
TABLE = (
    "CREATE TABLE IF NOT EXISTS bench_row (id INTEGER PRIMARY KEY {}, person INTEGER NOT NULL, issue INTEGER NOT NULL)"
)
INSERT = "INSERT INTO bench_row (person, issue) VALUES (1, 2)"


def remembered_pages(settings: Settings) -> dict[str, Page]:
    """The feed and an issue as the site renders them for a visitor: the template and all its rows."""
    pages: dict[str, Page] = {}
    kept: list[Page] = []

    def keep(name: str, locale: str, **context: Any) -> str:
        html = render_template(name, locale, **context)
        _let_go(context.values())
        kept.append((name, locale, context))
        return html

    app.core.web.render_template = keep  # type: ignore[attr-defined]
    with TestClient(create_app(settings), base_url=settings.base_url) as browser:
        feed = browser.get("/issues", headers={"Accept-Language": "nl"})
        pages["/feed"] = kept[-1]
        issue = feed.text.partition('href="/issues/')[2]
        number = next(part for part in feed.text.split('href="/issues/')[1:] if part[0].isdigit()).partition('"')[0]
        assert issue
        assert browser.get(f"/issues/{number}", headers={"Accept-Language": "nl"}).status_code == 200
        pages["/issue"] = kept[-1]
    app.core.web.render_template = render_template  # type: ignore[attr-defined]
    return pages


def _let_go(values: Iterable[Any]) -> None:
    """What was loaded stays loaded when the request and its transaction end."""
    for value in values:
        rows = value if isinstance(value, list | tuple) else [value]
        for row in rows:
            session = object_session(row) if hasattr(row, "_sa_instance_state") else None
            if session is not None:
                session.expunge_all()


def create_bare_app(settings: Settings) -> FastAPI:
    bare = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    pages = remembered_pages(settings)
    committer = Committer(settings.database_url)

    @bare.get("/")
    async def ready() -> str:
        return "ready"

    @bare.get("/feed")
    async def feed() -> HTMLResponse:
        name, locale, context = pages["/feed"]
        return HTMLResponse(render_template(name, locale, **context))

    @bare.get("/issue")
    async def issue() -> HTMLResponse:
        name, locale, context = pages["/issue"]
        return HTMLResponse(render_template(name, locale, **context))

    @bare.post("/row")
    def row() -> RedirectResponse:
        committer.commit_one_row()
        return RedirectResponse("/", 303)

    return bare


class Committer:
    """One row, one commit, with the driver itself and as durable as the site commits."""

    def __init__(self, database_url: str) -> None:
        self.url = database_url
        self.is_sqlite = database_url.startswith("sqlite")
        self.local = threading.local()
        connection = self._connection()
        connection.execute(TABLE.format("" if self.is_sqlite else "GENERATED ALWAYS AS IDENTITY"))

    def commit_one_row(self) -> None:
        self._connection().execute(INSERT)

    def _connection(self) -> Any:
        if not hasattr(self.local, "connection"):
            self.local.connection = self._sqlite() if self.is_sqlite else self._postgres()
        return self.local.connection

    def _sqlite(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=5, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    def _postgres(self) -> Any:
        import psycopg

        return psycopg.connect(self.url, autocommit=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    uvicorn.run(create_bare_app(Settings()), port=port, log_level="warning", access_log=False, server_header=False)


if __name__ == "__main__":
    main()
