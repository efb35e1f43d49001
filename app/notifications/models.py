"""What people hear of: on the site, and by mail as often as they like."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.activity.models import RecordedIn
from app.core.clock import now
from app.core.db import Json, Moment, one_of
from app.following.models import Pace


class NoticeKind(StrEnum):
    """In the order of the alphabet the sooner one counts when somebody hears of a fact for two reasons."""

    CITY = "city"
    MERGE = "merge"
    MODERATION = "moderation"
    PILOT = "pilot"
    REPLY = "reply"
    SOLVED = "solved"
    """Asked of those who only voted."""


class Notice(SQLModel, table=True):
    """One person hears of one fact, once. What it says is read from where the fact is recorded.

    `mail_at` is when it goes into a mail; empty when it has, or is not to.
    """

    __table_args__ = (
        UniqueConstraint("person_id", "source", "source_id"),
        Index(None, "person_id", "id"),
        Index(None, "mail_at", "person_id"),
    )

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    kind: NoticeKind = Field(sa_type=one_of(NoticeKind))
    source: RecordedIn = Field(sa_type=one_of(RecordedIn))
    source_id: int
    issue_id: int | None = Field(default=None, foreign_key="issue.id", index=True, ondelete="CASCADE")
    pilot_id: int | None = Field(default=None, foreign_key="pilot.id", index=True, ondelete="CASCADE")
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    read_at: datetime | None = Field(default=None, sa_type=Moment)
    mail_at: datetime | None = Field(default=None, sa_type=Moment)


class MailChoice(SQLModel, table=True):
    """How often somebody wants mail of one kind, where they chose something else than we propose."""

    __tablename__ = "mail_choice"

    person_id: int = Field(foreign_key="person.id", primary_key=True, ondelete="CASCADE")
    kind: NoticeKind = Field(sa_type=one_of(NoticeKind), primary_key=True)
    pace: Pace = Field(sa_type=one_of(Pace))
