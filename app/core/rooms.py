"""Who is in which room right now. A sign of life costs no sync and no lock of the data.

Where the rate limits are counted, and for the same reason: SQLite has one write lock, and a desk that stays open
would take it every twenty seconds. It may be lost; a minute later everybody has been seen again.
"""

import sqlite3
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Protocol

from fastapi import Request
from sqlalchemy import Engine, bindparam, text

from app.core import clock
from app.core.db import Database
from app.core.logging import log
from app.core.side_file import SideFile, side_file_of

GONE_AFTER_SECONDS = 60
TABLE = """
presence (room VARCHAR(40) NOT NULL, person_id BIGINT NOT NULL, seen_at BIGINT NOT NULL, PRIMARY KEY (room, person_id))
"""
SEEN = """
INSERT INTO presence (room, person_id, seen_at) VALUES (:room, :person_id, :seen_at)
ON CONFLICT (room, person_id) DO UPDATE SET seen_at = excluded.seen_at
"""
FORGET = "DELETE FROM presence WHERE seen_at < :before OR (person_id = :person_id AND room != :room AND :leaves = 1)"
WHO = "SELECT room, person_id FROM presence WHERE seen_at >= :since AND room IN ({rooms}) ORDER BY person_id"

Values = Mapping[str, Any]


class Book(Protocol):
    """Where it is written down."""

    def write(self, *lines: tuple[str, Values]) -> None: ...

    def who(self, rooms: Collection[str], since: int) -> list[tuple[str, int]]: ...


class SqliteBook:
    def __init__(self, path: Path) -> None:
        self.file = SideFile(path, TABLE)

    def write(self, *lines: tuple[str, Values]) -> None:
        """On a full disk nobody is seen, and everything else goes on."""
        try:
            for statement, values in lines:
                self.file.connection().execute(statement, dict(values))
        except sqlite3.OperationalError as error:
            log.error("presence is not kept", error=str(error))

    def who(self, rooms: Collection[str], since: int) -> list[tuple[str, int]]:
        names = {f"room{number}": room for number, room in enumerate(rooms)}
        statement = WHO.format(rooms=", ".join(f":{name}" for name in names))
        return self.file.connection().execute(statement, {"since": since, **names}).fetchall()


class PostgresBook:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    def write(self, *lines: tuple[str, Values]) -> None:
        with self.engine.connect() as connection:
            for statement, values in lines:
                connection.execute(text(statement), dict(values))

    def who(self, rooms: Collection[str], since: int) -> list[tuple[str, int]]:
        statement = text(WHO.replace("({rooms})", ":rooms")).bindparams(bindparam("rooms", expanding=True))
        with self.engine.connect() as connection:
            rows = connection.execute(statement, {"since": since, "rooms": list(rooms)})
            return [(row.room, row.person_id) for row in rows]


class Rooms:
    def __init__(self, database: Database, url: str) -> None:
        self.book: Book
        if database.is_sqlite:
            self.book = SqliteBook(side_file_of(url))
        else:
            self.book = PostgresBook(database.engine)

    def enter(self, room: str, person_id: int) -> None:
        """They are here now, and no longer where they were before."""
        self._note(room, person_id, leaves=True)

    def stay(self, room: str, person_id: int) -> None:
        """A sign of life; in another tab they may be somewhere else as well."""
        self._note(room, person_id, leaves=False)

    def _note(self, room: str, person_id: int, leaves: bool) -> None:
        at = _seconds()
        others = {"before": at - GONE_AFTER_SECONDS, "person_id": person_id, "room": room, "leaves": int(leaves)}
        self.book.write((SEEN, {"room": room, "person_id": person_id, "seen_at": at}), (FORGET, others))

    def who_is_in(self, rooms: Collection[str]) -> dict[str, list[int]]:
        """Numbers of people per room; rooms without anybody are left out."""
        found: dict[str, list[int]] = {}
        for room, person_id in self.book.who(rooms, _seconds() - GONE_AFTER_SECONDS) if rooms else []:
            found.setdefault(room, []).append(person_id)
        return found


def _seconds() -> int:
    return int(clock.now().timestamp())


def rooms_of(request: Request) -> Rooms:
    rooms: Rooms = request.app.state.rooms
    return rooms
