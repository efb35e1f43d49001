"""What matching does in the background."""

from app.core.db import Database


def count_new_words(database: Database) -> None:
    """Counts in how many issues each word occurs, for the issues that came since the last time."""
