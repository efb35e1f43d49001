"""What was learned, written when a gate is passed or a pilot stops, for whoever comes next."""

from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, Relationship, SQLModel

from app.content.models import Content
from app.core.clock import now
from app.core.db import Moment, one_of
from app.pilots.models import PartKind, Pilot, Stage


class Lesson(SQLModel, table=True):
    """Every change makes a new `version`, and what it said before is kept (`EarlierWords`).

    `stage` is how far the pilot was; `part` what kind of part of an approach it is about, if one.
    """

    __table_args__ = (Index(None, "visible", "id"), Index(None, "pilot_id", "visible", "id"))

    id: int = Field(default=None, primary_key=True)
    pilot_id: int = Field(foreign_key="pilot.id", ondelete="CASCADE")
    content_id: int = Field(foreign_key="content.id", unique=True)
    stage: Stage = Field(sa_type=one_of(Stage))
    part: PartKind | None = Field(default=None, sa_type=one_of(PartKind))
    title: str = Field(max_length=120)
    text: str = Field(max_length=3000)
    language: str = Field(max_length=2)
    search_stems: str = Field(default="", sa_type=Text)
    visible: bool = True
    version: int = 1
    written_at: datetime = Field(default_factory=now, sa_type=Moment)
    changed_at: datetime | None = Field(default=None, sa_type=Moment)

    @property
    def pointed_at(self) -> dict[str, int]:
        """How the timeline points at it; by its content can be told whether it is hidden."""
        return {"lesson": self.id, "content": self.content_id}

    content: Content = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    pilot: Pilot = Relationship(sa_relationship_kwargs={"lazy": "raise"})
