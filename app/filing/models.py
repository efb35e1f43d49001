"""What is kept until somebody has signed in (an issue, a vote, a comment, a wish to follow), and who entered it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from app.core.clock import now
from app.core.db import Json, Moment, one_of

KEPT_FOR = timedelta(hours=24)


class DraftKind(StrEnum):
    ISSUE = "issue"
    VOTE = "vote"
    COMMENT = "comment"
    FOLLOW = "follow"


class Draft(SQLModel, table=True):
    """`id` is the nonce of the form, so that a draft is published exactly once.

    It belongs to the browser that holds the owner cookie, of which only a hash is kept. `network` is a pseudonym.
    """

    id: str = Field(primary_key=True, max_length=64)
    kind: DraftKind = Field(sa_type=one_of(DraftKind))
    owner_hash: str = Field(max_length=64, index=True)
    network: str = Field(default="", max_length=64, index=True)
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    is_waiting: bool = False
    created_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)


class DraftPhoto(SQLModel, table=True):
    """A cleaned photo that lies ready; becomes an issue's photo when the draft is published."""

    __tablename__ = "draft_photo"

    id: int = Field(default=None, primary_key=True)
    draft_id: str = Field(max_length=64, foreign_key="draft.id", index=True, ondelete="CASCADE")
    key: str = Field(max_length=40, unique=True)
    width: int
    height: int
    alt: str = Field(default="", max_length=300)


class Entry(SQLModel, table=True):
    """The city team filed this issue for somebody. `phone` is for the team only, so that they can call back."""

    __tablename__ = "entry"

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, ondelete="CASCADE")
    entered_by: int | None = Field(default=None, foreign_key="person.id", index=True)
    phone: str = Field(default="", max_length=40)
    entered_at: datetime = Field(default_factory=now, sa_type=Moment)
