"""What residents say when the city says that something is solved."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from app.content.models import Content
from app.core.clock import now
from app.core.db import Moment


class SolvedQuestion(SQLModel, table=True):
    """One time that the city said so: `entry_id` is where, on the timeline. `yes` and `no` count the answers.

    `weighed_at`: residents had two weeks, and it was looked at whether enough of them agree.
    """

    __tablename__ = "solved_question"

    id: int = Field(default=None, primary_key=True)
    issue_id: int = Field(foreign_key="issue.id", index=True, ondelete="CASCADE")
    entry_id: int = Field(unique=True)
    asked_at: datetime = Field(sa_type=Moment, index=True)
    yes: int = 0
    no: int = 0
    weighed_at: datetime | None = Field(default=None, sa_type=Moment)

    @property
    def answers(self) -> int:
        return self.yes + self.no


class SolvedAnswer(SQLModel, table=True):
    """One per person and question; who gave a reason is named, because it is published like a comment."""

    __tablename__ = "solved_answer"
    __table_args__ = (UniqueConstraint("question_id", "person_id"),)

    id: int = Field(default=None, primary_key=True)
    question_id: int = Field(foreign_key="solved_question.id", ondelete="CASCADE")
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True, ondelete="SET NULL")
    is_solved: bool
    reason: str = Field(default="", max_length=1000)
    content_id: int | None = Field(default=None, foreign_key="content.id", unique=True)
    visible: bool = True
    answered_at: datetime = Field(default_factory=now, sa_type=Moment)

    content: Content | None = Relationship(sa_relationship_kwargs={"lazy": "raise"})
