"""What a matcher asks of the city.

Any other engine fits behind this: it takes a `Problem` and a `Corpus` and gives `Matches`.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol, TypeAlias

from app.matching.engine.problem import Candidate, Point
from app.matching.engine.profiles import ProfileIndex
from app.matching.engine.sense import Sense
from app.matching.engine.talk import Talk
from app.matching.thesaurus.expressions import Thesaurus

Weights: TypeAlias = Mapping[int, float]
"""Of one feature, per theme."""


class Corpus(Protocol):
    """The city's data as the engine needs it; whatever grows with the city comes from an index."""

    @property
    def themes(self) -> ProfileIndex: ...

    @property
    def pilots(self) -> ProfileIndex: ...

    @property
    def cards(self) -> ProfileIndex:
        """Pilots of other cities, by their number with a minus, so that none is taken for one of ours."""

    @property
    def thesaurus(self) -> Thesaurus: ...

    def word_counts(self, stems: Collection[str]) -> tuple[int, Mapping[str, int]]:
        """The number of issues counted, and in how many of them each stem occurs (absent: in none)."""

    def candidates(self, stems: Mapping[str, float], point: Point | None) -> Sequence[Candidate]:
        """A few hundred issues at most: those that share the heaviest stems, and the newest ones nearby."""

    def theme_weights(self, features: Collection[str]) -> Mapping[str, Weights]: ...

    def lessons(self) -> int:
        """How many decisions about themes the weights come from."""

    def temperature(self) -> float:
        """By what the scores of themes are divided, so that their probabilities are honest; 1 while nobody knows."""

    def talk_about(self, issue_id: int) -> Talk:
        """What people say below a stored issue, and what else its supporters support."""

    def sense(self, text: str, issue_ids: Collection[int]) -> Sense:
        """What the text means beside themes, pilots and these issues; nothing without a model of embeddings."""

    def pilot_concepts(self, codes: Collection[str]) -> Mapping[int, Mapping[str, float]]:
        """Per pilot and concept between -1 and 1: what the team did with issues about that."""
