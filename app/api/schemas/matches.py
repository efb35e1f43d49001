"""What the matching step found for an issue."""

from datetime import datetime

from pydantic import Field

from app.api.schemas.shared import Shape
from app.matching.engine.suggestion import Likelihood
from app.matching.models import State
from app.pilots.models import Stage


class Match(Shape):
    score: float = Field(ge=0, le=1)
    likelihood: Likelihood
    reasons: list[str] = Field(description="In the language asked for with Accept-Language.")
    state: State
    decided_at: datetime | None = Field(default=None, description="Only when the city team decided about it.")
    title: str
    url: str


class ThemeMatch(Match):
    theme: str = Field(description="The slug of the theme.")


class CardVerdict(Shape):
    """What residents there answered when they were asked whether their problem was solved."""

    asked: int
    solved: int
    partly: int
    not_solved: int


class CardRef(Shape):
    """A pilot of another city, of which this site has the card."""

    id: int
    city: str
    stage: Stage
    verdict: CardVerdict | None = None


class PilotMatch(Match):
    """A pilot here, or, with `card` in its place, one of another city; `url` is the page about it on this site."""

    pilot: int | None = None
    card: CardRef | None = None


class SimilarMatch(Match):
    issue: int


class Matches(Shape):
    """What the matching step found, best first."""

    themes: list[ThemeMatch]
    pilots: list[PilotMatch]
    similar: list[SimilarMatch]
