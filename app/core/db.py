"""The database: one request is one transaction, committed before the answer leaves.

SQLite and PostgreSQL behave alike here: reads see what is committed, and the write lock is taken at the first write.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    create_engine,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel
from starlette.concurrency import run_in_threadpool

from app.core.forms import read_body
from app.core.snapshots import snapshots_of

# Set before the first table, so that every constraint has a name that a migration can call.
SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention

CONNECTIONS = 20
"""Requests that may hold a connection at once, in one process; more wait their turn without holding a thread.

Each may need a second one for what is committed on its own, so the pool may grow to twice as many.
"""

BUSY_MILLISECONDS = 5000
"""How long a write waits for another program that holds SQLite's one write lock."""

Json = JSON().with_variant(JSONB(), "postgresql")


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; comes back with its time zone on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(choices: type[StrEnum]) -> Enum:
    """A column that stores the readable value of an enumeration."""
    return Enum(choices, native_enum=False, length=32, values_callable=lambda kinds: [kind.value for kind in kinds])


class Database:
    """An engine, and the places in line for requests that use it."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.snapshots = snapshots_of(self.engine)
        self._places = asyncio.Semaphore(CONNECTIONS)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction of its own: commits at the end, rolls back on an exception.

        Not to be opened while the same thread holds another that has written: SQLite has one write lock.
        """
        with Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    @asynccontextmanager
    async def request_session(self) -> AsyncIterator[Session]:
        async with self._places:
            session = Session(self.engine, expire_on_commit=False)
            try:
                yield session
                if self._only_read(session):
                    session.rollback()
                else:
                    await run_in_threadpool(session.commit)
            finally:
                await run_in_threadpool(session.close) if session.in_transaction() else session.close()

    def _only_read(self, session: Session) -> bool:
        """True when nothing has to be made durable and ending the transaction costs no waiting."""
        if session.new or session.dirty or session.deleted:
            return False
        if not session.in_transaction():
            return True
        driver: Any = session.connection().connection.dbapi_connection
        return self.is_sqlite and not driver.in_transaction

    def close(self) -> None:
        self.snapshots.close()
        self.engine.dispose()


def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    address = address.set(drivername="postgresql+psycopg")
    return create_engine(
        address, pool_size=CONNECTIONS, max_overflow=CONNECTIONS, pool_pre_ping=True, hide_parameters=True
    )


def _sqlite_engine(url: str) -> Engine:
    if path := make_url(url).database:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=CONNECTIONS,
        hide_parameters=True,  # what people typed does not belong into an error message
        connect_args={"check_same_thread": False, "timeout": BUSY_MILLISECONDS / 1000, "isolation_level": None},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "before_cursor_execute", _begin_at_first_write)
    return engine


def _prepare_sqlite(connection: SqliteConnection, _record: object) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what people take away is overwritten in the file
        f"busy_timeout={BUSY_MILLISECONDS}",
        "cache_size=-400",  # kB of each connection; the system keeps the file in memory anyway
    ):
        connection.execute(f"PRAGMA {pragma}")


def _is_reading(statement: str) -> bool:
    return statement.lstrip()[:6].upper() in ("SELECT", "PRAGMA", "EXPLAI")


def _begin_at_first_write(conn: Any, cursor: Any, statement: str, *_rest: object) -> None:
    """The driver is in autocommit, so that reads hold no snapshot that a later write could find stale."""
    if not cursor.connection.in_transaction and not _is_reading(statement):
        cursor.execute("BEGIN IMMEDIATE")


async def open_session(request: Request, _body: Annotated[None, Depends(read_body)]) -> AsyncIterator[Session]:
    """One request, one transaction. The body is in before a connection is taken, so slow clients hold none."""
    database: Database = request.app.state.database
    async with database.request_session() as session:
        yield session


SessionDep = Annotated[Session, Depends(open_session, scope="function")]
