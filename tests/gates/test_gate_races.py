"""Colleagues who press at the same moment at the same gate: one wins, nothing doubles, and nobody overwrites."""

import pytest
from sqlmodel import Session, col, select

from app.activity.models import TimelineEntry
from app.gates.models import GateDecision, GateDraft
from app.lessons.models import Lesson
from app.pilots.models import Pilot, Stage
from tests.busy import BusySite, new_name
from tests.crowd import Phone, at_once
from tests.factories import make_issue, make_person
from tests.gates.world import decision, ready_pilot


@pytest.fixture
def pilot(busy: BusySite) -> Pilot:
    with busy.database.session() as session:
        issue = make_issue(session, make_person(session, new_name()), f"Stoeptegel {new_name()} ligt los")
        return ready_pilot(session, [issue], Stage.PILOT)


def test_six_decisions_at_once_are_one(busy: BusySite, colleagues: list[Phone], pilot: Pilot) -> None:
    outcomes = ["pass", "hold", "stop"] * 2
    forms = [decision(pilot, Stage.PILOT, outcome) for outcome in outcomes]
    answers = at_once(
        [
            lambda phone=phone, form=form: phone.post(f"/pilots/{pilot.id}/gates/pilot", form)
            for phone, form in zip(colleagues, forms, strict=True)
        ]
    )
    assert sorted(answer.status for answer in answers) == [303] + [409] * (5)
    (won,) = [outcome for outcome, answer in zip(outcomes, answers, strict=True) if answer.status == 303]

    def as_it_is(session: Session) -> tuple[Stage, int, list[str], list[str], int]:
        of_it = (TimelineEntry.subject_kind == "pilot", TimelineEntry.subject_id == pilot.id)
        told = session.exec(select(TimelineEntry.kind).where(*of_it).order_by(col(TimelineEntry.id))).all()
        kept = session.exec(select(GateDecision.outcome).where(GateDecision.pilot_id == pilot.id)).all()
        lessons = len(session.exec(select(Lesson.id).where(Lesson.pilot_id == pilot.id)).all())
        now = session.get_one(Pilot, pilot.id)
        return now.stage, now.decisions, list(told), [outcome.value for outcome in kept], lessons

    stage = {"pass": Stage.PILOT, "hold": Stage.PROOF_OF_CONCEPT, "stop": Stage.STOPPED}[won]
    kind = "gate.hold" if won == "hold" else f"stage.{stage}"
    assert busy.ask(as_it_is) == (stage, 1, [kind], [won], 2 if won == "stop" else 1)


def test_the_same_decision_six_times_at_once_is_one(
    busy: BusySite,
    colleagues: list[Phone],
    pilot: Pilot,
) -> None:
    phone, form = colleagues[0], decision(pilot, Stage.PILOT)
    answers = at_once([lambda: phone.post(f"/pilots/{pilot.id}/gates/pilot", form)] * 6)
    assert {answer.status for answer in answers} == {303}
    kept = busy.ask(lambda session: session.exec(select(GateDecision).where(GateDecision.pilot_id == pilot.id)).all())
    assert len(kept) == 1


def test_six_who_save_at_once_overwrite_nobody(
    busy: BusySite,
    colleagues: list[Phone],
    pilot: Pilot,
) -> None:
    for version in (0, 1):
        forms = [{"version": version, "decisions": 0, "owner": f"Afdeling {version}{number}"} for number in range(6)]
        answers = at_once(
            [
                lambda phone=phone, form=form: phone.post(f"/pilots/{pilot.id}/gates/pilot/answers", form)
                for phone, form in zip(colleagues, forms, strict=True)
            ]
        )
        assert sorted(answer.status for answer in answers) == [303] + [409] * (5)
        (won,) = [form["owner"] for form, answer in zip(forms, answers, strict=True) if answer.status == 303]
        late = [answer for answer in answers if answer.status == 409]
        assert all(str(won) in answer.text for answer in late)

        def draft(session: Session) -> GateDraft:
            return session.exec(select(GateDraft).where(GateDraft.pilot_id == pilot.id)).one()

        kept = busy.ask(draft)
        assert (kept.version, kept.answers["owner"]["text"]) == (version + 1, won)
