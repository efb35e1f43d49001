"""Matches as people see them: what is suggested, how likely, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.orm import aliased, contains_eager, defer, joinedload, load_only
from sqlmodel import Session, col, func, select

from app.cards.models import ImportedCard
from app.core.among import among_given
from app.core.i18n import Text
from app.issues.models import Issue
from app.issues.slugs import issue_path
from app.matching.actions import rank
from app.matching.engine.problem import Problem
from app.matching.engine.suggestion import Likelihood, Ranking
from app.matching.models import CardMatch, LinkKind, Match, PilotMatch, SimilarMatch, State, ThemeMatch
from app.matching.reasons import told_together
from app.pilots.models import Pilot
from app.themes.models import Theme


@dataclass(frozen=True)
class Hint:
    """One theme, pilot or issue: its name and language, where it is, and why it came up.

    `card` is of another city: what it is like, and what residents there said of it.
    """

    title: str
    language: str
    path: str
    likelihood: Likelihood
    state: State
    reasons: Sequence[Text]
    kind: LinkKind
    key: int
    icon: str = ""
    votes: int = 0
    card: ImportedCard | None = None


@dataclass(frozen=True)
class Hints:
    themes: Sequence[Hint] = ()
    pilots: Sequence[Hint] = ()
    similar: Sequence[Hint] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.themes or self.pilots or self.similar)


# Asked by every page of an issue: putting a statement together takes longer than running it.
THEMES_OF: Any = (
    select(ThemeMatch)
    .where(ThemeMatch.issue_id == bindparam("issue_id"), ThemeMatch.state != State.REJECTED)
    .where(ThemeMatch.likelihood != Likelihood.UNSURE)
    .options(joinedload(ThemeMatch.theme))  # type: ignore[arg-type]
    .order_by(col(ThemeMatch.rank))
)
PILOTS_OF: Any = (
    select(PilotMatch)
    .join(Pilot, col(Pilot.id) == PilotMatch.pilot_id)
    .where(PilotMatch.issue_id == bindparam("issue_id"), PilotMatch.state != State.REJECTED, col(Pilot.visible))
    .options(contains_eager(PilotMatch.pilot).load_only(Pilot.title, Pilot.language))  # type: ignore[arg-type]
    .order_by(col(PilotMatch.rank))
)
CARDS_OF: Any = (
    select(CardMatch)
    .join(ImportedCard, col(ImportedCard.id) == CardMatch.card_id)
    .where(CardMatch.issue_id == bindparam("issue_id"), CardMatch.state != State.REJECTED, col(ImportedCard.visible))
    .options(contains_eager(CardMatch.card).defer(ImportedCard.document).defer(ImportedCard.problem))  # type: ignore[arg-type]
    .order_by(col(CardMatch.rank))
)
OTHER = aliased(Issue)
# Of an issue that was merged in the meantime, the one that stays.
SIMILAR_TO: Any = (
    select(SimilarMatch, Issue)
    .join(OTHER, col(OTHER.id) == SimilarMatch.other_id)
    .join(Issue, col(Issue.id) == func.coalesce(OTHER.merged_into, OTHER.id))
    .where(SimilarMatch.issue_id == bindparam("issue_id"), SimilarMatch.state != State.REJECTED, col(Issue.visible))
    .where(col(Issue.id) != SimilarMatch.issue_id)
    .options(load_only(Issue.title, Issue.language, Issue.vote_count))  # type: ignore[arg-type]
    .order_by(col(SimilarMatch.rank))
)

THEMES_SHOWN: Any = select(Theme).where(among_given(Theme.id, "keys"))
PILOTS_SHOWN: Any = (
    select(Pilot).where(among_given(Pilot.id, "keys")).options(load_only(Pilot.title, Pilot.language))  # type: ignore[arg-type]
)
CARDS_SHOWN: Any = (
    select(ImportedCard).where(among_given(ImportedCard.id, "keys")).options(defer(ImportedCard.document))  # type: ignore[arg-type]
)
ISSUES_SHOWN: Any = (
    select(Issue).where(among_given(Issue.id, "keys")).options(load_only(Issue.title, Issue.language, Issue.vote_count))  # type: ignore[arg-type]
)


def matches_of(session: Session, issue_id: int, locale: str) -> Hints:
    """The stored links of one issue, best first; what was rejected or is hidden now is left out."""
    asked = {"issue_id": issue_id}
    themes, pilots = (session.scalars(statement, asked).all() for statement in (THEMES_OF, PILOTS_OF))
    similar: dict[int, tuple[SimilarMatch, Issue]] = {}
    for match, issue in session.execute(SIMILAR_TO, asked):
        similar.setdefault(issue.id, (match, issue))
    cards = session.scalars(CARDS_OF, asked).all()
    return Hints(
        [_theme_hint(match.theme, locale, **_told(match)) for match in themes],
        [_pilot_hint(match.pilot, **_told(match, bool(themes))) for match in pilots]
        + [_card_hint(match.card, **_told(match, bool(themes))) for match in cards],
        [_issue_hint(issue, key=match.other_id, **_told(match)) for match, issue in similar.values()],
    )


def suggest_while_typing(session: Session, problem: Problem, locale: str) -> Hints:
    """What a resident sees before filing; nothing is stored."""
    matches = rank(session, problem)
    themes = _rows(session, THEMES_SHOWN, matches.themes)
    pilots = _rows(session, PILOTS_SHOWN, matches.pilots)
    cards = _rows(session, CARDS_SHOWN, matches.cards)
    themed = bool(themes)
    similar = _rows(session, ISSUES_SHOWN, matches.similar)
    return Hints(
        [_theme_hint(themes[key], locale, **told) for key, told in _suggested(matches.themes) if key in themes],
        [_pilot_hint(pilots[key], **told) for key, told in _suggested(matches.pilots, themed) if key in pilots]
        + [_card_hint(cards[key], **told) for key, told in _suggested(matches.cards, themed) if key in cards],
        [_issue_hint(similar[key], key=key, **told) for key, told in _suggested(matches.similar) if key in similar],
    )


def _rows(session: Session, statement: Any, ranking: Ranking) -> dict[int, Any]:
    keys = [suggestion.key for suggestion in ranking.shown]
    return {row.id: row for row in session.scalars(statement, {"keys": keys})} if keys else {}


def _suggested(ranking: Ranking, themes_shown: bool = True) -> Iterable[tuple[int, dict[str, Any]]]:
    for suggestion in ranking.shown:
        reasons = told_together([reason.stored() for reason in suggestion.reasons], themes_shown)
        yield (
            suggestion.key,
            {"likelihood": suggestion.likelihood, "state": State.SUGGESTED, "reasons": reasons},
        )


def _told(match: Match, themes_shown: bool = True) -> dict[str, Any]:
    reasons = told_together(match.reasons, themes_shown)
    return {"likelihood": match.likelihood, "state": match.state, "reasons": reasons}


def _theme_hint(theme: Theme, locale: str, **told: Any) -> Hint:
    path = f"/themes/{theme.slug}"
    return Hint(theme.name(locale), locale, path, icon=theme.icon, kind=LinkKind.THEME, key=theme.id, **told)


def _pilot_hint(pilot: Pilot, **told: Any) -> Hint:
    return Hint(pilot.title, pilot.language, f"/pilots/{pilot.id}", kind=LinkKind.PILOT, key=pilot.id, **told)


def _card_hint(card: ImportedCard, **told: Any) -> Hint:
    return Hint(card.title, card.language, f"/cards/{card.id}", kind=LinkKind.CARD, key=card.id, card=card, **told)


def _issue_hint(issue: Issue, **told: Any) -> Hint:
    path, votes = issue_path(issue.id, issue.title), issue.vote_count
    return Hint(issue.title, issue.language, path, votes=votes, kind=LinkKind.SIMILAR, **told)
