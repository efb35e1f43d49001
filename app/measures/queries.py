from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from app.core.paging import Page, decode_after, encode_after
from app.measures.models import Indicator, Measurement

SHOWN = 30


def indicators_of(session: Session, pilot_id: int) -> Sequence[Indicator]:
    """What is measured now, oldest first, with the measurements by date."""
    return [indicator for indicator in all_indicators_of(session, pilot_id) if indicator.retired_at is None]


def all_indicators_of(session: Session, pilot_id: int) -> Sequence[Indicator]:
    """Also those that are no longer measured; a pilot has as many as fit on a page."""
    return session.exec(_with_measurements().where(Indicator.pilot_id == pilot_id).order_by(col(Indicator.id))).all()


def indicator_of(session: Session, pilot_id: int, indicator_id: int) -> Indicator | None:
    return session.exec(
        _with_measurements().where(Indicator.id == indicator_id, Indicator.pilot_id == pilot_id)
    ).first()


def _with_measurements() -> SelectOfScalar[Indicator]:
    return select(Indicator).options(selectinload(Indicator.measurements))  # type: ignore[arg-type]


def count_indicators(session: Session, pilot_id: int) -> int:
    return session.exec(select(func.count()).select_from(Indicator).where(Indicator.pilot_id == pilot_id)).one()


def measurement_of(session: Session, indicator_id: int, measurement_id: int) -> Measurement | None:
    return session.exec(
        select(Measurement).where(Measurement.id == measurement_id, Measurement.indicator_id == indicator_id)
    ).first()


def measured_on(session: Session, indicator_id: int, days: Collection[date]) -> set[date]:
    """On which of these days something was measured already."""
    known: Any = select(col(Measurement.taken_on)).where(
        Measurement.indicator_id == indicator_id, col(Measurement.taken_on).in_(days)
    )
    return set(session.exec(known).all())


def has_baseline(session: Session, indicator_id: int) -> bool:
    baseline = select(Measurement.id).where(Measurement.indicator_id == indicator_id)
    return session.exec(baseline.where(col(Measurement.is_baseline))).first() is not None


def count_measurements(session: Session, indicator_id: int) -> int:
    measured = select(func.count()).select_from(Measurement).where(Measurement.indicator_id == indicator_id)
    return session.exec(measured).one()


def read_measurements(indicator: Indicator, after: str = "") -> Page[Measurement]:
    """Newest first; they are loaded already, because the chart has them all."""
    before = decode_after(after, (int,))[0] if after else date.max.toordinal() + 1
    found = [each for each in reversed(indicator.measurements) if each.taken_on.toordinal() < before]
    shown = found[:SHOWN]
    return Page(shown, encode_after(shown[-1].taken_on.toordinal()) if len(found) > SHOWN else None)
