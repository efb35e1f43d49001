"""Inserting what may be there already, without asking first: the database decides, under any race."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel


def insert_once(session: Session, table: type[SQLModel], **values: Any) -> bool:
    """True when the row is new, False when its key was taken."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    rows = table.__table__  # type: ignore[attr-defined]
    insert: Any = sqlite.insert(rows) if is_sqlite else postgresql.insert(rows)
    # Without the option PostgreSQL's driver answers -1, "not known", which is true in Python.
    once = insert.values(**values).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    inserted: int = session.execute(once).rowcount  # type: ignore[attr-defined]
    return inserted == 1
