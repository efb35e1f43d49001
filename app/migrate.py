"""The database to its newest version; safe to run from several processes at once."""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from app.core.db import Database

if TYPE_CHECKING:
    from alembic.config import Config

ROOT = Path(__file__).parent.parent
REVISIONS = re.compile(r'^(down_)?revision = "(\w+)"', re.MULTILINE)
ADVISORY_LOCK = 6_284_172_001


def config_for(connection: Connection | None = None) -> Config:
    from alembic.config import Config  # 10 MB that a web process never needs

    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["connection"] = connection
    return config


def migrate(database: Database, to: str = "head") -> None:
    with one_at_a_time(database), database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET lock_timeout = '4s'"))
            connection.commit()
        upgrade(connection, to)
        connection.commit()


def upgrade(connection: Connection, to: str = "head") -> None:
    """In the transaction of the connection, if it is in one."""
    from alembic import command

    command.upgrade(config_for(connection), to)


def is_up_to_date(database: Database) -> bool:
    with database.engine.connect() as connection:
        try:
            current = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
        except DBAPIError:
            return False
    return current == [newest_revision()]


@cache
def newest_revision() -> str:
    """The migration that no other one follows, read from the files without running them."""
    (newest,) = known_revisions() - {number for is_down, number in _numbers_in_files() if is_down}
    return newest


@cache
def known_revisions() -> frozenset[str]:
    return frozenset(number for is_down, number in _numbers_in_files() if not is_down)


def _numbers_in_files() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        yield from REVISIONS.findall(path.read_text())


@contextmanager
def one_at_a_time(database: Database) -> Iterator[None]:
    """A lock for all processes: of PostgreSQL, or on a file beside the SQLite database."""
    if database.is_sqlite:
        path = Path(make_url(str(database.engine.url)).database or "buurtlab.db").with_suffix(".migrating")
        with path.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with database.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
        connection.commit()
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
            connection.commit()
