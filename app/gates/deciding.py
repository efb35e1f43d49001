"""Deciding at a gate: pass, hold or stop. One of several who press at once wins; the others hear what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError
from sqlalchemy import update
from sqlmodel import Session, col

from app.activity.actions import tell, write_down
from app.core.clock import now
from app.core.errors import Conflict
from app.core.forms import Submission
from app.core.i18n import _, today
from app.core.language import guess_language
from app.core.writes import count_changed
from app.gates.answers import answers_typed, day_in, said_in, too_long
from app.gates.checks import Item, checklist
from app.gates.drafts import forget_answers, keep_answers, without_decision
from app.gates.facts import Facts, gather_facts
from app.gates.forms import DecisionForm
from app.gates.models import TRANSITIONS, Answers, GateDecision, Outcome
from app.gates.queries import last_decision
from app.gates.questions import QUESTIONS
from app.gates.seeing import what_it_sees
from app.lessons.actions import write_lesson
from app.lessons.forms import LessonForm
from app.pilots.models import Pilot, Stage

DECIDED_MEANWHILE = _(
    "A colleague decided something about this pilot in the meantime. Nothing of yours was carried out."
)
SAY_WHAT_NEXT = _("Say what happens next; residents read it.")
SAY_WHEN = _("Say when that will be.")
STOP_WITH_LESSON = _("A stop leaves a lesson: give it a name.")
SAY_WHAT_WAS_LEARNED = _("Write what was learned, so that others do not have to find out again.")


@dataclass(frozen=True)
class Deciding:
    """A decision that is complete. `facts` are what there was when the person pressed."""

    gate: Stage
    form: DecisionForm
    answers: Answers
    facts: Facts

    @property
    def last_day(self) -> date | None:
        """Of the trial, when this decision sets it: at its beginning, or when it is held to go on longer."""
        sets_it = {(Stage.PILOT, Outcome.PASS), (Stage.SCALING_UP, Outcome.HOLD)}
        decided = (self.gate, self.form.outcome)
        return day_in(said_in(self.answers).get("ends_on", "")) if decided in sets_it else None

    @property
    def lesson(self) -> LessonForm | None:
        form = self.form
        if not form.lesson_title:
            return None
        return LessonForm(lesson_title=form.lesson_title, lesson_text=form.lesson_text, lesson_part=form.lesson_part)


def prepare_decision(
    session: Session, submission: Submission[DecisionForm], pilot: Pilot, gate: Stage
) -> tuple[Deciding | None, Sequence[Item]]:
    """None when it cannot be decided like that: what a pass still needs is returned, what is wrong with the decision
    itself is said beside its fields.
    """
    answers = answers_typed(gate, submission.typed)
    submission.errors |= too_long(gate, answers)
    _check_words(submission, pilot)
    _check_last_day(submission, answers)
    facts = gather_facts(session, [pilot.id])[pilot.id]
    passes = submission.typed.get("outcome") == Outcome.PASS
    missing = [item for item in checklist(pilot, facts, said_in(answers)) if item.missing] if passes else []
    if missing or not submission.ok:
        return None, missing
    return Deciding(gate, submission.data, answers, facts), missing


def _check_words(submission: Submission[DecisionForm], pilot: Pilot) -> None:
    """By what was typed, also where a field cannot be read: all that is missing is said at once."""
    outcome = submission.typed.get("outcome", "")
    goes_to = {decided.value: to for (stage, decided), to in TRANSITIONS.items() if stage is pilot.stage}
    if outcome not in goes_to:
        submission.refuse("outcome", _("Choose one of the options."))
    _check_what_is_next(submission, submission.typed, goes_to.get(outcome))
    _check_lesson(submission, submission.typed, outcome)


def _check_last_day(submission: Submission[DecisionForm], answers: Answers) -> None:
    """Half-finished answers may say anything; what is decided may not."""
    text = said_in(answers).get("ends_on")
    day = day_in(text) if text else None
    if text and (day is None or day < today()):
        submission.refuse("ends_on", _("Choose today or a later day."))


def _check_what_is_next(submission: Submission[DecisionForm], typed: Mapping[str, str], goes_to: Stage | None) -> None:
    """Whoever goes on, or waits, says what residents may expect and when."""
    goes_on = goes_to not in (None, Stage.EMBEDDED, Stage.STOPPED)
    if not typed.get("next_step") and (goes_on or typed.get("next_on")):
        submission.refuse("next_step", SAY_WHAT_NEXT)
    if not typed.get("next_on") and goes_on:
        submission.refuse("next_on", SAY_WHEN)


def _check_lesson(submission: Submission[DecisionForm], typed: Mapping[str, str], outcome: str) -> None:
    title, text = typed.get("lesson_title", ""), typed.get("lesson_text", "")
    if outcome != Outcome.STOP and not title and not text:
        return
    if not title:
        submission.refuse("lesson_title", STOP_WITH_LESSON)
    if not text:
        submission.refuse("lesson_text", SAY_WHAT_WAS_LEARNED)
    try:
        LessonForm(lesson_title=title, lesson_text=text)
    except ValidationError as error:
        for detail in error.errors():
            submission.refuse(str(detail["loc"][0]), _("This is too short to be of use to others."))


def decide(session: Session, actor_id: int, pilot: Pilot, deciding: Deciding) -> None:
    """Sent twice, it is decided once; raises Conflict when a colleague decided or saved something first."""
    form, came_from = deciding.form, pilot.stage
    stage = TRANSITIONS[came_from, form.outcome]
    seen = what_it_sees(session, pilot, deciding.facts)
    if not _move(session, pilot, stage, deciding):
        if was_just_decided(session, actor_id, pilot, form):
            return
        raise Conflict(DECIDED_MEANWHILE)
    _put_answers_away(session, actor_id, pilot, deciding)
    facts = {}
    if deciding.lesson:
        lesson = write_lesson(session, actor_id, pilot, came_from, deciding.lesson)
        seen["lesson"], facts = lesson.id, lesson.pointed_at
    session.add(_kept(pilot, came_from, actor_id, deciding, seen))
    _tell(session, actor_id, pilot, stage, form, facts)


def was_just_decided(session: Session, actor_id: int, pilot: Pilot, form: DecisionForm) -> bool:
    """The same person sent the same form before."""
    last = last_decision(session, pilot.id)
    return (
        last is not None
        and last.number == form.decisions + 1
        and (last.decided_by, last.outcome, last.reason) == (actor_id, form.outcome, form.reason)
    )


def _move(session: Session, pilot: Pilot, stage: Stage, deciding: Deciding) -> bool:
    form = deciding.form
    columns: dict[str, Any] = {
        "stage": stage, "decisions": form.decisions + 1, "next_step": form.next_step, "next_on": form.next_on,
        "updated_at": now(),
    }  # fmt: skip
    if last_day := deciding.last_day:
        columns["ends_on"] = last_day
    as_seen = update(Pilot).where(
        col(Pilot.id) == pilot.id, col(Pilot.stage) == pilot.stage, col(Pilot.decisions) == form.decisions
    )
    return bool(count_changed(session, as_seen.values(columns)))


def _put_answers_away(session: Session, actor_id: int, pilot: Pilot, deciding: Deciding) -> None:
    """After a hold they stay where they can be finished; otherwise they are kept with the decision, or not at all."""
    left = without_decision(deciding.answers)
    if deciding.last_day:
        left.pop("ends_on")
    keep_answers(session, actor_id, pilot.id, deciding.gate, left, deciding.form.version)
    if deciding.form.outcome is not Outcome.HOLD:
        forget_answers(session, pilot.id)


def _kept(pilot: Pilot, came_from: Stage, actor_id: int, deciding: Deciding, seen: dict[str, Any]) -> GateDecision:
    form = deciding.form
    asked = {question.key for question in QUESTIONS[deciding.gate]}
    passed = form.outcome is Outcome.PASS
    return GateDecision(
        pilot_id=pilot.id,
        number=form.decisions + 1,
        from_stage=came_from,
        gate=deciding.gate,
        outcome=form.outcome,
        reason=form.reason,
        language=guess_language(form.reason),
        next_step=form.next_step,
        next_on=form.next_on,
        answers={key: answer for key, answer in deciding.answers.items() if passed and key in asked},
        seen=seen,
        decided_by=actor_id,
    )


def _tell(
    session: Session, actor_id: int, pilot: Pilot, stage: Stage, form: DecisionForm, facts: dict[str, int]
) -> None:
    """Everybody behind its issues hears of it, with the reason."""
    kind = "gate.hold" if form.outcome is Outcome.HOLD else f"stage.{stage}"
    tell(
        session, "pilot", pilot.id, kind, actor_id=actor_id, by_city=True, text=form.reason,
        language=guess_language(form.reason), facts=facts,
    )  # fmt: skip
    decided = {"decision": form.decisions + 1, "to": stage.value}
    write_down(session, f"gate.{form.outcome}", "pilot", pilot.id, actor_id=actor_id, role="team", facts=decided)
