"""What a matcher takes and gives: plain data, no database, no sentences.

Any other engine fits behind this: it takes a `Problem` and a `Corpus` and gives `Matches`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from app.matching.models import Likelihood

if TYPE_CHECKING:
    from app.matching.concept_words import Thesaurus
    from app.matching.profiles import ProfileIndex
    from app.matching.sense import Sense
    from app.matching.talk import Talk


class ReasonCode(StrEnum):
    """Each comes with the parameters that its sentence needs; see `app.matching.reasons`."""

    KEYWORD = "keyword"  # words
    SHARED_WORDS = "shared_words"  # words
    LOOKS_LIKE = "looks_like"  # words
    SAME_CONCEPT = "same_concept"  # nl, en, said; theirs: what the other side says
    SAME_THEME = "same_theme"
    IN_PILOT_AREA = "in_pilot_area"
    NEAR = "near"  # metres
    SAME_NEIGHBOURHOOD = "same_neighbourhood"
    SAME_TIME = "same_time"  # days
    LEARNED_WORDS = "learned_words"  # words
    LEARNED_CONCEPT = "learned_concept"  # nl, en, said
    TEAM_LINKED = "team_linked"  # issues
    TEAM_DECIDED = "team_decided"  # issues
    TALK = "talk"  # nl, en, people
    CO_VOTES = "co_votes"  # people
    MEANS_THE_SAME = "means_the_same"  # theirs: the sentence, "" of an issue
    AUTHOR_CHOSE = "author_chose"


class Point(NamedTuple):
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Problem:
    """A text to find matches for. `created` is its moment: nothing else in the engine knows the time.

    `theme_id` is the author's own choice; with `issue_id`, of one that is stored, it does not match itself.
    """

    title: str
    text: str
    language: str | None = None
    lat: float | None = None
    lon: float | None = None
    neighbourhood_id: int | None = None
    created: datetime | None = None
    theme_id: int | None = None
    issue_id: int | None = None

    @property
    def point(self) -> Point | None:
        return None if self.lat is None or self.lon is None else Point(self.lat, self.lon)


@dataclass(frozen=True, slots=True)
class Reason:
    """`weight` is the share of the score that it carried, so the reasons shown are the ones that decided."""

    code: ReasonCode
    weight: float
    params: Mapping[str, Any] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        return {"code": self.code.value, "weight": round(self.weight, 3), **self.params}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`key` is the id of the theme, pilot, issue or card; `score` lies between 0 and 1."""

    key: int
    score: float
    likelihood: Likelihood
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """Best first. What is shown comes before what is not."""

    suggestions: tuple[Suggestion, ...] = ()
    most_shown: int = 5

    @property
    def shown(self) -> tuple[Suggestion, ...]:
        sure = [each for each in self.suggestions if each.likelihood is not Likelihood.UNSURE]
        return tuple(sure[: self.most_shown])


@dataclass(frozen=True, slots=True)
class Matches:
    themes: Ranking = Ranking()
    pilots: Ranking = Ranking()
    similar: Ranking = Ranking()
    cards: Ranking = Ranking()


class Candidate(NamedTuple):
    """An earlier issue that an index came up with, and what the team decided about it.

    Among the pilots, a card of another city goes by its number with a minus.
    `is_open`: it, or the one it was merged into, can still be supported.
    """

    issue_id: int
    stems: frozenset[str]
    created: datetime
    point: Point | None = None
    neighbourhood_id: int | None = None
    is_open: bool = True
    theme_id: int | None = None
    pilot_ids: tuple[int, ...] = ()
    rejected_pilot_ids: tuple[int, ...] = ()
    merged_into: int | None = None

    @property
    def stands_for(self) -> int:
        """The issue that people are sent to: of merged ones, the one that stays."""
        return self.merged_into or self.issue_id


@dataclass(frozen=True, slots=True)
class Profile:
    """A theme or pilot as the engine reads it; texts and keywords with their language, "" when unknown."""

    key: int
    texts: tuple[tuple[str, str], ...]
    keywords: tuple[tuple[str, str], ...] = ()
    point: Point | None = None
    radius_m: float | None = None
    theme_ids: tuple[int, ...] = ()
    slug: str = ""


Weights: TypeAlias = Mapping[int, float]
"""Of one feature, per theme."""


class Corpus(Protocol):
    """The city's data as the engine needs it; whatever grows with the city comes from an index."""

    @property
    def themes(self) -> "ProfileIndex": ...

    @property
    def pilots(self) -> "ProfileIndex": ...

    @property
    def cards(self) -> "ProfileIndex":
        """Pilots of other cities, by their number with a minus, so that none is taken for one of ours."""

    @property
    def thesaurus(self) -> "Thesaurus": ...

    def word_counts(self, stems: Collection[str]) -> tuple[int, Mapping[str, int]]:
        """The number of issues counted, and in how many of them each stem occurs (absent: in none)."""

    def candidates(self, stems: Mapping[str, float], point: Point | None) -> Sequence[Candidate]:
        """A few hundred issues at most: those that share the heaviest stems, and the newest ones nearby."""

    def theme_weights(self, features: Collection[str]) -> Mapping[str, Weights]: ...

    def lessons(self) -> int:
        """How many decisions about themes the weights come from."""

    def temperature(self) -> float:
        """By what the scores of themes are divided, so that their probabilities are honest; 1 while nobody knows."""

    def talk_about(self, issue_id: int) -> "Talk":
        """What people say below a stored issue, and what else its supporters support."""

    def sense(self, text: str, issue_ids: Collection[int]) -> "Sense":
        """What the text means beside themes, pilots and these issues; nothing without a model of embeddings."""

    def pilot_concepts(self, codes: Collection[str]) -> Mapping[int, Mapping[str, float]]:
        """Per pilot and concept between -1 and 1: what the team did with issues about that."""
