"""What the engine makes of a text that nobody filed: every ranking, with how much each reason weighs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from app.cards.models import ImportedCard
from app.core.i18n import Text
from app.issues.models import Issue
from app.issues.slugs import issue_path
from app.matching.actions import rank
from app.matching.engine.problem import Problem
from app.matching.engine.suggestion import Likelihood, Ranking, Suggestion
from app.matching.reasons import in_words
from app.pilots.models import Pilot
from app.themes.models import Theme

MOST_TRIED = 5


@dataclass(frozen=True)
class Part:
    """A reason, and its share of the score in per cent."""

    said: Text
    percent: int


@dataclass(frozen=True)
class Tried:
    title: str
    path: str
    score: float
    likelihood: Likelihood
    parts: Sequence[Part]


@dataclass(frozen=True)
class Rankings:
    themes: Sequence[Tried]
    pilots: Sequence[Tried]
    cards: Sequence[Tried]
    similar: Sequence[Tried]


def try_text(session: Session, problem: Problem, locale: str) -> Rankings:
    matches = rank(session, problem)
    return Rankings(
        _tried(session, Theme, matches.themes, lambda theme: (theme.name(locale), f"/themes/{theme.slug}")),
        _tried(session, Pilot, matches.pilots, lambda pilot: (pilot.title, f"/pilots/{pilot.id}")),
        _tried(session, ImportedCard, matches.cards, lambda card: (f"{card.title} ({card.city})", f"/cards/{card.id}")),
        _tried(session, Issue, matches.similar, lambda issue: (issue.title, issue_path(issue.id, issue.title))),
    )


def _tried(session: Session, table: Any, ranking: Ranking, named: Any) -> list[Tried]:
    best = ranking.suggestions[:MOST_TRIED]
    rows = {row.id: row for row in session.exec(select(table).where(table.id.in_([each.key for each in best])))}
    return [_weighed(each, *named(rows[each.key])) for each in best if each.key in rows]


def _weighed(suggestion: Suggestion, title: str, path: str) -> Tried:
    parts = [Part(in_words(reason.stored()), round(100 * reason.weight)) for reason in suggestion.reasons]
    return Tried(title, path, suggestion.score, suggestion.likelihood, parts)
