from collections.abc import Sequence

from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, func, select

from app.coalition.models import CoCreator, Partner


def partners_of(session: Session, pilot_id: int) -> Sequence[Partner]:
    """Who take part now, in the order in which they came."""
    return session.exec(
        select(Partner).where(Partner.pilot_id == pilot_id, col(Partner.left_at).is_(None)).order_by(col(Partner.id))
    ).all()


def co_creators_of(session: Session, pilot_id: int, at_most: int) -> Sequence[CoCreator]:
    """The first who joined, with their names."""
    return session.exec(
        select(CoCreator)
        .where(CoCreator.pilot_id == pilot_id)
        .options(joinedload(CoCreator.person))  # type: ignore[arg-type]
        .order_by(col(CoCreator.joined_at), col(CoCreator.person_id))
        .limit(at_most)
    ).all()


def count_co_creators(session: Session, pilot_id: int) -> int:
    return session.exec(select(func.count()).select_from(CoCreator).where(CoCreator.pilot_id == pilot_id)).one()
