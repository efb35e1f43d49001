"""What came in from another tab, or from the worker, in the very second in which somebody left."""

from datetime import datetime

from sqlalchemy import ColumnElement, literal, or_, select
from sqlalchemy import exists as there_is
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from app.accounts.models import Person
from app.privacy.erasing import Choice, erase
from app.privacy.held import Then, table_named
from app.privacy.register import ABOUT_PEOPLE

OF_PEOPLE = (Then.UNLINK, Then.REMOVE)


def finish_erasures(session: Session, since: datetime) -> int:
    """Whoever left since then and still stands somewhere is erased once more; returns how many."""
    left = col(Person.erased_at) > since
    if session.exec(select_rows(Person.id).where(left).limit(1)).first() is None:
        return 0
    people = session.exec(select_rows(Person).where(left, _still_stands_somewhere()).with_for_update()).all()
    for person in people:
        erase(session, person, Choice.TAKE_AWAY)
    return len(people)


def _still_stands_somewhere() -> ColumnElement[bool]:
    """In any column of the register that erasing empties, or with something of their own in their row."""
    rows = [
        there_is(select(literal(1)).where(table_named(name).c[column] == col(Person.id)))
        for name, held in ABOUT_PEOPLE.items()
        for column, then in held.people.items()
        if then in OF_PEOPLE and column not in ("email", "address")
    ]
    return or_(
        col(Person.display_name) != "", col(Person.signed_in_at).is_not(None), col(Person.unread_notices) > 0, *rows
    )
