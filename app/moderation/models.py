"""Flags, what moderators decide about them, and objections to that."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field, Relationship, SQLModel

from app.accounts.models import Person
from app.content.models import Content, Kind
from app.core.clock import now
from app.core.db import Moment, one_of

TIME_TO_APPEAL = timedelta(days=184)
"""Half a year, however the months fall (Digital Services Act, art. 20)."""


class Ground(StrEnum):
    """Which house rule it is about."""

    PERSONAL_DATA = "personal-data"
    INSULT = "insult"
    DISCRIMINATION = "discrimination"
    ADVERTISING = "advertising"
    OFF_TOPIC = "off-topic"
    ILLEGAL = "illegal"
    OWN_WORK = "own-work"
    OTHER = "other"


class Verdict(StrEnum):
    """What happens to the content. `keep` leaves it as it is, because only the author hears something."""

    FINE = "fine"
    HIDE = "hide"
    RESTORE = "restore"
    KEEP = "keep"


class Measure(StrEnum):
    """What happens to its author."""

    NONE = "none"
    WARN = "warn"
    SUSPEND = "suspend"
    LIFT = "lift"


class FoundBy(StrEnum):
    FLAG = "flag"
    MODERATOR = "moderator"
    APPEAL = "appeal"


class Outcome(StrEnum):
    UPHELD = "upheld"
    REVERSED = "reversed"


class Case(SQLModel, table=True):
    """What is known about one piece of content: the open flags on it, and the last decision about it.

    A moderator decides on what they saw, so the last decision they saw is the condition of the next.
    """

    __tablename__ = "moderation_case"
    __table_args__ = (Index(None, "kind", "first_flag_id"),)

    content_id: int = Field(foreign_key="content.id", primary_key=True)
    kind: Kind = Field(sa_type=one_of(Kind))
    first_flag_id: int | None = Field(default=None, index=True)
    open_flags: int = 0
    last_decision_id: int = Field(default=0, index=True)


class Decision(SQLModel, table=True):
    """What a moderator decided about a piece of content and its author, and why.

    `kept_name` is the display name that was hidden, `given_name` what stands there instead.
    `waited_seconds` counts from the first flag that it answers. `ended_at`: a temporary hiding is over.
    """

    id: int = Field(default=None, primary_key=True)
    content_id: int = Field(foreign_key="content.id", index=True)
    author_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    moderator_id: int = Field(foreign_key="person.id", index=True)
    verdict: Verdict = Field(sa_type=one_of(Verdict))
    measure: Measure = Field(default=Measure.NONE, sa_type=one_of(Measure))
    ground: Ground | None = Field(default=None, sa_type=one_of(Ground))
    facts: str = Field(default="", max_length=2000)
    found_by: FoundBy = Field(sa_type=one_of(FoundBy))
    flags: int = 0
    waited_seconds: int | None = None
    hidden_until: datetime | None = Field(default=None, sa_type=Moment, index=True)
    suspended_until: datetime | None = Field(default=None, sa_type=Moment)
    kept_name: str | None = Field(default=None, max_length=60)
    given_name: str | None = Field(default=None, max_length=60)
    created_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)
    overturned_at: datetime | None = Field(default=None, sa_type=Moment)

    content: Content = Relationship(sa_relationship_kwargs={"lazy": "raise"})

    @property
    def appeal_until(self) -> datetime:
        return self.created_at + TIME_TO_APPEAL

    @property
    def restricts(self) -> bool:
        """Whether the author lost something, and may object."""
        return self.verdict is Verdict.HIDE or self.measure in (Measure.WARN, Measure.SUSPEND)

    @property
    def concerns_author(self) -> bool:
        return self.restricts or self.verdict is Verdict.RESTORE or self.measure is Measure.LIFT

    @property
    def is_in_time(self) -> bool:
        return now() <= self.appeal_until


class Flag(SQLModel, table=True):
    """Somebody says that content breaks a rule. A visitor has no person, but keys to look at it, kept as hashes:

    one from when they flagged, one from the last mail.
    `said` is what stood there when it was flagged, for moderators only. `decision_id` is empty while it is open.
    """

    __table_args__ = (
        Index(
            "uq_flag_open",
            "content_id",
            "person_id",
            unique=True,
            sqlite_where=text("decision_id IS NULL"),
            postgresql_where=text("decision_id IS NULL"),
        ),
        Index(None, "content_id", "id"),
    )

    id: int = Field(default=None, primary_key=True)
    reference: str = Field(max_length=12, unique=True)
    content_id: int = Field(foreign_key="content.id")
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    address: str | None = Field(default=None, max_length=254)
    key_hash: str | None = Field(default=None, max_length=64, unique=True)
    mailed_key_hash: str | None = Field(default=None, max_length=64, unique=True)
    locale: str = Field(max_length=2)
    ground: Ground = Field(sa_type=one_of(Ground))
    facts: str = Field(max_length=2000)
    said: str = Field(default="", max_length=1000)
    created_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)
    decision_id: int | None = Field(default=None, foreign_key="decision.id", index=True)

    decision: Decision | None = Relationship(sa_relationship_kwargs={"lazy": "raise"})

    @property
    def path(self) -> str:
        """Where a person sees what came of it; visitors have a link of their own."""
        return f"/flags/{self.id}"


class Appeal(SQLModel, table=True):
    """An objection to a decision: by the author, or by somebody who flagged (then `flag_id` says which)."""

    __table_args__ = (
        Index(
            "uq_appeal_by_author",
            "decision_id",
            unique=True,
            sqlite_where=text("flag_id IS NULL"),
            postgresql_where=text("flag_id IS NULL"),
        ),
    )

    id: int = Field(default=None, primary_key=True)
    decision_id: int = Field(foreign_key="decision.id", index=True)
    flag_id: int | None = Field(default=None, foreign_key="flag.id", unique=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    reasons: str = Field(max_length=2000)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    answered_at: datetime | None = Field(default=None, sa_type=Moment, index=True)
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    outcome: Outcome | None = Field(default=None, sa_type=one_of(Outcome))
    answer: str = Field(default="", max_length=2000)

    decision: Decision = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Note(SQLModel, table=True):
    """What moderators write to each other about a case; nobody else reads it."""

    __tablename__ = "moderation_note"

    id: int = Field(default=None, primary_key=True)
    content_id: int = Field(foreign_key="content.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    body: str = Field(max_length=2000)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)

    person: Person = Relationship(sa_relationship_kwargs={"lazy": "raise"})
