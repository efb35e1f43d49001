"""What people asked to hear of, besides single issues: pilots, themes, neighbourhoods, and places near them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from app.core.clock import now
from app.core.db import Moment, one_of
from app.places.models import Neighbourhood
from app.themes.models import Theme


class Pace(StrEnum):
    """How often somebody wants mail."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class PilotFollow(SQLModel, table=True):
    __tablename__ = "pilot_follow"

    pilot_id: int = Field(foreign_key="pilot.id", primary_key=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True, ondelete="CASCADE")
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class Alert(SQLModel, table=True):
    """A digest of new issues: of a theme, of a neighbourhood, or within `radius_m` of a point (degrees, WGS 84).

    Everything up to the issue `told_up_to` has been told; `due_at` is when the next digest is made.
    """

    __table_args__ = (
        UniqueConstraint("person_id", "theme_id"),
        UniqueConstraint("person_id", "neighbourhood_id"),
        UniqueConstraint("person_id", "lat", "lon"),
    )

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    theme_id: int | None = Field(default=None, foreign_key="theme.id", index=True, ondelete="CASCADE")
    neighbourhood_id: int | None = Field(default=None, foreign_key="neighbourhood.id", index=True, ondelete="CASCADE")
    lat: float | None = None
    lon: float | None = None
    radius_m: int | None = None
    name: str = Field(default="", max_length=120)
    pace: Pace = Field(default=Pace.WEEKLY, sa_type=one_of(Pace))
    told_up_to: int = 0
    due_at: datetime | None = Field(default=None, sa_type=Moment, index=True)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)

    theme: Theme | None = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    neighbourhood: Neighbourhood | None = Relationship(sa_relationship_kwargs={"lazy": "raise"})
