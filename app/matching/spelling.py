"""Searching forgives: what to look for when no issue has all words as they were typed."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from sqlmodel import Session, col, func, select

from app.core.among import among
from app.core.language import search_terms
from app.issues.models import Issue
from app.issues.search import MOST_WORDS, Words, matches_words
from app.matching.models import WordCount

SHORTEST_CORRECTED = 4
MOST_LETTERS_MORE = 2
ALIKE = 0.75
CORRECTIONS = 3
SEEN_SOMEWHERE = 20
"""A word in more issues than this is in a visible one; a rarer one may be in hidden issues only."""


def forgiving_readings(session: Session, query: str) -> list[Words]:
    """Looser readings of a query, the strictest first: misspelt words corrected, then only the rarest word.

    Words that look like nothing in any issue are left out; [] when that holds for all of them.
    """
    typed = search_terms(query)[:MOST_WORDS]
    known = _in_sight(session, _counts(session, [term for terms in typed for term in terms]))
    read = [_known_or_near(session, terms, known) for terms in typed]
    corrected = [counts for counts in read if counts]
    if not corrected:
        return []
    rarest = min(corrected, key=lambda counts: sum(counts.values()))
    readings: list[Words] = [[list(counts) for counts in corrected], [list(rarest)]]
    return readings if readings[0] != readings[1] else readings[:1]


def _counts(session: Session, stems: Sequence[str]) -> dict[str, int]:
    return dict(session.exec(select(WordCount.word, WordCount.issues).where(among(WordCount.word, stems))).all())


def _known_or_near(session: Session, terms: Sequence[str], known: Mapping[str, int]) -> dict[str, int]:
    """The stems of one word that issues have, or else the stems most like it, with the number of issues."""
    found = {term: known[term] for term in terms if term in known}
    return found or _near(session, terms[0])


def _near(session: Session, stem: str) -> dict[str, int]:
    """Most slips of the finger leave the first letter right; the others are not corrected."""
    if len(stem) < SHORTEST_CORRECTED:
        return {}
    length = func.length(WordCount.word)
    alike = select(WordCount.word, WordCount.issues).where(
        col(WordCount.word).startswith(stem[0], autoescape=True),
        length.between(len(stem) - MOST_LETTERS_MORE, len(stem) + MOST_LETTERS_MORE),
    )
    counts = dict(session.exec(alike).all())
    near = get_close_matches(stem, sorted(counts), 3 * CORRECTIONS, ALIKE)
    seen = _in_sight(session, {word: counts[word] for word in near})
    return dict(list(seen.items())[:CORRECTIONS])


def _in_sight(session: Session, counts: Mapping[str, int]) -> dict[str, int]:
    """Without words that only hidden issues have: what is looked for instead would tell that they are there."""
    return {
        word: issues
        for word, issues in counts.items()
        if issues > SEEN_SOMEWHERE
        or session.exec(select(Issue.id).where(matches_words(session, [[word]]), col(Issue.visible)).limit(1)).first()
    }
