"""The database to its newest version; safe to run from several processes at once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from app.core.db import Database

ROOT = Path(__file__).parent.parent
ADVISORY_LOCK = 6_284_172_001


def config_for(connection: Connection | None = None) -> Config:
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["connection"] = connection
    return config


def migrate(database: Database, to: str = "head") -> None:
    with one_at_a_time(database), database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET lock_timeout = '4s'"))
            connection.commit()
        command.upgrade(config_for(connection), to)
        connection.commit()


def is_up_to_date(database: Database) -> bool:
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current == ScriptDirectory.from_config(config_for()).get_current_head()


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
