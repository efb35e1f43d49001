"""All pilots by stage, for the team: those whose trial ends first, so many of each stage, and how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from app.pilots.models import Pilot, Stage
from app.pilots.queries import Which, conditions

IN_A_COLUMN = 8
FAR_AWAY = date(9999, 12, 31)


@dataclass(frozen=True)
class Column:
    stage: Stage
    pilots: Sequence[Pilot]
    rest: int


def read_board(session: Session, which: Which) -> list[Column]:
    """Two queries, however many pilots there are."""
    wanted = (col(Pilot.visible), *conditions(which))
    soonest = (func.coalesce(col(Pilot.ends_on), FAR_AWAY), col(Pilot.id).desc())
    place = func.row_number().over(partition_by=col(Pilot.stage), order_by=soonest).label("place")
    ranked = select(col(Pilot.id).label("id"), place).where(*wanted).subquery()
    shown = select(Pilot).join(ranked, ranked.c.id == col(Pilot.id)).where(ranked.c.place <= IN_A_COLUMN)
    pilots = session.exec(shown.order_by(*soonest)).all()
    counted = select(Pilot.stage, func.count()).where(*wanted).group_by(col(Pilot.stage))
    counts = dict(session.exec(counted).all())
    columns = {stage: [pilot for pilot in pilots if pilot.stage is stage] for stage in Stage}
    return [Column(stage, few, counts.get(stage, 0) - len(few)) for stage, few in columns.items()]
