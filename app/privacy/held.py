"""How the register says what a table holds about people: whose a row is, and what becomes of it on erasure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, or_, select
from sqlmodel import SQLModel

from app.content.models import Kind
from app.core.i18n import Text


class Then(StrEnum):
    """What happens to a row, or to the column, when the person that it points at is erased."""

    UNLINK = "unlink"
    """The row stays and no longer says whose it was."""
    REMOVE = "remove"
    """The row goes."""
    NUMBER = "number"
    """The number stays as a pseudonym: the person behind it has no name and no address any more."""
    STRIP = "strip"
    """The row of the person itself: all but the number is emptied."""


Mine = Callable[[Table, int, str], ColumnElement[bool]]
"""Which rows of a table are about a person, by number and e-mail address."""


@dataclass(frozen=True)
class Held:
    """`what` is in words for the person; `mine` finds their rows for the copy (None: their number is not in it).

    `secret` are columns that open something or speak of others, and are left out of the copy. `also` says what erasure
    does besides.
    """

    what: Text | None = None
    people: Mapping[str, Then] = field(default_factory=dict)
    mine: Mine | None = None
    secret: frozenset[str] = frozenset()
    also: str = ""


def table_named(name: str) -> Table:
    return SQLModel.metadata.tables[name]


def by(*columns: str) -> Mine:
    return lambda table, person_id, _email: or_(*(table.c[column] == person_id for column in columns))


def by_email(column: str) -> Mine:
    return lambda table, _person_id, email: table.c[column] == email


def by_either(number: str, email: str) -> Mine:
    return lambda table, person_id, address: or_(table.c[number] == person_id, table.c[email] == address)


def by_content(table: Table, person_id: int, _email: str) -> ColumnElement[bool]:
    content = table_named("content")
    return table.c.content_id.in_(select(content.c.id).where(content.c.author_id == person_id))


def by_issue(table: Table, person_id: int, _email: str) -> ColumnElement[bool]:
    return table.c.issue_id.in_(issues_of(person_id))


def issues_of(person_id: int) -> Any:
    content, issue = table_named("content"), table_named("issue")
    joined = issue.join(content, content.c.id == issue.c.content_id)
    return select(issue.c.id).select_from(joined).where(content.c.author_id == person_id, content.c.kind == Kind.ISSUE)


def about_me(table: Table, person_id: int, _email: str) -> ColumnElement[bool]:
    """Entries of the audit about what they did, and about what was done to them."""
    subject = and_(table.c.subject_kind == "person", table.c.subject_id == str(person_id))
    return or_(table.c.actor_id == person_id, subject)


def on_my_issues(table: Table, person_id: int, _email: str) -> ColumnElement[bool]:
    mine = and_(table.c.subject_kind == "issue", table.c.subject_id.in_(issues_of(person_id)))
    return or_(table.c.actor_id == person_id, mine)


def by_approach(table: Table, person_id: int, _email: str) -> ColumnElement[bool]:
    content, approach = table_named("content"), table_named("approach")
    joined = approach.join(content, content.c.id == approach.c.content_id)
    mine = select(approach.c.id).select_from(joined).where(content.c.author_id == person_id)
    return table.c.approach_id.in_(mine)
