"""Threads of comments, at most two levels deep. An issue or a pilot owns a thread."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, Relationship, SQLModel

from app.content.models import Content
from app.core.clock import now
from app.core.db import Moment


class Thread(SQLModel, table=True):
    id: int = Field(default=None, primary_key=True)
    is_open: bool = True


class Comment(SQLModel, table=True):
    """`visible` repeats the visibility of its content row; `deleted_at` leaves a tombstone."""

    __table_args__ = (Index(None, "thread_id", "parent_id", "id"), Index(None, "parent_id"))

    id: int = Field(default=None, primary_key=True)
    thread_id: int = Field(foreign_key="thread.id")
    parent_id: int | None = Field(default=None, foreign_key="comment.id")
    content_id: int = Field(foreign_key="content.id", unique=True)
    nonce: str | None = Field(default=None, max_length=64, unique=True)
    body: str = Field(max_length=3000)
    visible: bool = True
    support_count: int = 0
    reply_count: int = 0
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    edited_at: datetime | None = Field(default=None, sa_type=Moment)
    deleted_at: datetime | None = Field(default=None, sa_type=Moment)

    content: Content = Relationship(sa_relationship_kwargs={"lazy": "raise"})

    @property
    def language(self) -> str:
        return self.content.language


class CommentSupport(SQLModel, table=True):
    """A person finds this comment helpful: once."""

    __tablename__ = "comment_support"

    comment_id: int = Field(foreign_key="comment.id", primary_key=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True, ondelete="CASCADE")
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
