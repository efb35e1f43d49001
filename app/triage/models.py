"""What the city team keeps to itself."""

from datetime import datetime

from sqlmodel import Field, Relationship, SQLModel

from app.accounts.models import Person
from app.core.clock import now
from app.core.db import Moment


class InternalNote(SQLModel, table=True):
    """Only the city team and administrators read it."""

    __tablename__ = "internal_note"

    id: int = Field(default=None, primary_key=True)
    issue_id: int = Field(foreign_key="issue.id", index=True, ondelete="CASCADE")
    author_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    text: str = Field(max_length=3000)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)

    author: Person | None = Relationship(sa_relationship_kwargs={"lazy": "raise"})
