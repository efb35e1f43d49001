"""What was decided between two stages, what the team answered there, what was learned, and the team's news."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import col, func, select

from app.content.models import Kind
from app.core.language import search_document
from app.demo.pilots.scene import Event, Scene, at_time
from app.demo.stories import day_of
from app.gates.facts import gather_facts
from app.gates.models import TRANSITIONS, GateDecision, GateDraft, Outcome
from app.gates.seeing import what_it_sees
from app.issues.models import Vote
from app.lessons.models import Lesson
from app.pilots.models import PartKind, PilotIssue, Stage


def tell_gates(scene: Scene) -> Iterator[Event]:
    for told in scene.story.get("decisions", []):
        yield at_time(told, "16:00"), partial(_decide, scene, told)
    if draft := scene.story.get("draft"):
        yield at_time(draft, "16:00"), partial(_half_answer, scene, draft)


def tell_lessons_and_news(scene: Scene) -> Iterator[Event]:
    for lesson in scene.story.get("lessons", []):
        yield at_time(lesson, "15:00"), partial(_learn, scene, lesson)
    for news in scene.story.get("updates", []):
        at = at_time(news, "17:00")
        yield at, partial(scene.tell, "update", at, news["text"])


def _decide(scene: Scene, told: dict[str, Any]) -> None:
    at, outcome, pilot = at_time(told, "16:00"), Outcome(told["outcome"]), scene.pilot
    came_from, gate = pilot.stage, Stage(told["gate"])
    pilot.stage, pilot.updated_at, pilot.decisions = TRANSITIONS[came_from, outcome], at, pilot.decisions + 1
    pilot.next_step, pilot.next_on = told.get("next_step", ""), None
    if pilot.next_step:
        pilot.next_on = (at + timedelta(days=told["next_in"])).date()
    lesson = scene.session.get_one(Lesson, scene.made[told["lesson"]]).pointed_at if "lesson" in told else {}
    seen = {name: number for name, number in lesson.items() if name == "lesson"}
    scene.session.flush()
    scene.session.add(
        GateDecision(
            pilot_id=pilot.id, number=pilot.decisions, from_stage=came_from, gate=gate, outcome=outcome,
            reason=told["reason"], language=pilot.language, next_step=pilot.next_step, next_on=pilot.next_on,
            answers=_answers(scene, told), seen={**_seen(scene, at), **seen}, decided_by=scene.team, decided_at=at,
        )
    )  # fmt: skip
    kind = "gate.hold" if outcome is Outcome.HOLD else f"stage.{pilot.stage}"
    scene.tell(kind, at, told["reason"], facts=lesson)


def _answers(scene: Scene, told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The last day of the trial is an answer at the gate to a pilot, and counted from today like all moments."""
    words = dict(told.get("answers", {}))
    if told["gate"] == Stage.PILOT and words:
        scene.pilot.ends_on = day_of(scene.story["ends_days_ago"])
        words["ends_on"] = scene.pilot.ends_on.isoformat()
    internal = told.get("internal", [])
    return {key: {"text": text, "internal": key in internal} for key, text in words.items()}


def _seen(scene: Scene, at: datetime) -> dict[str, Any]:
    """As the gate itself would have seen it. What residents did is all there already, so it is counted up to then."""
    facts = gather_facts(scene.session, [scene.pilot.id])[scene.pilot.id]
    linked = select(PilotIssue.issue_id).where(PilotIssue.pilot_id == scene.pilot.id, col(PilotIssue.linked_at) <= at)
    issues = scene.session.exec(linked).all()
    votes = select(func.count()).where(col(Vote.issue_id).in_(issues), col(Vote.created_at) <= at)
    then = {"issues": len(issues), "votes": scene.session.exec(votes).one()}
    return {**what_it_sees(scene.session, scene.pilot, facts), **then}


def _half_answer(scene: Scene, draft: dict[str, Any]) -> None:
    answers = {key: {"text": text, "internal": False} for key, text in draft["answers"].items()}
    scene.session.add(
        GateDraft(
            pilot_id=scene.pilot.id, gate=Stage(draft["gate"]), answers=answers, saved_by=scene.team,
            saved_at=at_time(draft, "16:00"),
        )
    )  # fmt: skip


def _learn(scene: Scene, told: dict[str, Any]) -> None:
    """A lesson with a key was written together with a decision, which tells of it."""
    at, language = at_time(told, "15:00"), scene.language_of(told)
    lesson = Lesson(
        pilot_id=scene.pilot.id, content_id=scene.publish(Kind.LESSON, scene.team, language, at),
        stage=Stage(told["stage"]), part=PartKind(told["part"]), title=told["title"], text=told["text"],
        language=language, search_stems=search_document(told["title"], told["text"], language), written_at=at,
    )  # fmt: skip
    scene.session.add(lesson)
    scene.session.flush()
    if "key" in told:
        scene.made[told["key"]] = lesson.id
    else:
        scene.tell("lesson.written", at, facts=lesson.pointed_at)
