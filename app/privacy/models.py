"""Copies of one's own data that are being made or lie ready, and files that are to go."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.clock import now
from app.core.db import Moment, one_of

READY_FOR = timedelta(hours=1)
MADE_WITHIN = timedelta(minutes=10)
"""Whoever began it longer ago is no longer working on it."""


class State(StrEnum):
    WAITING = "waiting"
    READY = "ready"


class DataExport(SQLModel, table=True):
    """A copy of all that is kept about somebody, at most one at a time; `key` is the name of the stored file."""

    __tablename__ = "data_export"
    __table_args__ = (Index(None, "state", "asked_at"),)

    id: str = Field(primary_key=True, max_length=64)
    person_id: int = Field(foreign_key="person.id", unique=True, ondelete="CASCADE")
    state: State = Field(default=State.WAITING, sa_type=one_of(State))
    key: str | None = Field(default=None, max_length=80)
    size: int = 0
    asked_at: datetime = Field(default_factory=now, sa_type=Moment)
    begun_at: datetime | None = Field(default=None, sa_type=Moment)
    expires_at: datetime | None = Field(default=None, sa_type=Moment)

    @property
    def can_be_fetched(self) -> bool:
        return self.state is State.READY and self.expires_at is not None and now() < self.expires_at


class DiscardedFile(SQLModel, table=True):
    """A stored file that goes as soon as the worker comes by: noted with the fact, so that no crash leaves it."""

    __tablename__ = "discarded_file"

    key: str = Field(primary_key=True, max_length=80)
    discarded_at: datetime = Field(default_factory=now, sa_type=Moment)
