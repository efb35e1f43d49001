"""What a gate sees when something is decided there, kept as it was at that moment.

What residents wrote is not copied but pointed at, so that it can still be hidden.
"""

from typing import Any

from sqlmodel import Session

from app.gates.facts import Facts
from app.measures.models import Indicator
from app.pilots.models import Pilot
from app.pilots.queries import pilot_with_counts
from app.verdicts.models import VerdictQuestion

MOST_KEPT = 40


def what_it_sees(session: Session, pilot: Pilot, facts: Facts) -> dict[str, Any]:
    row = pilot_with_counts(session, pilot.id)
    return {
        "issues": row.issues if row else 0,
        "votes": row.votes if row else 0,
        "verdict": _counts(facts.verdict) if facts.verdict else None,
        "indicators": [_values(indicator) for indicator in facts.indicators[:MOST_KEPT]],
        "approaches": len(facts.approaches),
        "chosen": facts.choice.approach_id if facts.choice else None,
        "partners": [partner.id for partner in facts.partners[:MOST_KEPT]],
        "lessons": facts.lessons,
    }


def _counts(question: VerdictQuestion) -> dict[str, int]:
    return {
        "asked": question.asked,
        "solved": question.solved,
        "partly": question.partly,
        "not_solved": question.not_solved,
        "moved": question.moved,
    }


def _values(indicator: Indicator) -> dict[str, Any]:
    values: dict[str, Any] = {"name": indicator.name, "unit": indicator.unit}
    if indicator.baseline:
        values |= {"baseline": indicator.baseline.value, "baseline_on": indicator.baseline.taken_on.isoformat()}
    if indicator.latest:
        values |= {"latest": indicator.latest.value, "latest_on": indicator.latest.taken_on.isoformat()}
    return values
