"""What matching does in the background."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.db import Database
from app.core.writes import count_changed, insert_once
from app.issues.models import Issue
from app.matching.knowledge.corpus import ISSUES_COUNTED
from app.matching.knowledge.embeddings import encoder
from app.matching.knowledge.vectors import make_vectors
from app.matching.knowledge.writing import add_to_word_counts, progress_of
from app.matching.models import MatchingProgress

READ_UP_TO = "words read up to issue"
AT_ONCE = 2_000
SETTLED_AFTER = timedelta(minutes=1)
"""By then every issue with a lower number has been committed too."""


def count_new_words(database: Database) -> None:
    """Counts in how many issues each word occurs, for the issues that came since the last time.

    An edited or hidden issue stays counted: rarity needs no precision.
    """
    while True:
        with database.session() as session:
            if count_some_words(session) < AT_ONCE:
                return


def make_new_vectors(database: Database) -> None:
    """For a city that uses embeddings; themes and pilots at once, issues some at a time."""
    with database.session() as session:
        make_missing_vectors(session)


def make_missing_vectors(session: Session) -> int:
    """How many were made; none without a model."""
    model = encoder()
    return make_vectors(session, model) if model else 0


def count_some_words(session: Session, at_most: int = AT_ONCE) -> int:
    """How many issues were read."""
    read_up_to = progress_of(session, READ_UP_TO)
    rows = session.exec(
        select(Issue.id, Issue.search_stems)
        .where(col(Issue.id) > read_up_to, Issue.created_at < now() - SETTLED_AFTER)
        .order_by(col(Issue.id))
        .limit(at_most)
    ).all()
    if not rows or not _claim(session, read_up_to, rows[-1][0]):
        return 0
    counts = Counter(stem for _, stems in rows for stem in set(stems.split()))
    add_to_word_counts(session, counts)
    session.merge(MatchingProgress(name=ISSUES_COUNTED, upto=progress_of(session, ISSUES_COUNTED) + len(rows)))
    return len(rows)


def _claim(session: Session, read_up_to: int, upto: int) -> bool:
    """True for one of any number of processes that would count the same issues."""
    insert_once(session, MatchingProgress, name=READ_UP_TO, upto=0)
    unread = update(MatchingProgress).where(
        col(MatchingProgress.name) == READ_UP_TO, col(MatchingProgress.upto) == read_up_to
    )
    return count_changed(session, unread.values(upto=upto)) == 1
