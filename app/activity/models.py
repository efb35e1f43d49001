"""Records with their own lifetimes: the public timeline, the audit, facts to be told, the mail on its way.

And who does the background work.
"""

from datetime import datetime
from enum import StrEnum
from secrets import token_hex
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.clock import now
from app.core.db import Json, Moment, one_of


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
    __table_args__ = (
        Index(None, "subject_kind", "subject_id"),
        Index(None, "at"),
        Index(None, "actor_id", "id"),
        Index(None, "kind", "id"),
    )

    id: int = Field(default=None, primary_key=True)
    actor_id: int | None = None
    actor_role: str = Field(default="", max_length=20)
    kind: str = Field(max_length=40)
    subject_kind: str = Field(max_length=20)
    subject_id: str = Field(max_length=40)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    at: datetime = Field(default_factory=now, sa_type=Moment)


class RecordedIn(StrEnum):
    """Where a fact is recorded."""

    TIMELINE = "timeline"
    COMMENT = "comment"
    DECISION = "decision"


class Fact(SQLModel, table=True):
    """Something happened that people may want to hear of; gone when they all have been told.

    Whoever reads it works out who they are, in batches by the number of the person; `told_up_to` is how far that got.
    `person_id` is set when it concerns one person only, with what they are told in `facts`.
    """

    source: RecordedIn = Field(sa_type=one_of(RecordedIn), primary_key=True)
    source_id: int = Field(primary_key=True)
    person_id: int | None = None
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    told_up_to: int = 0
    tries: int = 0
    at: datetime = Field(default_factory=now, sa_type=Moment)
    due_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)


class MailOutcome(StrEnum):
    SENT = "sent"
    NO_ADDRESS = "no-address"
    """The person has no e-mail address, or is no longer here."""
    WITHDRAWN = "withdrawn"
    """What it quotes was hidden before it left."""
    REFUSED = "refused"
    """The receiving server does not know the address."""
    TOO_LATE = "too-late"
    """It could not be delivered for days."""


GIVEN_UP = (MailOutcome.REFUSED, MailOutcome.TOO_LATE)
"""What an administrator sees, and may try again."""


class OutgoingMail(SQLModel, table=True):
    """A mail on its way, written with the fact that it tells; `due_at` is empty once it has ended.

    To a person, at the address they have when it leaves, or to an address. `quotes` is the number of the content
    that it cites. When it has ended, its address and context are forgotten, but for what an administrator may try
    again. `error` says what went wrong at the last try, without any address.
    """

    __tablename__ = "outgoing_mail"

    id: int = Field(default=None, primary_key=True)
    key: str = Field(default_factory=lambda: token_hex(16), max_length=32, unique=True)
    template: str = Field(max_length=40)
    person_id: int | None = None
    address: str | None = Field(default=None, max_length=254)
    locale: str = Field(max_length=2)
    context: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    quotes: int | None = None
    tries: int = 0
    error: str = Field(default="", max_length=80)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    due_at: datetime | None = Field(default_factory=now, sa_type=Moment, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=Moment, index=True)
    outcome: MailOutcome | None = Field(default=None, sa_type=one_of(MailOutcome))


class Lease(SQLModel, table=True):
    """Which process runs the background jobs, and until when."""

    name: str = Field(primary_key=True, max_length=40)
    holder: str = Field(max_length=40)
    until: datetime = Field(sa_type=Moment)
