"""What a matcher gives: rankings of suggestions, each with the reasons that carried it; no sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Likelihood(StrEnum):
    """What people read instead of a score."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNSURE = "unsure"


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
