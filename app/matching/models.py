"""Suggested links of an issue to themes, pilots and similar issues, and what was learned from decisions.

Everything but decided links can be rebuilt from the issues and the decisions.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

from app.cards.models import ImportedCard
from app.core.clock import now
from app.core.db import Json, Moment, one_of
from app.issues.models import Issue
from app.matching.engine.suggestion import Likelihood
from app.pilots.models import Pilot
from app.themes.models import Theme


class State(StrEnum):
    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Match(SQLModel):
    """`score` lies between 0 and 1; `reasons` are codes with parameters; `rank` counts from 1."""

    score: float
    likelihood: Likelihood = Field(sa_type=one_of(Likelihood))
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    rank: int = 1
    engine: str = Field(default="", max_length=20)
    state: State = Field(default=State.SUGGESTED, sa_type=one_of(State))
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decision_reason: str = Field(default="", max_length=500)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class ThemeMatch(Match, table=True):
    __tablename__ = "theme_match"

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, ondelete="CASCADE")
    theme_id: int = Field(foreign_key="theme.id", primary_key=True, index=True, ondelete="CASCADE")

    theme: Theme = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class PilotMatch(Match, table=True):
    __tablename__ = "pilot_match"
    __table_args__ = (Index(None, "pilot_id", "state"),)

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, ondelete="CASCADE")
    pilot_id: int = Field(foreign_key="pilot.id", primary_key=True, ondelete="CASCADE")

    pilot: Pilot = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class CardMatch(Match, table=True):
    """An issue here and a pilot of another city."""

    __tablename__ = "card_match"

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, ondelete="CASCADE")
    card_id: int = Field(foreign_key="imported_card.id", primary_key=True, index=True, ondelete="CASCADE")

    card: ImportedCard = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class SimilarMatch(Match, table=True):
    __tablename__ = "similar_match"

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, ondelete="CASCADE")
    other_id: int = Field(foreign_key="issue.id", primary_key=True, index=True, ondelete="CASCADE")

    other: Issue = Relationship(sa_relationship_kwargs={"lazy": "raise", "foreign_keys": "SimilarMatch.other_id"})


class LinkKind(StrEnum):
    """What an issue is linked to."""

    THEME = "theme"
    PILOT = "pilot"
    CARD = "card"
    SIMILAR = "similar"


class MatchOpinion(SQLModel, table=True):
    """Whether a person finds that a link fits: one voice each. `key` is the id of the theme, pilot, card or issue."""

    __tablename__ = "match_opinion"

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, ondelete="CASCADE")
    kind: LinkKind = Field(sa_type=one_of(LinkKind), primary_key=True)
    key: int = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True, ondelete="CASCADE")
    agrees: bool
    reason: str = Field(default="", max_length=500)
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class CityConcept(SQLModel, table=True):
    """A concept that this city has and the thesaurus of the product has not."""

    __tablename__ = "city_concept"

    id: int = Field(default=None, primary_key=True)
    code: str = Field(max_length=60, unique=True)
    name_nl: str = Field(max_length=80)
    name_en: str = Field(max_length=80)
    theme_id: int | None = Field(default=None, foreign_key="theme.id", ondelete="SET NULL")
    created_by: int | None = Field(default=None, foreign_key="person.id")
    updated_at: datetime = Field(default_factory=now, sa_type=Moment)


class CityExpression(SQLModel, table=True):
    """An expression that this city added to a concept, or took away from it."""

    __tablename__ = "city_expression"
    __table_args__ = (UniqueConstraint("concept", "language", "text"),)

    id: int = Field(default=None, primary_key=True)
    concept: str = Field(max_length=60)
    language: str = Field(max_length=2)
    text: str = Field(max_length=80)
    removed: bool = False
    changed_by: int | None = Field(default=None, foreign_key="person.id")
    updated_at: datetime = Field(default_factory=now, sa_type=Moment)


class GrownExpression(SQLModel, table=True):
    """What residents say whose issues were confirmed for a pilot or theme, and the thesaurus did not know.

    `voices` of `of_voices` people say it in these issues, and it stands in `elsewhere` of `others` issues.
    """

    __tablename__ = "grown_expression"
    __table_args__ = (UniqueConstraint("kind", "key", "language", "text"),)

    id: int = Field(default=None, primary_key=True)
    kind: LinkKind = Field(sa_type=one_of(LinkKind))
    key: int
    concept: str = Field(max_length=60, index=True)
    language: str = Field(max_length=2)
    text: str = Field(max_length=80)
    issue_ids: list[int] = Field(default_factory=list, sa_type=Json)
    voices: int
    of_voices: int
    elsewhere: int
    others: int
    updated_at: datetime = Field(default_factory=now, sa_type=Moment)

    def told(self) -> tuple[object, ...]:
        """All but when it was counted."""
        counted = (self.voices, self.of_voices, self.elsewhere, self.others)
        return self.kind, self.key, self.concept, self.language, self.text, list(self.issue_ids), *counted


class PilotConcept(SQLModel, table=True):
    """What the team's decisions say about a concept and a pilot: how much of it was confirmed and rejected."""

    __tablename__ = "pilot_concept"

    concept: str = Field(primary_key=True, max_length=60)
    pilot_id: int = Field(foreign_key="pilot.id", primary_key=True, index=True, ondelete="CASCADE")
    confirmed: float = 0.0
    rejected: float = 0.0


class ThemeForecast(SQLModel, table=True):
    """What the engine expected before the team decided on a theme: whether its probabilities are honest is
    learned from these. `scores` holds each theme's score, by id."""

    __tablename__ = "theme_forecast"

    id: int = Field(default=None, primary_key=True)
    issue_id: int = Field(foreign_key="issue.id", index=True, ondelete="CASCADE")
    theme_id: int = Field(foreign_key="theme.id", index=True, ondelete="CASCADE")
    scores: dict[str, float] = Field(default_factory=dict, sa_type=Json)
    decided_at: datetime = Field(default_factory=now, sa_type=Moment)


class TalkHeard(SQLModel, table=True):
    """How much was said and voted on an issue when its suggestions last took that into account; `due`: look again."""

    __tablename__ = "talk_heard"

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, ondelete="CASCADE")
    remarks: int = 0
    votes: int = 0
    due: bool = False
    heard_at: datetime = Field(default_factory=now, sa_type=Moment)


class TextVector(SQLModel, table=True):
    """A sentence of a theme or a pilot, or a whole issue, as the model of `app.matching.knowledge.embeddings` sees it.

    Only where a city uses one. `digest` tells model and text, so that what has changed is seen.
    """

    __tablename__ = "text_vector"

    kind: LinkKind = Field(sa_type=one_of(LinkKind), primary_key=True)
    key: int = Field(primary_key=True)
    part: int = Field(default=0, primary_key=True)
    digest: str = Field(max_length=64)
    vector: bytes


class WordCount(SQLModel, table=True):
    """In how many issues a stem occurs; counted in batches, not while somebody files."""

    __tablename__ = "word_count"

    word: str = Field(primary_key=True, max_length=64)
    issues: int


class MatchingProgress(SQLModel, table=True):
    """Up to which issue words were counted, and how many decisions were learned from."""

    __tablename__ = "matching_progress"

    name: str = Field(primary_key=True, max_length=32)
    upto: int


class ThemeWord(SQLModel, table=True):
    """What a word, or a piece of one, says about themes, learned from the team's decisions.

    In whole numbers, `weights` by theme id; see `app.matching.engine.learning`. The sum of all lessons.
    """

    __tablename__ = "theme_word"

    feature: str = Field(primary_key=True, max_length=64)
    weights: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    spread: int = Field(default=0, sa_type=BigInteger)


class ThemeLesson(SQLModel, table=True):
    """What the decision about the theme of an issue changed in those weights, so that it can be taken back.

    `steps` holds per feature [how far, what it adds to the spread].
    """

    __tablename__ = "theme_lesson"

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, ondelete="CASCADE")
    theme_id: int = Field(foreign_key="theme.id", index=True, ondelete="CASCADE")
    errors: dict[str, int] = Field(default_factory=dict, sa_type=Json)
    steps: dict[str, list[int]] = Field(default_factory=dict, sa_type=Json)
