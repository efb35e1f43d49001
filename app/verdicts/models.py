"""What the residents behind a pilot's issues say of it: did this solve your problem?"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from app.content.models import Content
from app.core.clock import now
from app.core.db import Moment, one_of


class Answer(StrEnum):
    SOLVED = "solved"
    PARTLY = "partly"
    NOT_SOLVED = "not-solved"
    MOVED = "moved"
    """They do not live with this any more; counted apart."""


class VerdictQuestion(SQLModel, table=True):
    """That the residents were asked, and the counts of what they said; `asked` counts the people.

    `asked_by` is empty when the last day of the trial asked.
    """

    __tablename__ = "verdict_question"

    pilot_id: int = Field(foreign_key="pilot.id", primary_key=True, ondelete="CASCADE")
    asked_by: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    asked_at: datetime = Field(default_factory=now, sa_type=Moment)
    asked: int = 0
    solved: int = 0
    partly: int = 0
    not_solved: int = 0
    moved: int = 0

    @property
    def answers(self) -> int:
        """Of those who live with the problem."""
        return self.solved + self.partly + self.not_solved

    @property
    def replies(self) -> int:
        """Also of those who do not live with it any more."""
        return self.answers + self.moved

    @property
    def share(self) -> int:
        """The percentage of the answers that says solved or partly, rounded down."""
        return (self.solved + self.partly) * 100 // self.answers if self.answers else 0

    def is_enough(self, rule: "VerdictRule") -> bool:
        """Whether so many answered, and so many of them are helped, that the pilot may be scaled up."""
        helped = (self.solved + self.partly) * 100
        return self.answers >= max(rule.least_answers, 1) and helped >= rule.least_share * self.answers


class Verdict(SQLModel, table=True):
    """Somebody who was asked; without an answer they have not said anything yet."""

    __table_args__ = (UniqueConstraint("pilot_id", "person_id"),)

    id: int = Field(default=None, primary_key=True)
    pilot_id: int = Field(foreign_key="pilot.id", ondelete="CASCADE")
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True, ondelete="SET NULL")
    asked_at: datetime = Field(default_factory=now, sa_type=Moment)
    answer: Answer | None = Field(default=None, sa_type=one_of(Answer))
    reason: str = Field(default="", max_length=1000)
    content_id: int | None = Field(default=None, foreign_key="content.id", unique=True)
    visible: bool = True
    answered_at: datetime | None = Field(default=None, sa_type=Moment)

    content: Content | None = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class VerdictRule(SQLModel, table=True):
    """What the city asks of a verdict before a pilot is scaled up; one row.

    `least_share` is the percentage of the answers that says solved or partly.
    """

    __tablename__ = "verdict_rule"

    id: int = Field(default=1, primary_key=True)
    least_answers: int = 10
    least_share: int = 60
