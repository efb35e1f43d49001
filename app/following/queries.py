from collections.abc import Sequence

from sqlalchemy.orm import defer, joinedload
from sqlmodel import Session, col, func, select

from app.following.models import Alert, Pace, PilotFollow
from app.places.models import Neighbourhood


def is_following_pilot(session: Session, person_id: int, pilot_id: int) -> bool:
    return session.get(PilotFollow, (pilot_id, person_id)) is not None


def alerts_of(session: Session, person_id: int) -> Sequence[Alert]:
    return session.exec(
        select(Alert)
        .where(Alert.person_id == person_id)
        .options(
            joinedload(Alert.theme),  # type: ignore[arg-type]
            joinedload(Alert.neighbourhood).options(defer(Neighbourhood.outline)),  # type: ignore[arg-type]
        )
        .order_by(col(Alert.id))
    ).all()


def watches(
    session: Session, person_id: int, *, theme_id: int | None = None, neighbourhood_id: int | None = None
) -> bool:
    """Whether the person gets digests of this theme or neighbourhood."""
    place = Alert.theme_id == theme_id if theme_id else Alert.neighbourhood_id == neighbourhood_id
    found = select(Alert.id).where(Alert.person_id == person_id, place, Alert.pace != Pace.NEVER)
    return session.exec(found).first() is not None


def count_alerts(session: Session, person_id: int) -> int:
    return session.exec(select(func.count()).select_from(Alert).where(Alert.person_id == person_id)).one()
