"""How a pilot knows whether it works: indicators with a baseline and what was measured since."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, Relationship, SQLModel

from app.core.clock import now
from app.core.db import Moment, one_of

MOST_INDICATORS = 12
MOST_MEASUREMENTS = 400
NOTE_LENGTH = 300


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"


class Indicator(SQLModel, table=True):
    """`target` is in the unit of the indicator."""

    id: int = Field(default=None, primary_key=True)
    pilot_id: int = Field(foreign_key="pilot.id", index=True, ondelete="CASCADE")
    name: str = Field(max_length=120)
    unit: str = Field(max_length=40)
    source: str = Field(max_length=300)
    better: Direction = Field(sa_type=one_of(Direction))
    target: float | None = None
    added_by: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    added_at: datetime = Field(default_factory=now, sa_type=Moment)
    retired_at: datetime | None = Field(default=None, sa_type=Moment)
    version: int = 1

    measurements: list["Measurement"] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Measurement.taken_on"}
    )

    @property
    def baseline(self) -> "Measurement | None":
        return next((measured for measured in self.measurements if measured.is_baseline), None)

    @property
    def latest(self) -> "Measurement | None":
        """The newest after the baseline; None while there is nothing to compare."""
        baseline = self.baseline
        newest = max(self.measurements, key=lambda measured: measured.taken_on, default=None)
        return newest if baseline and newest and newest.taken_on > baseline.taken_on else None


class Measurement(SQLModel, table=True):
    """One value on one day; the baseline was taken before anything was tried."""

    __table_args__ = (
        UniqueConstraint("indicator_id", "taken_on"),
        Index(
            "uq_measurement_one_baseline",
            "indicator_id",
            unique=True,
            sqlite_where=text("is_baseline"),
            postgresql_where=text("is_baseline"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    indicator_id: int = Field(foreign_key="indicator.id", ondelete="CASCADE")
    taken_on: date
    value: float
    is_baseline: bool = False
    note: str = Field(default="", max_length=NOTE_LENGTH)
    recorded_by: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    recorded_at: datetime = Field(default_factory=now, sa_type=Moment)
    version: int = 1
