"""What came of it, for the front door: what the city does now, what it stopped, and what is being tried."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.lessons.models import Lesson
from app.lessons.queries import newest_lessons_of
from app.pilots.models import Pilot, Stage
from app.pilots.queries import newest_of_each
from app.verdicts.models import VerdictQuestion
from app.verdicts.queries import questions_about

GONE_ON = (Stage.EMBEDDED, Stage.SCALING_UP)
STOPPED = (Stage.STOPPED,)
TRIED_NOW = (Stage.PILOT, Stage.PROOF_OF_CONCEPT, Stage.IDEA)
SHOWN = 3


@dataclass(frozen=True)
class Outcome:
    """A pilot with what its residents said, and with what was learned."""

    pilot: Pilot
    question: VerdictQuestion | None
    lesson: Lesson | None


def what_came_of_it(session: Session) -> list[Outcome]:
    pilots = one_of_each(newest_of_each(session, (GONE_ON, STOPPED, TRIED_NOW), SHOWN))
    numbers = [pilot.id for pilot in pilots]
    questions, lessons = questions_about(session, numbers), newest_lessons_of(session, numbers)
    return [Outcome(pilot, questions.get(pilot.id), lessons.get(pilot.id)) for pilot in pilots]


def one_of_each(groups: Sequence[Sequence[Pilot]]) -> list[Pilot]:
    """The newest of each group first, filled up with the next ones where a group has none."""
    ranked = [pilot for rank in range(SHOWN) for group in groups for pilot in group[rank : rank + 1]]
    return ranked[:SHOWN]
