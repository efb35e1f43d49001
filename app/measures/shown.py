"""An indicator as pages show it: in words, and as a small chart."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.accounts.models import Person
from app.core.i18n import Text
from app.measures.chart import Chart, chart_of
from app.measures.comparing import change_in_words
from app.measures.models import Indicator
from app.measures.queries import indicators_of
from app.pilots.models import Pilot


@dataclass(frozen=True)
class Shown:
    indicator: Indicator
    change: Text | None
    chart: Chart | None


def as_shown(indicator: Indicator) -> Shown:
    return Shown(indicator, change_in_words(indicator), chart_of(indicator))


def on_pilot(session: Session, pilot: Pilot, _viewer: Person | None) -> Sequence[Shown]:
    """What the page of a pilot says about what is measured."""
    return [as_shown(indicator) for indicator in indicators_of(session, pilot.id)]
