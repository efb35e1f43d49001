"""Rate limits. Counters live apart from the data, so that a refused request counts and a vote costs one sync.

SQLite: a second file without sync. PostgreSQL: an unlogged table, in a transaction of its own.
"""

import hmac
import ipaddress
import sqlite3
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from fastapi import Request
from sqlalchemy import Engine, text

from app.core import clock
from app.core.db import Database
from app.core.errors import TooMany
from app.core.i18n import _n
from app.core.logging import log
from app.core.side_file import SideFile, side_file_of
from app.settings import Settings

UPSERT = """
INSERT INTO rate_limit (bucket, window_start, n) VALUES (:bucket, :window_start, 1)
ON CONFLICT (bucket, window_start) DO UPDATE SET n = rate_limit.n + 1 RETURNING n
"""
TABLE = """
rate_limit (
  bucket VARCHAR(80) NOT NULL, window_start BIGINT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (bucket, window_start)
)
"""
SWEEP = "DELETE FROM rate_limit WHERE window_start < :before"


@dataclass(frozen=True)
class Limit:
    """At most `times` per `seconds`, counted in fixed windows."""

    name: str
    times: int
    seconds: int


class Counters(Protocol):
    def add(self, bucket: str, window_start: int) -> int: ...

    def sweep(self, before: int) -> None: ...


class SqliteCounters:
    def __init__(self, path: Path) -> None:
        self.file = SideFile(path, TABLE)

    def add(self, bucket: str, window_start: int) -> int:
        """0 when nothing can be counted, as on a full disk: people may read, and what they write is refused anyway."""
        try:
            row = self.file.connection().execute(UPSERT, {"bucket": bucket, "window_start": window_start}).fetchone()
        except sqlite3.OperationalError as error:
            log.error("limits do not count", error=str(error))
            return 0
        return int(row[0])

    def sweep(self, before: int) -> None:
        self.file.connection().execute(SWEEP, {"before": before})


class PostgresCounters:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    def add(self, bucket: str, window_start: int) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(text(UPSERT), {"bucket": bucket, "window_start": window_start}).scalar_one())

    def sweep(self, before: int) -> None:
        with self.engine.connect() as connection:
            connection.execute(text(SWEEP), {"before": before})


class Limiter:
    """Counts what people do, by pseudonym, and refuses what is too much."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.on = settings.rate_limits == "on"
        self.key = settings.secret_key.encode()
        self.counters: Counters
        if database.is_sqlite:
            self.counters = SqliteCounters(side_file_of(settings.database_url))
        else:
            self.counters = PostgresCounters(database.engine)

    def count(self, limit: Limit, who: str) -> None:
        """Raises TooMany (429, with Retry-After in seconds) above the limit."""
        if not self.on:
            return
        seconds_now = int(clock.now().timestamp())
        window = seconds_now - seconds_now % limit.seconds
        if self.counters.add(f"{limit.name}:{self.pseudonym(who)}", window) > limit.times:
            wait = window + limit.seconds - seconds_now
            raise TooMany(
                _n(
                    "That was a bit much at once. Try again in a minute.",
                    "That was a bit much at once. Try again in %(n)s minutes.",
                    wait // 60 + 1,
                ),
                wait,
            )

    def sweep(self) -> None:
        self.counters.sweep(int(clock.now().timestamp()) - 2 * 24 * 3600)

    def pseudonym(self, who: str) -> str:
        """A keyed fingerprint in 32 characters: addresses and people are not stored where they are only counted."""
        return hmac.new(self.key, who.encode(), sha256).hexdigest()[:32]


def limiter_of(request: Request) -> Limiter:
    limiter: Limiter = request.app.state.limiter
    return limiter


def network_of(request: Request) -> str:
    """The visitor's network: an IPv4 address, or the /64 that one IPv6 subscriber holds."""
    host = request.client.host if request.client else "unknown"
    try:
        address = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
