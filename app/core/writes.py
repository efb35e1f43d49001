"""Writes that do not look first: the database decides, under any race, and tells who won."""

from collections.abc import Callable
from functools import cache
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, UpdateBase
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from app.core.errors import Conflict


def insert_once(session: Session, table: type[SQLModel], **values: Any) -> bool:
    """True when the row is new, False when its key was taken."""
    statement = _insert_once(table, session.get_bind().dialect.name == "sqlite")
    return cast(CursorResult[Any], session.execute(statement, values)).rowcount == 1


@cache
def _insert_once(table: type[SQLModel], is_sqlite: bool) -> Executable:
    rows = table.__table__  # type: ignore[attr-defined]
    insert: Any = sqlite.insert(rows) if is_sqlite else postgresql.insert(rows)
    # Without the option PostgreSQL's driver answers -1, "not known", which is true in Python.
    statement: Executable = insert.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return statement


def count_changed(session: Session, statement: UpdateBase) -> int:
    """Runs an UPDATE or DELETE and says how many rows it changed: how a conditional change knows whether it won."""
    result = cast(CursorResult[Any], session.execute(statement, execution_options={"synchronize_session": False}))
    return result.rowcount


def too_late_for(session: Session, act: Callable[[], object]) -> Conflict | None:
    """Does it, or says why it came too late; then only what `act` wrote is undone, and the page can be shown again."""
    try:
        with session.begin_nested():
            act()
    except Conflict as conflict:
        return conflict
    return None
