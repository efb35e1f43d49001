"""What the database shows right now, as a value: as long as it stays the same, nothing was committed in between.

Who reads the value, then makes something of the data, and later reads the same value, knows that what was made still
holds. A number of our own would have to be raised by every write; this one comes from the database and misses none.
"""

import sqlite3
import threading
import time
from collections.abc import Hashable
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool

from app.core.logging import log

# Transactions that have ended, and those under way: what is under way is seen by nobody, and changes the text when it
# ends. A copy that follows another server does not list them, so there the text says nothing.
ASK = "SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_snapshot()::text END"
LONGEST_WAIT = 0.5
PAUSE_AFTER_FAILURE = 2.0


class Snapshots(Protocol):
    async def read(self) -> Hashable | None:
        """None when it is not known; then nothing may be concluded."""

    def close(self) -> None: ...


def snapshots_of(engine: Engine) -> Snapshots:
    return SqliteSnapshots(engine.url.database) if engine.dialect.name == "sqlite" else PostgresSnapshots(engine)


class OneConnection:
    """Held for asking only, by one at a time. Each counts for itself, so what another one said is worth nothing:
    `openings` tells them apart.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.connection: Any = None
        self.openings = 0

    def _drop(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def close(self) -> None:
        with self.lock:
            self._drop()


class SqliteSnapshots(OneConnection):
    """`data_version` changes when another connection commits, so it is asked on one that never writes.

    Asking takes some microseconds and never waits, so it is done without a thread.
    """

    def __init__(self, path: str | None) -> None:
        super().__init__()
        self.path = path

    async def read(self) -> Hashable | None:
        with self.lock:
            try:
                ((number,),) = self._held().execute("PRAGMA data_version").fetchall()
            except sqlite3.Error:
                self._drop()
                return None
            return self.openings, number

    def _held(self) -> Any:
        if self.connection is None:
            address = f"{Path(self.path or '').absolute().as_uri()}?mode=rw"
            self.openings += 1
            self.connection = sqlite3.connect(
                address, uri=True, timeout=0, isolation_level=None, check_same_thread=False
            )
        return self.connection


class PostgresSnapshots(OneConnection):
    """One round trip on a connection of its own, outside the pool, so that it never waits for a page."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self.not_before = 0.0

    async def read(self) -> Hashable | None:
        return await run_in_threadpool(self._ask)

    def _ask(self) -> Hashable | None:
        if not self.lock.acquire(timeout=LONGEST_WAIT):
            return None
        try:
            text = self._held().execute(ASK).fetchone()[0]
            return (self.openings, text) if text else None
        except (self.engine.dialect.loaded_dbapi.Error, DBAPIError, OSError) as error:
            # The page is made without us, and says it better.
            log.warning("snapshot not known", error=type(error).__name__)
            self._drop()
            self.not_before = time.monotonic() + PAUSE_AFTER_FAILURE
            return None
        finally:
            self.lock.release()

    def _held(self) -> Any:
        if self.connection is None:
            if time.monotonic() < self.not_before:
                raise ConnectionError
            taken = self.engine.raw_connection()
            self.connection = taken.driver_connection
            taken.detach()
            self.connection.autocommit = True
            self.openings += 1
        return self.connection
