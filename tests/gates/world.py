"""A pilot at any stage with everything that the gate before it asks for, but for one thing at will."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, select

from app.approaches.models import Approach, ApproachChoice, ApproachPart
from app.coalition.models import Partner, PartnerKind
from app.content.actions import publish
from app.content.models import Kind
from app.core.i18n import today
from app.gates.models import gate_before
from app.issues.models import Issue
from app.measures.models import Direction, Indicator, Measurement
from app.pilots.models import PartKind, Pilot, PilotGoal, Stage
from app.themes.models import Goal
from app.verdicts.models import VerdictQuestion
from tests.factories import make_lesson, make_pilot

LAST_DAY = (today() + timedelta(days=90)).isoformat()
SOON = (today() + timedelta(days=14)).isoformat()
REASON = "Alles wat we moesten weten, weten we nu."

ANSWERS: dict[Stage, dict[str, str]] = {
    Stage.PROOF_OF_CONCEPT: {"for_whom": "Ongeveer tweehonderd fietsers, vooral in de winter."},
    Stage.PILOT: {
        "process": "Beheer rijdt niet meer elke week langs, maar als er iets is.",
        "staff": "Twee collega’s van beheer krijgen een andere dagindeling.",
        "owner": "Afdeling beheer",
        "data_steward": "Team gegevens",
        "stakeholders": "De fietsersbond en de duinwachters doen mee.",
        "personal_data": "yes",
        "dpia": "Er zijn geen beelden van mensen nodig.",
        "procurement": "tender",
        "sponsor": "Directeur openbare ruimte",
        "budget": "€ 12.500,-",
        "stop_criteria": "Als er na twee maanden niemand anders fietst.",
        "ends_on": LAST_DAY,
    },
    Stage.SCALING_UP: {
        "criteria_met": "Er fietsen nu al twee keer zo veel mensen.",
        "also_for": "Ook in Oosthoek is het pad donker.",
    },
    Stage.EMBEDDED: {
        "service_owner": "Afdeling beheer",
        "running_budget": "4000",
        "process_changed": "Het licht staat in het beheerplan.",
        "open_data": "https://data.example.nl/licht",
    },
    Stage.STOPPED: {},
}
FACTS: dict[Stage, tuple[str, ...]] = {
    Stage.PROOF_OF_CONCEPT: ("goal", "indicator", "approaches", "without_technology", "choice"),
    Stage.PILOT: ("partner",),
    Stage.SCALING_UP: ("after_measure", "verdict", "lesson"),
    Stage.EMBEDDED: (),
    Stage.STOPPED: (),
}
STAGE_BEFORE = {gate_before(stage): stage for stage in Stage if gate_before(stage)}


def ready_pilot(session: Session, issues: list[Issue], gate: Stage, without: str = "") -> Pilot:
    """It stands before this gate."""
    pilot = make_pilot(session, issues)
    pilot.stage = STAGE_BEFORE[gate]
    session.add(pilot)
    if without != "goal":
        session.add(PilotGoal(pilot_id=pilot.id, goal_id=session.exec(select(Goal.id)).first() or 0))
    measure(session, pilot, without)
    compare(session, pilot, without)
    if without != "partner":
        session.add(
            Partner(pilot_id=pilot.id, name="Fietsersbond", kind=PartnerKind.RESIDENTS, role="Telt de fietsers")
        )
    if without != "verdict":
        session.add(VerdictQuestion(pilot_id=pilot.id, asked=40, solved=14, partly=4, not_solved=2, moved=1))
    if without != "lesson":
        make_lesson(session, pilot)
    session.commit()
    return pilot


def measure(session: Session, pilot: Pilot, without: str) -> None:
    indicator = Indicator(
        pilot_id=pilot.id, name="Fietsers na zonsondergang", unit="per uur", source="Telling", better=Direction.HIGHER
    )
    session.add(indicator)
    session.flush()
    for days, value in ((100, 20.0), (5, 45.0)):
        if without == ("indicator" if value == 20 else "after_measure"):
            continue
        day, is_first = today() - timedelta(days=days), value == 20
        session.add(Measurement(indicator_id=indicator.id, taken_on=day, value=value, is_baseline=is_first))


def compare(session: Session, pilot: Pilot, without: str) -> None:
    kinds = [PartKind.SOCIAL if without != "without_technology" else PartKind.DIGITAL, PartKind.DIGITAL]
    made = [approach(session, pilot, kind, number) for number, kind in enumerate(kinds)]
    if without != "choice":
        reason = "Dit helpt de meeste mensen."
        session.add(ApproachChoice(pilot_id=pilot.id, approach_id=made[0].id, reason=reason, language="nl"))
    if without == "approaches":
        made[1].visible = False


def approach(session: Session, pilot: Pilot, kind: PartKind, number: int) -> Approach:
    content = publish(session, Kind.APPROACH, None, "nl")
    title = ("Samen fietsen vanaf school", "Licht dat meebeweegt")[number]
    row = Approach(pilot_id=pilot.id, content_id=content.id, title=title, summary="Zo gaat het.", language="nl")
    session.add(row)
    session.flush()
    session.add(ApproachPart(approach_id=row.id, kind=kind, text="Een deel ervan."))
    return row


def decision(pilot: Pilot, gate: Stage, outcome: str = "pass", **typed: Any) -> dict[str, str]:
    """What the team sends when it decides at this gate, as the page shows it now."""
    form = {"version": "0", "decisions": str(pilot.decisions), "outcome": outcome, "reason": REASON}
    if outcome != "stop" and (outcome, gate) != ("pass", Stage.EMBEDDED):
        form |= {"next_step": "We zetten de lampen neer.", "next_on": SOON}
    if outcome == "pass":
        form |= ANSWERS[gate]
    if outcome == "stop":
        form |= {"lesson_title": "Vraag eerst de buren", "lesson_text": "Dan weet je wie het niet wil, en waarom."}
    return form | {key: str(value) for key, value in typed.items()}
