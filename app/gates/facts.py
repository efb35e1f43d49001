"""What there is about a pilot besides the answers of the team: for one pilot or a whole board, in the same reads."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col, func, select

from app.approaches.models import Approach, ApproachChoice
from app.coalition.models import Partner
from app.lessons.models import Lesson
from app.measures.models import Indicator
from app.pilots.models import PilotGoal
from app.verdicts.models import VerdictQuestion, VerdictRule
from app.verdicts.queries import rule_of


@dataclass(frozen=True)
class Facts:
    """Only what can be seen: hidden approaches and lessons do not count."""

    rule: VerdictRule
    goals: int = 0
    indicators: Sequence[Indicator] = ()
    approaches: Sequence[Approach] = ()
    choice: ApproachChoice | None = None
    partners: Sequence[Partner] = field(default_factory=tuple)
    verdict: VerdictQuestion | None = None
    lessons: int = 0


def gather_facts(session: Session, pilot_ids: Collection[int]) -> dict[int, Facts]:
    """By number of the pilot, with a fixed number of reads however many there are."""
    rule = rule_of(session)
    goals = _counted(session, PilotGoal, pilot_ids)
    lessons = _counted(session, Lesson, pilot_ids, col(Lesson.visible))
    indicators = _indicators(session, pilot_ids)
    approaches = _approaches(session, pilot_ids)
    choices = _choices(session, pilot_ids)
    partners = _partners(session, pilot_ids)
    asked = session.exec(select(VerdictQuestion).where(col(VerdictQuestion.pilot_id).in_(pilot_ids)))
    verdicts = {question.pilot_id: question for question in asked}
    return {
        pilot_id: Facts(
            rule=rule,
            goals=goals.get(pilot_id, 0),
            indicators=indicators[pilot_id],
            approaches=approaches[pilot_id],
            choice=choices.get(pilot_id),
            partners=partners[pilot_id],
            verdict=verdicts.get(pilot_id),
            lessons=lessons.get(pilot_id, 0),
        )
        for pilot_id in pilot_ids
    }


def _counted(session: Session, table: Any, pilot_ids: Collection[int], *which: Any) -> dict[int, int]:
    counted = select(table.pilot_id, func.count()).where(col(table.pilot_id).in_(pilot_ids), *which)
    return dict(session.exec(counted.group_by(table.pilot_id)).all())


def _by_pilot(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.pilot_id].append(row)
    return found


def _indicators(session: Session, pilot_ids: Collection[int]) -> dict[int, list[Indicator]]:
    measured = select(Indicator).where(col(Indicator.pilot_id).in_(pilot_ids), col(Indicator.retired_at).is_(None))
    with_values = measured.options(selectinload(Indicator.measurements))  # type: ignore[arg-type]
    return _by_pilot(session.exec(with_values.order_by(col(Indicator.id))))


def _approaches(session: Session, pilot_ids: Collection[int]) -> dict[int, list[Approach]]:
    competing = select(Approach).where(col(Approach.pilot_id).in_(pilot_ids), col(Approach.visible))
    return _by_pilot(session.exec(competing.options(selectinload(Approach.parts))))  # type: ignore[arg-type]


def _choices(session: Session, pilot_ids: Collection[int]) -> dict[int, ApproachChoice]:
    chosen = (
        select(ApproachChoice)
        .join(Approach, col(Approach.id) == ApproachChoice.approach_id)
        .where(col(ApproachChoice.pilot_id).in_(pilot_ids), col(Approach.visible))
        .options(joinedload(ApproachChoice.approach))  # type: ignore[arg-type]
    )
    return {choice.pilot_id: choice for choice in session.exec(chosen)}


def _partners(session: Session, pilot_ids: Collection[int]) -> dict[int, list[Partner]]:
    taking_part = select(Partner).where(col(Partner.pilot_id).in_(pilot_ids), col(Partner.left_at).is_(None))
    return _by_pilot(session.exec(taking_part.order_by(col(Partner.id))))
