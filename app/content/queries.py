"""Reads that are the same for everything that people publish."""

from typing import Any, TypeVar

from sqlalchemy.orm import joinedload
from sqlmodel import Session, select

from app.content.models import Content
from app.core.paging import Page, decode_after, encode_after

T = TypeVar("T")


def read_reasons(session: Session, table: type[T], which: Any, after: str, size: int) -> Page[T]:
    """What people gave as their reason in rows of `table`, newest first, with who gave it; hidden ones are left out.

    The table has `id`, `reason`, `visible` and `content`; `which` says of what.
    """
    row: Any = table
    statement = select(row).where(which, row.visible, row.reason != "")
    if after:
        statement = statement.where(row.id < decode_after(after, (int,))[0])
    with_author = joinedload(row.content).joinedload(Content.author)  # type: ignore[arg-type]
    rows = session.exec(statement.options(with_author).order_by(row.id.desc()).limit(size + 1)).all()
    shown = rows[:size]
    return Page(shown, encode_after(shown[-1].id) if len(rows) > size else None)
