"""Pilots: a problem statement, the issues it grew from, and the stages it goes through."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, Text
from sqlmodel import Field, Relationship, SQLModel

from app.content.models import Content
from app.core.clock import now
from app.core.db import Json, Moment, one_of
from app.issues.models import Issue
from app.themes.models import Goal, Theme


class Stage(StrEnum):
    """How far a pilot is; between two of them stands a gate (Stockholm's model for scaling up)."""

    IDEA = "idea"
    PROOF_OF_CONCEPT = "proof-of-concept"
    PILOT = "pilot"
    SCALING_UP = "scaling-up"
    EMBEDDED = "embedded"
    STOPPED = "stopped"


ROAD = (Stage.IDEA, Stage.PROOF_OF_CONCEPT, Stage.PILOT, Stage.SCALING_UP, Stage.EMBEDDED)
"""From a problem to an everyday service; a pilot may stop anywhere on the way."""


class PartKind(StrEnum):
    """What an answer to a problem is made of. Technology is one of five, and never needed."""

    SOCIAL = "social"
    PHYSICAL = "physical"
    FINANCIAL = "financial"
    ORGANISATIONAL = "organisational"
    DIGITAL = "digital"


class PilotTheme(SQLModel, table=True):
    __tablename__ = "pilot_theme"

    pilot_id: int = Field(foreign_key="pilot.id", primary_key=True, ondelete="CASCADE")
    theme_id: int = Field(foreign_key="theme.id", primary_key=True, index=True)


class PilotGoal(SQLModel, table=True):
    __tablename__ = "pilot_goal"

    pilot_id: int = Field(foreign_key="pilot.id", primary_key=True, ondelete="CASCADE")
    goal_id: int = Field(foreign_key="goal.id", primary_key=True, index=True)


class PilotIssue(SQLModel, table=True):
    """An issue that a pilot grew from or took up."""

    __tablename__ = "pilot_issue"

    pilot_id: int = Field(foreign_key="pilot.id", primary_key=True, ondelete="CASCADE")
    issue_id: int = Field(foreign_key="issue.id", primary_key=True, index=True)
    linked_by: int | None = Field(default=None, foreign_key="person.id")
    linked_at: datetime = Field(default_factory=now, sa_type=Moment)


class Pilot(SQLModel, table=True):
    """`lat`, `lon` (degrees, WGS 84) and `radius_m` give the area it works in, if it has one.

    `frozen_at`: an approach was chosen, and from then on the problem changes only with a public reason. `decisions`
    counts what was decided at its gates. `next_step` and `next_on` are what residents may expect, and when; `ends_on`
    is the last day of the trial.
    """

    __table_args__ = (Index(None, "visible", "id"), Index(None, "visible", "stage", "id"))

    id: int = Field(default=None, primary_key=True)
    content_id: int = Field(foreign_key="content.id", unique=True)
    thread_id: int = Field(foreign_key="thread.id", unique=True)
    title: str = Field(max_length=120)
    problem: str = Field(max_length=3000)
    language: str = Field(max_length=2)
    stage: Stage = Field(default=Stage.IDEA, sa_type=one_of(Stage))
    lat: float | None = None
    lon: float | None = None
    radius_m: int | None = None
    keywords: list[str] = Field(default_factory=list, sa_type=Json)
    search_stems: str = Field(default="", sa_type=Text)
    visible: bool = True
    version: int = 1
    frozen_at: datetime | None = Field(default=None, sa_type=Moment)
    decisions: int = 0
    next_step: str = Field(default="", max_length=300)
    next_on: date | None = None
    ends_on: date | None = Field(default=None, index=True)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    updated_at: datetime = Field(default_factory=now, sa_type=Moment, index=True)

    content: Content = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    themes: list[Theme] = Relationship(
        link_model=PilotTheme, sa_relationship_kwargs={"lazy": "raise", "order_by": "Theme.position"}
    )
    goals: list[Goal] = Relationship(link_model=PilotGoal, sa_relationship_kwargs={"lazy": "raise"})
    issues: list[Issue] = Relationship(
        link_model=PilotIssue,
        sa_relationship_kwargs={"lazy": "raise", "viewonly": True, "order_by": "Issue.id"},
    )


class EarlierPilot(SQLModel, table=True):
    """What a pilot said before an edit; public, so that everybody can follow how the problem was understood."""

    __tablename__ = "earlier_pilot"

    pilot_id: int = Field(foreign_key="pilot.id", primary_key=True, ondelete="CASCADE")
    version: int = Field(primary_key=True)
    title: str = Field(max_length=120)
    problem: str = Field(max_length=3000)
    theme_ids: list[int] = Field(default_factory=list, sa_type=Json)
    goal_ids: list[int] = Field(default_factory=list, sa_type=Json)
    lat: float | None = None
    lon: float | None = None
    radius_m: int | None = None
    reason: str = Field(default="", max_length=1000)
    replaced_by: int | None = Field(default=None, foreign_key="person.id")
    replaced_at: datetime = Field(default_factory=now, sa_type=Moment)
