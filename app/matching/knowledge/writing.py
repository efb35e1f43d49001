"""Writes what matching counts and learns: many small rows at once, on SQLite and PostgreSQL alike."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, delete, select

from app.core.writes import insert_once
from app.matching.engine.learning import Learned
from app.matching.models import MatchingProgress, ThemeWord, WordCount


def progress_of(session: Session, name: str) -> int:
    reached = session.get(MatchingProgress, name)
    return reached.upto if reached else 0


def take_turn(session: Session, name: str) -> MatchingProgress:
    """The row is locked until the commit: whoever does the same waits and sees what was written."""
    insert_once(session, MatchingProgress, name=name, upto=0)
    return session.exec(
        select(MatchingProgress)
        .where(MatchingProgress.name == name)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def advance(session: Session, name: str) -> None:
    """One further, in turn."""
    reached = take_turn(session, name)
    reached.upto += 1
    session.add(reached)
    session.flush()


def add_to_word_counts(session: Session, counts: Mapping[str, int]) -> None:
    insert = _insert_into(session, WordCount)
    added = {"issues": WordCount.__table__.c.issues + insert.excluded.issues}  # type: ignore[attr-defined]
    rows = [{"word": word, "issues": counts[word]} for word in sorted(counts)]
    session.connection().execute(insert.on_conflict_do_update(index_elements=["word"], set_=added), rows)


def put_in_where_free(session: Session, table: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """What somebody has decided in the meantime stays as it is."""
    if rows:
        session.connection().execute(_insert_into(session, table).on_conflict_do_nothing(), rows)


def theme_words(session: Session, features: Collection[str]) -> dict[str, Learned]:
    rows = session.exec(
        select(ThemeWord.feature, ThemeWord.weights, ThemeWord.spread).where(col(ThemeWord.feature).in_(features))
    )
    return {
        feature: Learned({int(theme): weight for theme, weight in weights.items()}, spread)
        for feature, weights, spread in rows
    }


def put_theme_words(session: Session, learned: Mapping[str, Learned]) -> None:
    """A feature that nothing is left of goes."""
    gone = [feature for feature, each in learned.items() if not each.weights and not each.spread]
    session.execute(delete(ThemeWord).where(col(ThemeWord.feature).in_(gone)))
    rows = [
        {
            "feature": feature,
            "weights": {str(theme): weight for theme, weight in learned[feature].weights.items()},
            "spread": learned[feature].spread,
        }
        for feature in sorted(learned.keys() - set(gone))
    ]
    if rows:
        insert = _insert_into(session, ThemeWord)
        replaced = {"weights": insert.excluded.weights, "spread": insert.excluded.spread}
        session.connection().execute(insert.on_conflict_do_update(index_elements=["feature"], set_=replaced), rows)


def _insert_into(session: Session, table: type[SQLModel]) -> Any:
    rows = table.__table__  # type: ignore[attr-defined]
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(rows) if is_sqlite else postgresql.insert(rows)
