"""Which pilots wait at a gate, and for what."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import tuple_
from sqlmodel import Session, col, select

from app.accounts.models import Person, Role
from app.gates.answers import said_in
from app.gates.checks import Item, checklist
from app.gates.facts import gather_facts
from app.gates.models import GateDecision, GateDraft, gate_before
from app.gates.queries import issues_that_need_a_word, last_decision
from app.gates.questions import Said
from app.pilots.models import Pilot, Stage


def missing_for(session: Session, pilot: Pilot) -> list[Item]:
    """What the next gate still asks for, by what was saved up to now; empty when it may be passed, or there is none."""
    return missing_among(session, [pilot])[pilot.id]


def missing_among(session: Session, pilots: Sequence[Pilot]) -> dict[int, list[Item]]:
    """The same for many, by number of the pilot, with a fixed number of reads."""
    facts = gather_facts(session, [pilot.id for pilot in pilots])
    saved = _saved_answers(session, pilots)
    return {
        pilot.id: [
            item for item in checklist(pilot, facts[pilot.id], saved.get(pilot.id, {})) if item.missing is not None
        ]
        for pilot in pilots
    }


def _saved_answers(session: Session, pilots: Sequence[Pilot]) -> dict[int, Said]:
    gates = [(pilot.id, gate) for pilot in pilots if (gate := gate_before(pilot.stage))]
    if not gates:
        return {}
    saved = select(GateDraft).where(tuple_(col(GateDraft.pilot_id), col(GateDraft.gate)).in_(gates))
    return {draft.pilot_id: said_in(draft.answers) for draft in session.exec(saved)}


@dataclass(frozen=True)
class AtGate:
    """What the page of a pilot says about its decisions; `missing` and `need_a_word` are for the team."""

    last: GateDecision | None
    gate: Stage | None
    missing: int = 0
    need_a_word: int = 0


def on_pilot(session: Session, pilot: Pilot, viewer: Person | None) -> AtGate:
    last, gate = last_decision(session, pilot.id), gate_before(pilot.stage)
    if viewer is None or not viewer.has_role(Role.TEAM):
        return AtGate(last, gate)
    return AtGate(last, gate, len(missing_for(session, pilot)), len(issues_that_need_a_word(session, pilot)))
