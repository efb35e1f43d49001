from collections.abc import Sequence

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from app.measures.models import Indicator


def indicators_of(session: Session, pilot_id: int) -> Sequence[Indicator]:
    """What is measured now, oldest first, with the measurements by date."""
    return session.exec(
        select(Indicator)
        .where(Indicator.pilot_id == pilot_id, col(Indicator.retired_at).is_(None))
        .options(selectinload(Indicator.measurements))  # type: ignore[arg-type]
        .order_by(col(Indicator.id))
    ).all()
