"""Candidate answers to a pilot's problem: several compete, one is chosen, with a reason that everybody can read."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from app.content.models import Content
from app.core.clock import now
from app.core.db import Json, Moment, one_of
from app.pilots.models import PartKind


class Approach(SQLModel, table=True):
    """`preferences` counts the people who prefer it. `tried_in` is what a card of another city said when it was taken
    over: city, title, address, and its verdict. Every change makes a new `version`, and is told beside it.
    """

    __table_args__ = (Index(None, "pilot_id", "visible", "id"),)

    id: int = Field(default=None, primary_key=True)
    pilot_id: int = Field(foreign_key="pilot.id", ondelete="CASCADE")
    content_id: int = Field(foreign_key="content.id", unique=True)
    nonce: str | None = Field(default=None, max_length=64, unique=True)
    title: str = Field(max_length=120)
    summary: str = Field(max_length=2000)
    language: str = Field(max_length=2)
    by_city: bool = False
    preferences: int = 0
    tried_in: dict[str, Any] | None = Field(default=None, sa_type=Json)
    visible: bool = True
    version: int = 1
    changed_by_city: bool = False
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    updated_at: datetime = Field(default_factory=now, sa_type=Moment)

    content: Content = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    parts: list["ApproachPart"] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "ApproachPart.position", "cascade": "all, delete-orphan"}
    )

    @property
    def kinds(self) -> set[PartKind]:
        return {part.kind for part in self.parts}

    @property
    def does_without_technology(self) -> bool:
        return bool(self.parts) and PartKind.DIGITAL not in self.kinds


class ApproachPart(SQLModel, table=True):
    __tablename__ = "approach_part"

    id: int = Field(default=None, primary_key=True)
    approach_id: int = Field(foreign_key="approach.id", index=True, ondelete="CASCADE")
    kind: PartKind = Field(sa_type=one_of(PartKind))
    text: str = Field(max_length=500)
    position: int = 0


class Preference(SQLModel, table=True):
    """One voice per person and pilot, and changeable; who says why is named, because it is published like a comment."""

    __table_args__ = (UniqueConstraint("pilot_id", "person_id"),)

    id: int = Field(default=None, primary_key=True)
    pilot_id: int = Field(foreign_key="pilot.id", ondelete="CASCADE")
    approach_id: int = Field(foreign_key="approach.id", index=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    reason: str = Field(default="", max_length=1000)
    content_id: int | None = Field(default=None, foreign_key="content.id", unique=True)
    visible: bool = True
    given_at: datetime = Field(default_factory=now, sa_type=Moment)

    content: Content | None = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class ApproachChoice(SQLModel, table=True):
    """Which approach a pilot goes on with, and why; what was chosen before stands on the timeline.

    `number` counts the choices, so that whoever chooses anew has seen the one before.
    """

    __tablename__ = "approach_choice"

    pilot_id: int = Field(foreign_key="pilot.id", primary_key=True, ondelete="CASCADE")
    approach_id: int = Field(foreign_key="approach.id", index=True)
    number: int = 1
    reason: str = Field(max_length=2000)
    language: str = Field(max_length=2)
    chosen_by: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    chosen_at: datetime = Field(default_factory=now, sa_type=Moment)

    approach: Approach = Relationship(sa_relationship_kwargs={"lazy": "raise"})
