"""What moderation did in the last twelve months, in numbers for everybody."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, func, select

from app.core.clock import now
from app.moderation.models import Appeal, Decision, Flag

A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Figures:
    flags: int
    by_visitors: int
    verdicts: dict[str, int]
    measures: dict[str, int]
    grounds: dict[str, int]
    median_hours: float | None
    appeals: int
    reversed: int
    decisions: int

    @property
    def overturned_percent(self) -> float:
        return round(100 * self.reversed / self.decisions, 1) if self.decisions else 0.0


def figures_of_the_year(session: Session) -> Figures:
    since = now() - A_YEAR
    lately = col(Decision.created_at) > since
    verdicts = session.exec(select(Decision.verdict, func.count()).where(lately).group_by(col(Decision.verdict)))
    measures = session.exec(select(Decision.measure, func.count()).where(lately).group_by(col(Decision.measure)))
    grounds = session.exec(
        select(Decision.ground, func.count())
        .where(lately, col(Decision.ground).is_not(None))
        .group_by(col(Decision.ground))
        .order_by(func.count().desc())
    )
    counted = dict(verdicts.all())
    flags = select(func.count()).where(col(Flag.created_at) > since)
    answered = select(func.count()).where(col(Appeal.answered_at) > since)
    overturned = select(func.count()).where(lately, col(Decision.overturned_at).is_not(None))
    return Figures(
        flags=session.exec(flags).one(),
        by_visitors=session.exec(flags.where(col(Flag.person_id).is_(None))).one(),
        verdicts=counted,
        measures=dict(measures.all()),
        grounds={str(ground): count for ground, count in grounds},
        median_hours=_median_hours(session),
        appeals=session.exec(answered).one(),
        reversed=session.exec(overturned).one(),
        decisions=sum(counted.values()),
    )


def _median_hours(session: Session) -> float | None:
    """From the first flag to the decision."""
    waited = select(Decision.waited_seconds).where(
        col(Decision.created_at) > now() - A_YEAR, col(Decision.waited_seconds).is_not(None)
    )
    count = session.exec(select(func.count()).select_from(waited.subquery())).one()
    if not count:
        return None
    middle = waited.order_by(col(Decision.waited_seconds)).offset((count - 1) // 2).limit(1)
    return round((session.exec(middle).one() or 0) / 3600, 1)
