"""How often the team agrees with the engine: the quality of the matching, measured on the city's own decisions."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.i18n import Text, _
from app.issues.models import Issue
from app.matching.models import PilotMatch, SimilarMatch, State, ThemeMatch
from app.themes.models import Theme

LOOKED_BACK = timedelta(days=365)
MOST_DECISIONS = 5_000
Z_95 = 1.96
FEWEST_FOR_A_SHARE = 10


@dataclass(frozen=True)
class Share:
    """`right` of `of`, with the 95% interval of Wilson (1927), which is fair to small numbers."""

    right: int
    of: int

    @property
    def value(self) -> float | None:
        return self.right / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        if not self.of:
            return None
        share, square = self.right / self.of, Z_95**2
        middle = (share + square / (2 * self.of)) / (1 + square / self.of)
        margin = Z_95 / (1 + square / self.of) * sqrt(share * (1 - share) / self.of + square / (4 * self.of**2))
        return max(0.0, middle - margin), min(1.0, middle + margin)


def in_words(share: Share) -> Text:
    """Small numbers are not turned into percentages."""
    if share.of == 0 or share.interval is None:
        return _("the team has not decided about any suggestion yet.")
    if share.of < FEWEST_FOR_A_SHARE:
        return _("%(right)s of %(of)s were right: too few to say more.", right=share.right, of=share.of)
    low, high = (round(100 * edge) for edge in share.interval)
    return _(
        "%(right)s of %(of)s were right, or between %(low)s%% and %(high)s%% of all.",
        right=share.right, of=share.of, low=low, high=high,
    )  # fmt: skip


@dataclass(frozen=True)
class Agreement:
    """Of what the team decided: how much the engine had suggested so. Months are the first day of each."""

    themes: Share
    pilots: Share
    similar: Share
    months: Sequence[tuple[datetime, Share]]


def agreement(session: Session) -> Agreement:
    """Over the last year. A theme is right when the engine put it first; a link when the team confirmed it.

    What the team linked by hand was not suggested by any engine: for themes that counts as a miss.
    """
    themes = _decided(session, ThemeMatch)
    right = {row.issue_id: bool(row.engine) and row.rank == 1 for row in themes if row.state is State.CONFIRMED}
    return Agreement(
        themes=Share(sum(right.values()), len(right)),
        pilots=_confirmed_share(_decided(session, PilotMatch)),
        similar=_confirmed_share(_decided(session, SimilarMatch)),
        months=_by_month([row for row in themes if row.state is State.CONFIRMED]),
    )


def _decided(session: Session, table: Any) -> Sequence[Any]:
    return session.exec(
        select(  # type: ignore[call-overload]
            table.issue_id, table.state, table.engine, table.rank, table.decided_at
        )
        .where(table.state != State.SUGGESTED, table.decided_at > now() - LOOKED_BACK)
        .order_by(col(table.decided_at).desc())
        .limit(MOST_DECISIONS)
    ).all()


def _confirmed_share(rows: Sequence[Any]) -> Share:
    suggested = [row for row in rows if row.engine]
    return Share(sum(row.state is State.CONFIRMED for row in suggested), len(suggested))


def _by_month(rows: Sequence[Any]) -> list[tuple[datetime, Share]]:
    months: dict[datetime, list[bool]] = defaultdict(list)
    for row in rows:
        month = row.decided_at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        months[month].append(bool(row.engine) and row.rank == 1)
    return [(month, Share(sum(right), len(right))) for month, right in sorted(months.items())]


@dataclass(frozen=True)
class Override:
    """The team chose another theme than the one that the engine had put first."""

    issue_id: int
    title: str
    language: str
    suggested: int
    chosen: int
    at: datetime


def overrides(session: Session, at_most: int = 20) -> Sequence[Override]:
    """Newest first."""
    first, settled = aliased(ThemeMatch), aliased(ThemeMatch)
    rows: Any = session.exec(
        select(  # type: ignore[call-overload]
            Issue.id, Issue.title, Issue.language, first.theme_id, settled.theme_id, settled.decided_at
        )
        .join(settled, (col(settled.issue_id) == Issue.id) & (col(settled.state) == State.CONFIRMED))
        .join(first, (col(first.issue_id) == Issue.id) & (col(first.rank) == 1) & (col(first.engine) != ""))
        .where(col(first.theme_id) != settled.theme_id, col(Issue.visible))
        .order_by(col(settled.decided_at).desc())
        .limit(at_most)
    ).all()
    return [Override(*row) for row in rows]


def confusion(session: Session) -> list[tuple[Theme, Theme, int]]:
    """Which theme the engine put first, which one the team chose, and how often; most often first."""
    themes = {theme.id: theme for theme in session.exec(select(Theme))}
    pairs = Counter((each.suggested, each.chosen) for each in overrides(session, MOST_DECISIONS))
    return [
        (themes[suggested], themes[chosen], times)
        for (suggested, chosen), times in pairs.most_common(10)
        if suggested in themes and chosen in themes
    ]
