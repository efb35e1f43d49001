"""Reads that are the same for everything that people publish."""

from typing import Any, TypeVar

from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.content.models import Content, EarlierWords
from app.core.paging import Page, decode_after, encode_after

T = TypeVar("T")
VERSIONS_SHOWN = 10


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


def earlier_words(session: Session, content_id: int, after: str = "") -> Page[tuple[EarlierWords, str | None]]:
    """What it said before, newest first, each with the name of whoever replaced it."""
    statement = (
        select(EarlierWords, Person.display_name)
        .outerjoin(Person, col(Person.id) == EarlierWords.replaced_by)
        .where(EarlierWords.content_id == content_id)
    )
    if after:
        statement = statement.where(col(EarlierWords.version) < decode_after(after, (int,))[0])
    rows = session.exec(statement.order_by(col(EarlierWords.version).desc()).limit(VERSIONS_SHOWN + 1)).all()
    shown = rows[:VERSIONS_SHOWN]
    return Page(shown, encode_after(shown[-1][0].version) if len(rows) > VERSIONS_SHOWN else None)
