"""Full-text search over the stored stems; the same issues on SQLite (FTS5) and PostgreSQL (tsvector)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, literal_column, text
from sqlmodel import Session, col, func, select

from app.core.language import search_terms
from app.issues.models import Issue

Words = Sequence[Sequence[str]]
"""Every inner list must hold, by any of its stems."""
MOST_WORDS = 8
NEWEST = 4_000
ENOUGH = 25


def matches_query(session: Session, query: str) -> ColumnElement[bool]:
    """A condition: the issue has every word of the query, in Dutch or English inflection."""
    return matches_words(session, [terms for terms in search_terms(query[:200]) if terms][:MOST_WORDS])


def matches_words(session: Session, words: Words) -> ColumnElement[bool]:
    if not words:
        return false()
    if session.get_bind().dialect.name == "sqlite":
        return _found_by_fts5(words)
    found = _found_by_tsvector(words)
    return found if _is_common(session, found) else _looked_up(found)


def _found_by_fts5(words: Words) -> ColumnElement[bool]:
    expression = " AND ".join("(" + " OR ".join(f'"{term}"' for term in terms) + ")" for terms in words)
    found = text("SELECT rowid FROM issue_search WHERE issue_search MATCH :words").bindparams(words=expression)
    return col(Issue.id).in_(found.columns(rowid=Issue.__table__.c.id.type).subquery().select())  # type: ignore[attr-defined]


def _found_by_tsvector(words: Words) -> ColumnElement[bool]:
    expression = " & ".join("(" + " | ".join(f"'{term}'" for term in terms) + ")" for terms in words)
    vector: ColumnElement[Any] = literal_column("issue.search_vector")
    return vector.op("@@")(text("to_tsquery('simple', :words)").bindparams(words=expression))


def _is_common(session: Session, found: ColumnElement[bool]) -> bool:
    """Whether a page of the newest issues is full soon; PostgreSQL cannot tell, and walks through all of them."""
    newest = select(func.max(Issue.id)).scalar_subquery()
    page = select(Issue.id).where(col(Issue.id) > newest - NEWEST, found).limit(ENOUGH).subquery()
    return session.exec(select(func.count()).select_from(page)).one() == ENOUGH


def _looked_up(found: ColumnElement[bool]) -> ColumnElement[bool]:
    """By the index of words first, whatever the order asked for."""
    rare = select(Issue.id).where(found).cte("found").prefix_with("MATERIALIZED")
    return col(Issue.id).in_(select(rare.c.id))
