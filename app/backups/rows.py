"""Rows of tables as lines of JSON that both databases can write and read.

Straight through the drivers: a city has tens of millions of rows, and on their way to a line they need no objects.
"""

import gzip
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Date, Float, Integer, LargeBinary, String, Table
from sqlmodel import AutoString, SQLModel

import app.tables  # noqa: F401
from app.core.db import Moment

ROWS_AT_ONCE = 5_000
LEFT_OUT = frozenset({"signed_in_session", "sign_in_request", "data_export", "lease"})
"""What opens something, is true for minutes only, or names a file that goes within the hour."""

KINDS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((Moment,), "moment"),
    ((JSON,), "json"),
    ((Boolean,), "yes/no"),
    ((Date,), "date"),
    ((LargeBinary,), "bytes"),
    ((String, AutoString, Integer, Float), "plain"),
)

Convert = Callable[[Any], Any]
Columns = Sequence[tuple[str, str]]


def tables_to_keep() -> list[Table]:
    return [table for table in SQLModel.metadata.sorted_tables if table.name not in LEFT_OUT]


def kind_of(column: Any) -> str:
    """Raises TypeError for a type of column of which nobody has said yet how it is kept."""
    for types, kind in KINDS:
        if isinstance(column.type, types):
            return kind
    raise TypeError(f"say how {column} is kept in a backup")


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def count_rows(connection: Connection, table: str) -> int:
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM {quoted(table)}").scalar_one())


def pieces_of(connection: Connection, table: str, columns: Columns) -> Iterator[tuple[int, bytes]]:
    """How many rows, and those rows as compressed lines; a big table comes in several pieces."""
    on_sqlite = connection.dialect.name == "sqlite"
    as_text = {} if on_sqlite else {name: f"{quoted(name)}::text" for name, kind in columns if kind == "json"}
    chosen = ", ".join(as_text.get(name, quoted(name)) for name, _kind in columns)
    turn = _converters(columns, FROM_SQLITE if on_sqlite else FROM_POSTGRESQL)
    found = connection.execution_options(stream_results=True).exec_driver_sql(f"SELECT {chosen} FROM {quoted(table)}")
    for rows in found.partitions(ROWS_AT_ONCE):
        lines = "\n".join(json.dumps(_converted(row, turn), ensure_ascii=False) for row in rows)
        yield len(rows), gzip.compress(lines.encode(), 5, mtime=0)


def rows_in(piece: bytes) -> Iterator[list[Any]]:
    return map(json.loads, gzip.decompress(piece).decode().split("\n"))


def put_rows(connection: Connection, table: str, columns: Columns, rows: Iterable[list[Any]]) -> int:
    """Returns how many. Foreign keys are not looked at on the way; whoever restores checks them in the end."""
    dialect: Any = connection.dialect
    put = _put_into_sqlite if dialect.name == "sqlite" else _copy_into_postgresql
    try:
        return put(connection.connection.driver_connection, table, columns, rows)
    except dialect.dbapi.Error as error:
        reason = str(error).partition("\n")[0]
        raise ValueError(f"The database did not take the rows of {table} ({reason}). Nothing was restored.") from error


def _put_into_sqlite(driver: Any, table: str, columns: Columns, rows: Iterable[list[Any]]) -> int:
    turn, marks = _converters(columns, TO_SQLITE), ", ".join("?" for _column in columns)
    statement = f"INSERT INTO {quoted(table)} ({_names(columns)}) VALUES ({marks})"
    return int(driver.executemany(statement, (_converted(row, turn) for row in rows)).rowcount)


def _copy_into_postgresql(driver: Any, table: str, columns: Columns, rows: Iterable[list[Any]]) -> int:
    turn = _converters(columns, TO_POSTGRESQL)
    with driver.cursor() as cursor:
        with cursor.copy(f"COPY {quoted(table)} ({_names(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(_converted(row, turn))
        return int(cursor.rowcount)


def _names(columns: Columns) -> str:
    return ", ".join(quoted(name) for name, _kind in columns)


def _converters(columns: Columns, how: dict[str, Convert]) -> list[tuple[int, Convert]]:
    return [(number, how[kind]) for number, (_name, kind) in enumerate(columns) if kind in how]


def _converted(row: Sequence[Any], turn: list[tuple[int, Convert]]) -> list[Any]:
    values = list(row)
    for number, convert in turn:
        if values[number] is not None:
            values[number] = convert(values[number])
    return values


# In the archive a moment is 2026-11-22T06:00:00.000000Z, JSON is the text of it, and bytes are base64.
FROM_SQLITE: dict[str, Convert] = {
    "moment": lambda text: text.replace(" ", "T") + "Z",
    "yes/no": bool,
    "bytes": lambda value: b64encode(value).decode(),
}
TO_SQLITE: dict[str, Convert] = {
    "moment": lambda text: text.replace("T", " ").removesuffix("Z"),
    "yes/no": int,
    "bytes": b64decode,
}
FROM_POSTGRESQL: dict[str, Convert] = {
    "moment": lambda moment: moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z",
    "date": lambda day: day.isoformat(),
    "bytes": lambda value: b64encode(value).decode(),
}
TO_POSTGRESQL: dict[str, Convert] = {"bytes": b64decode}
