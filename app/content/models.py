"""One row for each thing a person publishes, so that flags, decisions and erasure work the same for all of them."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Relationship, SQLModel

from app.accounts.models import Person
from app.core.clock import now
from app.core.db import Json, Moment, one_of


class Kind(StrEnum):
    ISSUE = "issue"
    COMMENT = "comment"
    PHOTO = "photo"
    DISPLAY_NAME = "display-name"
    PILOT = "pilot"
    REASON = "reason"
    """Why something is solved for somebody, or not."""
    LESSON = "lesson"
    APPROACH = "approach"
    PREFERENCE = "preference"
    """Why somebody prefers an approach."""
    VERDICT = "verdict"
    """Why a pilot helped somebody, or did not."""


class Visibility(StrEnum):
    VISIBLE = "visible"
    HIDDEN = "hidden"
    REMOVED = "removed"


class Content(SQLModel, table=True):
    id: int = Field(default=None, primary_key=True)
    kind: Kind = Field(sa_type=one_of(Kind))
    author_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    language: str = Field(max_length=2)
    visibility: Visibility = Field(default=Visibility.VISIBLE, sa_type=one_of(Visibility))
    created_at: datetime = Field(default_factory=now, sa_type=Moment)

    author: Person | None = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class EarlierWords(SQLModel, table=True):
    """What a lesson or an approach said before an edit; everybody who may read it may read this. `parts` are pairs of
    a kind and a text.
    """

    __tablename__ = "earlier_words"

    content_id: int = Field(foreign_key="content.id", primary_key=True, ondelete="CASCADE")
    version: int = Field(primary_key=True)
    title: str = Field(max_length=120)
    text: str = Field(max_length=3000)
    parts: list[list[str]] = Field(default_factory=list, sa_type=Json)
    replaced_by: int | None = Field(default=None, foreign_key="person.id", index=True)
    replaced_at: datetime = Field(default_factory=now, sa_type=Moment)
