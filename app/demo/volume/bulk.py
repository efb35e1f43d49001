"""Writes rows by the thousand, past the mapper: executemany on SQLite, COPY on PostgreSQL.

Moments are texts in UTC, JSON and enumerations are their stored texts; see `stored` and `COLUMNS`.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from app.core.db import Database

Row = tuple[Any, ...]

MATCH = ("score", "likelihood", "reasons", "rank", "engine", "state", "decided_by", "decided_at",
         "decision_reason", "created_at")  # fmt: skip
COLUMNS: dict[str, tuple[str, ...]] = {
    "person": ("id", "email", "display_name", "locale", "rules_version", "welcomed_at", "created_at"),
    "content": ("id", "kind", "author_id", "language", "visibility", "created_at"),
    "thread": ("id", "is_open"),
    "issue": (
        "id", "content_id", "thread_id", "title", "description", "language", "source", "status", "lat", "lon",
        "precision", "address", "cell", "neighbourhood_id", "theme_id", "search_stems", "visible",
        "vote_count", "comment_count", "heat", "created_at", "updated_at", "city_spoke_at",
    ),
    "vote": ("issue_id", "person_id", "created_at"),
    "follow": ("issue_id", "person_id", "created_at"),
    "comment": (
        "id", "thread_id", "parent_id", "content_id", "body", "visible", "support_count", "reply_count",
        "created_at",
    ),
    "timeline_entry": (
        "subject_kind", "subject_id", "kind", "facts", "text", "language", "actor_id", "by_city", "at",
    ),
    "pilot": (
        "id", "content_id", "thread_id", "title", "problem", "language", "stage", "lat", "lon", "radius_m",
        "keywords", "search_stems", "visible", "created_at", "updated_at",
    ),
    "pilot_follow": ("pilot_id", "person_id", "created_at"),
    "alert": (
        "person_id", "theme_id", "neighbourhood_id", "lat", "lon", "radius_m", "name", "pace", "told_up_to", "due_at",
        "created_at",
    ),
    "pilot_theme": ("pilot_id", "theme_id"),
    "pilot_goal": ("pilot_id", "goal_id"),
    "pilot_issue": ("pilot_id", "issue_id", "linked_by", "linked_at"),
    "theme_match": ("issue_id", "theme_id", *MATCH),
    "pilot_match": ("issue_id", "pilot_id", *MATCH),
    "similar_match": ("issue_id", "other_id", *MATCH),
}  # fmt: skip
NUMBERED = ("person", "content", "thread", "issue", "comment", "pilot")


def stored(moment: datetime) -> str:
    """As both databases read it, given that the connection speaks UTC."""
    return moment.astimezone(UTC).isoformat(" ", "microseconds")[:26]


class Bulk:
    """A connection for writing; each `save` is one transaction, in the order of `COLUMNS`.

    It is written while the next rows are made, by a second core if there is one.
    """

    def __init__(self, database: Database) -> None:
        self._is_sqlite = database.is_sqlite
        self._connection = database.engine.raw_connection()
        self._cursor: Any = self._connection.cursor()
        for statement in self._preparations():
            self._cursor.execute(statement)
        self._connection.commit()
        self._writer = ThreadPoolExecutor(1)
        self._under_way: Future[None] | None = None

    def _preparations(self) -> Iterator[str]:
        if self._is_sqlite:
            yield "PRAGMA cache_size=-262144"
        else:
            yield "SET TIME ZONE 'UTC'"
            yield "SET lock_timeout = '10s'"

    def next_ids(self) -> dict[str, int]:
        """The first free number of each table that we number ourselves."""
        return {table: self._one(f"SELECT coalesce(max(id), 0) + 1 FROM {table}") for table in NUMBERED}

    def _one(self, question: str) -> int:
        self._cursor.execute(question)
        return int(self._cursor.fetchone()[0])

    def save(self, rows: dict[str, list[Row]]) -> None:
        """Raises what went wrong with the rows before these."""
        self.wait()
        self._under_way = self._writer.submit(self._save, rows)

    def wait(self) -> None:
        if self._under_way is not None:
            self._under_way.result()

    def _save(self, rows: dict[str, list[Row]]) -> None:
        if self._is_sqlite:
            self._cursor.execute("BEGIN IMMEDIATE")
        for table in COLUMNS:
            if rows.get(table):
                self._write(table, COLUMNS[table], rows[table])
        self._connection.commit()

    def _write(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        names = ", ".join(columns)
        if self._is_sqlite:
            marks = ", ".join("?" * len(columns))
            self._cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
            return
        with self._cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def finish(self) -> None:
        """PostgreSQL hears which numbers are taken, and looks at the tables anew before it plans queries."""
        self.wait()
        if not self._is_sqlite:
            for table in NUMBERED:
                taken = f"SELECT coalesce(max(id), 1) FROM {table}"
                self._cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), ({taken}))")
            self._connection.commit()
            self._cursor.execute(f"ANALYZE {', '.join(COLUMNS)}")
            self._connection.commit()

    def close(self) -> None:
        """The connection is prepared for bulk, so it does not go back to the pool."""
        self._writer.shutdown()
        self._connection.invalidate()


@contextmanager
def bulk_on(database: Database) -> Iterator[Bulk]:
    bulk = Bulk(database)
    try:
        yield bulk
        bulk.finish()
    finally:
        bulk.close()
