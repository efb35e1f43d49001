"""Where a pilot is on its way from a problem to an everyday service, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.pilots.models import ROAD, Pilot, Stage


class Place(StrEnum):
    """Of one stage: behind the pilot, where it is, where it stopped, or before it."""

    GONE = "gone"
    NOW = "now"
    HALT = "halt"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Road:
    """`stage` is where it is, or where it was when it stopped; `since` when it got there, or stopped."""

    stage: Stage
    stopped: bool
    since: datetime
    reached: dict[Stage, datetime]

    @property
    def number(self) -> int:
        return ROAD.index(self.stage) + 1

    @property
    def steps(self) -> list[tuple[Stage, Place]]:
        here = Place.HALT if self.stopped else Place.NOW
        at = ROAD.index(self.stage)
        return [
            (stage, Place.GONE if number < at else here if number == at else Place.AHEAD)
            for number, stage in enumerate(ROAD)
        ]


def road_of(pilot: Pilot, moves: Sequence[tuple[Stage, datetime]]) -> Road:
    """`moves` are the stages it came to and when, oldest first."""
    reached = dict(moves)
    stopped = pilot.stage is Stage.STOPPED
    before = [stage for stage, _at in moves if stage is not Stage.STOPPED]
    stage = (before[-1] if before else Stage.IDEA) if stopped else pilot.stage
    return Road(stage, stopped, reached.get(pilot.stage, pilot.created_at), reached)
