"""Pilot cards of other cities, and where they come from."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from app.core.clock import now
from app.core.db import Json, Moment, one_of
from app.pilots.models import Stage


class CardFeed(SQLModel, table=True):
    """`problem` says in the words of a code why the last try brought nothing; empty when all is well.

    `brought` counts what the last good try changed, and names the cards that were refused. `next_at` is when it is
    asked again, later and later after `failures` in a row; whoever moves it asks.
    """

    __tablename__ = "card_feed"

    id: int = Field(default=None, primary_key=True)
    url: str = Field(max_length=500, unique=True)
    city: str = Field(default="", max_length=120)
    is_on: bool = True
    etag: str = Field(default="", max_length=200)
    problem: str = Field(default="", max_length=40)
    added_by: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    added_at: datetime = Field(default_factory=now, sa_type=Moment)
    tried_at: datetime | None = Field(default=None, sa_type=Moment)
    fetched_at: datetime | None = Field(default=None, sa_type=Moment)
    next_at: datetime = Field(default_factory=now, sa_type=Moment)
    failures: int = 0
    brought: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class ImportedCard(SQLModel, table=True):
    """A pilot of another city, as it published it. `document` is the whole card; the rest is taken from it.

    `key` is the address that the other city gives it. `gone_at`: no longer in the feed.
    """

    __tablename__ = "imported_card"
    __table_args__ = (UniqueConstraint("feed_id", "key"), Index(None, "visible", "id"))

    id: int = Field(default=None, primary_key=True)
    feed_id: int = Field(foreign_key="card_feed.id", ondelete="CASCADE")
    key: str = Field(max_length=500)
    city: str = Field(max_length=120)
    title: str = Field(max_length=120)
    problem: str = Field(max_length=3000)
    approach: str = Field(default="", max_length=2000)
    language: str = Field(max_length=2)
    stage: Stage = Field(sa_type=one_of(Stage))
    themes: list[str] = Field(default_factory=list, sa_type=Json)
    asked: int | None = None
    solved: int = 0
    partly: int = 0
    not_solved: int = 0
    document: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    fingerprint: str = Field(max_length=64)
    search_stems: str = Field(default="", sa_type=Text)
    visible: bool = True
    imported_at: datetime = Field(default_factory=now, sa_type=Moment)
    updated_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)
    gone_at: datetime | None = Field(default=None, sa_type=Moment)

    feed: CardFeed = Relationship(sa_relationship_kwargs={"lazy": "raise"})
