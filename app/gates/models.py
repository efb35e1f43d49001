"""The decisions between two stages: what was asked, what was answered, what was seen, and who decided."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.clock import now
from app.core.db import Json, Moment, one_of
from app.pilots.models import Stage


class Outcome(StrEnum):
    """A hold or a stop is as respectable as a pass."""

    PASS = "pass"
    HOLD = "hold"
    STOP = "stop"


TRANSITIONS: dict[tuple[Stage, Outcome], Stage] = {
    (Stage.IDEA, Outcome.PASS): Stage.PROOF_OF_CONCEPT,
    (Stage.IDEA, Outcome.HOLD): Stage.IDEA,
    (Stage.IDEA, Outcome.STOP): Stage.STOPPED,
    (Stage.PROOF_OF_CONCEPT, Outcome.PASS): Stage.PILOT,
    (Stage.PROOF_OF_CONCEPT, Outcome.HOLD): Stage.PROOF_OF_CONCEPT,
    (Stage.PROOF_OF_CONCEPT, Outcome.STOP): Stage.STOPPED,
    (Stage.PILOT, Outcome.PASS): Stage.SCALING_UP,
    (Stage.PILOT, Outcome.HOLD): Stage.PILOT,
    (Stage.PILOT, Outcome.STOP): Stage.STOPPED,
    (Stage.SCALING_UP, Outcome.PASS): Stage.EMBEDDED,
    (Stage.SCALING_UP, Outcome.HOLD): Stage.SCALING_UP,
    (Stage.SCALING_UP, Outcome.STOP): Stage.STOPPED,
    (Stage.EMBEDDED, Outcome.STOP): Stage.STOPPED,
}
"""Where a decision takes a pilot; what is not here cannot be decided. What was stopped stays so."""


def gate_before(stage: Stage) -> Stage | None:
    """The gate that a pilot at this stage stands before, called after the stage that it leads to; None at the end."""
    return TRANSITIONS.get((stage, Outcome.PASS)) or TRANSITIONS.get((stage, Outcome.STOP))


def outcomes_at(stage: Stage) -> list[Outcome]:
    return [outcome for outcome in Outcome if (stage, outcome) in TRANSITIONS]


Answers = dict[str, dict[str, Any]]
"""What was said per question, and whether it is internal: {"owner": {"text": "…", "internal": false}}."""


class GateDraft(SQLModel, table=True):
    """Answers on their way, half-finished ones too. `gate` is the stage that it leads to.

    `answers` hold the decision that is being prepared, too: its reason, what comes next, the lesson.
    """

    __tablename__ = "gate_draft"

    pilot_id: int = Field(foreign_key="pilot.id", primary_key=True, ondelete="CASCADE")
    gate: Stage = Field(sa_type=one_of(Stage), primary_key=True)
    version: int = 1
    answers: Answers = Field(default_factory=dict, sa_type=Json)
    saved_by: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    saved_at: datetime = Field(default_factory=now, sa_type=Moment)


class GateDecision(SQLModel, table=True):
    """`number` counts the decisions about a pilot. `answers` and `seen` are kept as they were at that moment."""

    __tablename__ = "gate_decision"
    __table_args__ = (UniqueConstraint("pilot_id", "number"),)

    id: int = Field(default=None, primary_key=True)
    pilot_id: int = Field(foreign_key="pilot.id", ondelete="CASCADE")
    number: int
    from_stage: Stage = Field(sa_type=one_of(Stage))
    gate: Stage = Field(sa_type=one_of(Stage))
    outcome: Outcome = Field(sa_type=one_of(Outcome))
    reason: str = Field(max_length=2000)
    language: str = Field(max_length=2)
    next_step: str = Field(default="", max_length=300)
    next_on: date | None = None
    answers: Answers = Field(default_factory=dict, sa_type=Json)
    seen: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    decided_by: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    decided_at: datetime = Field(default_factory=now, sa_type=Moment)
