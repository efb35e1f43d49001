"""Records with their own lifetimes: the public timeline and the audit; and who does the background work."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.clock import now
from app.core.db import Json, Moment


class TimelineEntry(SQLModel, table=True):
    """Public and permanent: one thing that happened to an issue or a pilot.

    Points at its subject and actor without foreign keys, so that it stands below every feature and survives them.
    """

    __tablename__ = "timeline_entry"
    __table_args__ = (Index(None, "subject_kind", "subject_id", "id"),)

    id: int = Field(default=None, primary_key=True)
    subject_kind: str = Field(max_length=20)
    subject_id: int
    kind: str = Field(max_length=40)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    text: str = Field(default="", max_length=4000)
    language: str = Field(default="", max_length=2)
    actor_id: int | None = None
    by_city: bool = False
    at: datetime = Field(default_factory=now, sa_type=Moment)


class AuditEntry(SQLModel, table=True):
    """Who did what to what, from which role; kept for a time that the city sets."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "subject_kind", "subject_id"), Index(None, "at"))

    id: int = Field(default=None, primary_key=True)
    actor_id: int | None = None
    actor_role: str = Field(default="", max_length=20)
    kind: str = Field(max_length=40)
    subject_kind: str = Field(max_length=20)
    subject_id: str = Field(max_length=40)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    at: datetime = Field(default_factory=now, sa_type=Moment)


class Lease(SQLModel, table=True):
    """Which process runs the background jobs, and until when."""

    name: str = Field(primary_key=True, max_length=40)
    holder: str = Field(max_length=40)
    until: datetime = Field(sa_type=Moment)
