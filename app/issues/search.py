"""Full-text search over the stored stems; the same issues on SQLite (FTS5) and PostgreSQL (tsvector)."""

from typing import Any

from sqlalchemy import ColumnElement, false, literal_column, text
from sqlmodel import Session, col

from app.core.language import search_terms
from app.issues.models import Issue

MOST_WORDS = 8


def matches_words(session: Session, query: str) -> ColumnElement[bool]:
    """A condition: the issue has every word of the query, in Dutch or English inflection."""
    words = [terms for terms in search_terms(query[:200]) if terms][:MOST_WORDS]
    if not words:
        return false()
    if session.get_bind().dialect.name == "sqlite":
        expression = " AND ".join("(" + " OR ".join(f'"{term}"' for term in terms) + ")" for terms in words)
        found = text("SELECT rowid FROM issue_search WHERE issue_search MATCH :words").bindparams(words=expression)
        return col(Issue.id).in_(found.columns(rowid=Issue.__table__.c.id.type).subquery().select())  # type: ignore[attr-defined]
    expression = " & ".join("(" + " | ".join(f"'{term}'" for term in terms) + ")" for terms in words)
    vector: ColumnElement[Any] = literal_column("issue.search_vector")
    return vector.op("@@")(text("to_tsquery('simple', :words)").bindparams(words=expression))
