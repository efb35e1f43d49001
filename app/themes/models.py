"""City themes, and what the city wants under each of them."""

from datetime import datetime

from sqlmodel import Field, Relationship, SQLModel

from app.core.clock import now
from app.core.db import Json, Moment


class Theme(SQLModel, table=True):
    """A retired theme keeps its issues and takes no new ones."""

    id: int = Field(default=None, primary_key=True)
    slug: str = Field(max_length=60, unique=True)
    position: int = 0
    icon: str = Field(default="", max_length=40)
    name_nl: str = Field(max_length=80)
    name_en: str = Field(max_length=80)
    description_nl: str = Field(default="", max_length=1000)
    description_en: str = Field(default="", max_length=1000)
    keywords_nl: list[str] = Field(default_factory=list, sa_type=Json)
    keywords_en: list[str] = Field(default_factory=list, sa_type=Json)
    retired_at: datetime | None = Field(default=None, sa_type=Moment)
    updated_at: datetime = Field(default_factory=now, sa_type=Moment)

    goals: list["Goal"] = Relationship(sa_relationship_kwargs={"lazy": "raise", "order_by": "Goal.id"})

    def name(self, locale: str) -> str:
        return self.name_nl if locale == "nl" else self.name_en

    def description(self, locale: str) -> str:
        return self.description_nl if locale == "nl" else self.description_en


class Goal(SQLModel, table=True):
    """What the city wants: a public text, how it is measured, what is aimed for, and where that is laid down."""

    id: int = Field(default=None, primary_key=True)
    theme_id: int = Field(foreign_key="theme.id", index=True, ondelete="CASCADE")
    text_nl: str = Field(max_length=500)
    text_en: str = Field(max_length=500)
    indicator_nl: str = Field(default="", max_length=300)
    indicator_en: str = Field(default="", max_length=300)
    target_nl: str = Field(default="", max_length=300)
    target_en: str = Field(default="", max_length=300)
    source: str = Field(default="", max_length=300)
    retired_at: datetime | None = Field(default=None, sa_type=Moment)

    def say(self, field: str, locale: str) -> str:
        return str(getattr(self, f"{field}_{locale}"))
