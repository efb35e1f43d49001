from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from app.administration.themes import ICONS
from app.core.forms import Line, Paragraphs, must
from app.core.i18n import _, today
from app.matching.forms import Keywords

Name = Annotated[Line, Field(min_length=2, max_length=80)]
Description = Annotated[Paragraphs, Field(max_length=1000)]
Short = Annotated[Line, Field(max_length=300)]
GoalText = Annotated[Line, Field(min_length=3, max_length=500)]
Rules = Annotated[Paragraphs, Field(min_length=20, max_length=10_000)]


class ThemeForm(BaseModel):
    """A theme in both languages; `seen` is when it was last changed, as the page showed it."""

    name_nl: Name
    name_en: Name
    description_nl: Description = ""
    description_en: Description = ""
    keywords_nl: Keywords = []
    keywords_en: Keywords = []
    position: Annotated[int, Field(ge=1, le=999)] = 99
    icon: Annotated[Line, must(lambda icon: icon in ("", *ICONS), _("Choose one of the options."))] = ""
    seen: datetime | None = None

    def fields(self) -> dict[str, Any]:
        return self.model_dump(exclude={"seen"})


class RetirementForm(BaseModel):
    """Whether it is retired from now on, and what the person saw."""

    retired: Literal["yes", "no"]
    seen: datetime | None = None


class GoalForm(BaseModel):
    text_nl: GoalText
    text_en: GoalText
    indicator_nl: Short = ""
    indicator_en: Short = ""
    target_nl: Short = ""
    target_en: Short = ""
    source: Short = ""


class NeighbourhoodForm(BaseModel):
    name: Annotated[Line, Field(min_length=1, max_length=80)]
    seen: Annotated[Line, Field(max_length=80)]


class RulesForm(BaseModel):
    """`since` is the first day on which they hold, today when left out; `seen` the newest version on the page."""

    text_nl: Rules
    text_en: Rules
    since: Annotated[date, must(lambda day: day >= today(), _("Choose today or a later day."))] | None = None
    seen: Annotated[int, Field(ge=0, le=100_000)]


class NoForm(BaseModel):
    """Only a file."""
