"""What a text means, by a model of sentence embeddings: how close it comes to themes, pilots and other issues."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from app.matching.engine.suggestion import Reason, ReasonCode


class Closest(NamedTuple):
    """How alike, between 0 and 1, and the sentence that is."""

    likeness: float
    sentence: str = ""


@dataclass(frozen=True)
class Sense:
    """One text beside everything that has a vector."""

    themes: Mapping[int, Closest] = field(default_factory=dict)
    pilots: Mapping[int, Closest] = field(default_factory=dict)
    issues: Mapping[int, float] = field(default_factory=dict)


NO_SENSE = Sense()
NOT_ALIKE = Closest(0.0)


def sense_reason(weight: float, closest: Closest = NOT_ALIKE) -> Reason:
    return Reason(ReasonCode.MEANS_THE_SAME, weight, {"theirs": closest.sentence})
