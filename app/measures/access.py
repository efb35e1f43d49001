"""The only ways to get at an indicator or a measurement from a request: by the pilot that they belong to."""

from typing import Annotated

from fastapi import Depends

from app.accounts.access import Team
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import RowId
from app.measures.models import Indicator, Measurement
from app.measures.queries import indicator_of, measurement_of
from app.pilots.access import VisiblePilot


def load_indicator(session: SessionDep, pilot: VisiblePilot, indicator_id: RowId) -> Indicator:
    indicator = indicator_of(session, pilot.id, indicator_id)
    if indicator is None:
        raise NotFound
    return indicator


SomeIndicator = Annotated[Indicator, Depends(load_indicator)]


def load_own_indicator(team: Team, indicator: SomeIndicator) -> Indicator:
    """For the team, while it is measured."""
    if indicator.retired_at is not None:
        raise NotFound
    return indicator


OwnIndicator = Annotated[Indicator, Depends(load_own_indicator)]


def load_measurement(session: SessionDep, indicator: OwnIndicator, measurement_id: RowId) -> Measurement:
    measurement = measurement_of(session, indicator.id, measurement_id)
    if measurement is None:
        raise NotFound
    return measurement


OwnMeasurement = Annotated[Measurement, Depends(load_measurement)]
