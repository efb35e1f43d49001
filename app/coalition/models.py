"""Who makes a pilot together: organisations with a role, and residents who join."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from app.accounts.models import Person
from app.core.clock import now
from app.core.db import Moment, one_of
from app.pilots.models import Stage

ENDED = (Stage.EMBEDDED, Stage.STOPPED)
"""Nobody comes in any more; who is in may always leave."""


class PartnerKind(StrEnum):
    DEPARTMENT = "department"
    BUSINESS = "business"
    KNOWLEDGE = "knowledge"
    RESIDENTS = "residents"
    GOVERNMENT = "government"


class Partner(SQLModel, table=True):
    """`email` is for the team only. Who left stays readable, with when."""

    id: int = Field(default=None, primary_key=True)
    pilot_id: int = Field(foreign_key="pilot.id", index=True, ondelete="CASCADE")
    name: str = Field(max_length=120)
    kind: PartnerKind = Field(sa_type=one_of(PartnerKind))
    role: str = Field(max_length=300)
    website: str = Field(default="", max_length=300)
    email: str | None = Field(default=None, max_length=254)
    added_by: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    added_at: datetime = Field(default_factory=now, sa_type=Moment)
    left_at: datetime | None = Field(default=None, sa_type=Moment)
    version: int = 1


class CoCreator(SQLModel, table=True):
    """A resident who joined; leaving takes the row away."""

    __tablename__ = "co_creator"
    __table_args__ = (Index(None, "pilot_id", "joined_at", "person_id"),)

    pilot_id: int = Field(foreign_key="pilot.id", primary_key=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True, ondelete="CASCADE")
    joined_at: datetime = Field(default_factory=now, sa_type=Moment)

    person: Person = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class CoalitionLetter(SQLModel, table=True):
    """What the team wrote to everybody in the coalition; `sent_to` counts them.

    `number` counts the letters of a pilot, so that the same one does not go out twice.
    """

    __tablename__ = "coalition_letter"
    __table_args__ = (UniqueConstraint("pilot_id", "number"),)

    id: int = Field(default=None, primary_key=True)
    pilot_id: int = Field(foreign_key="pilot.id", ondelete="CASCADE")
    number: int
    author_id: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    subject: str = Field(max_length=120)
    text: str = Field(max_length=4000)
    sent_to: int = 0
    sent_at: datetime = Field(default_factory=now, sa_type=Moment)
