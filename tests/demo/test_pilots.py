"""Each pilot of the demo went through its gates as the site lets it, and what a gate saw is what there was."""

from collections import Counter
from collections.abc import Sequence

import pytest
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, func, select

from app.activity.models import AuditEntry, TimelineEntry
from app.administration.kinds import KINDS
from app.approaches.models import Approach, ApproachChoice, Preference
from app.cards.models import CardFeed, ImportedCard
from app.coalition.models import CoCreator, Partner
from app.content.models import Content, Kind
from app.core.i18n import today
from app.gates.answers import is_answered, said_in
from app.gates.checks import CHECKS
from app.gates.facts import gather_facts
from app.gates.models import TRANSITIONS, GateDecision, GateDraft, Outcome
from app.gates.questions import QUESTIONS, Sort
from app.lessons.models import Lesson
from app.measures.models import Indicator
from app.pilots.behind import people_behind_pilots
from app.pilots.models import EarlierPilot, Pilot, PilotGoal, PilotIssue, PilotTheme, Stage
from app.verdicts.models import Answer, Verdict, VerdictQuestion
from app.verdicts.queries import rule_of


@pytest.fixture
def pilots(session: Session) -> Sequence[Pilot]:
    return session.exec(select(Pilot).order_by(col(Pilot.id))).all()


def decisions_of(session: Session, pilot: Pilot) -> Sequence[GateDecision]:
    made = select(GateDecision).where(GateDecision.pilot_id == pilot.id)
    return session.exec(made.order_by(col(GateDecision.number))).all()


def test_there_is_a_pilot_at_every_stage_and_more_than_one_was_stopped(session: Session, pilots: list[Pilot]) -> None:
    assert len(pilots) == 12
    stages = Counter(pilot.stage for pilot in pilots)
    assert set(stages) == set(Stage)
    assert stages[Stage.STOPPED] >= 2
    assert {pilot.language for pilot in pilots} == {"nl", "en"}
    for table in (PilotIssue, PilotTheme, PilotGoal, Approach, CoCreator):
        assert set(session.exec(select(table.pilot_id))) == {pilot.id for pilot in pilots}
    assert session.exec(select(GateDraft)).one().gate is Stage.PROOF_OF_CONCEPT
    assert session.exec(select(EarlierPilot)).one().reason


def test_decisions_lead_to_the_stage(session: Session, pilots: list[Pilot]) -> None:
    outcomes = set()
    for pilot in pilots:
        stage, decisions = Stage.IDEA, decisions_of(session, pilot)
        for number, decision in enumerate(decisions, start=1):
            assert (decision.number, decision.from_stage) == (number, stage)
            stage = TRANSITIONS[stage, decision.outcome]
            outcomes.add(decision.outcome)
            assert decision.reason
            assert decision.next_step or stage in (Stage.EMBEDDED, Stage.STOPPED)
        assert (pilot.stage, pilot.decisions) == (stage, len(decisions))
        if stage not in (Stage.EMBEDDED, Stage.STOPPED):
            assert pilot.next_on is not None
            assert pilot.next_on > today()
    assert outcomes == set(Outcome)


def test_whoever_passed_a_gate_had_what_it_asks_for(session: Session, pilots: list[Pilot]) -> None:
    facts = gather_facts(session, [pilot.id for pilot in pilots])
    for pilot in pilots:
        for decision in decisions_of(session, pilot):
            if decision.outcome is Outcome.PASS:
                assert not [check.key for check in CHECKS[decision.gate] if not check.is_there(facts[pilot.id])]
                said = said_in(decision.answers)
                asked = [each for each in QUESTIONS[decision.gate] if each.needed(pilot, said)]
                assert not [
                    each.key
                    for each in asked
                    if not (said.get(each.key) if each.sort is Sort.DATE else is_answered(each, said))
                ]
                internal = {key for key, answer in decision.answers.items() if answer["internal"]}
                assert internal <= {each.key for each in QUESTIONS[decision.gate] if each.may_be_internal}


def test_a_gate_saw_what_there_was(session: Session, pilots: list[Pilot]) -> None:
    rule = rule_of(session)
    for pilot in pilots:
        before = 0
        for decision in decisions_of(session, pilot):
            seen = decision.seen
            assert before < seen["votes"]
            before = seen["votes"] - 1
            assert seen["issues"] >= 1
            if decision.outcome is not Outcome.PASS:
                continue
            assert seen["approaches"] >= 2
            assert seen["chosen"]
            assert any("baseline" in each for each in seen["indicators"])
            assert decision.gate is Stage.PROOF_OF_CONCEPT or seen["partners"]
            if decision.gate is Stage.SCALING_UP:
                assert any("latest" in each for each in seen["indicators"])
                assert seen["lessons"]
                assert VerdictQuestion(pilot_id=pilot.id, **seen["verdict"]).is_enough(rule)


def test_a_disappointing_verdict_holds_or_stops(session: Session) -> None:
    rule, disappointed = rule_of(session), 0
    for question in session.exec(select(VerdictQuestion)):
        pilot = session.get_one(Pilot, question.pilot_id)
        last = decisions_of(session, pilot)[-1]
        if not question.is_enough(rule):
            disappointed += 1
            assert last.outcome in (Outcome.HOLD, Outcome.STOP)
    assert disappointed == 2


def test_counts_are_what_the_rows_say(session: Session, pilots: list[Pilot]) -> None:
    given = Counter(session.exec(select(Preference.approach_id)))
    assert all(approach.preferences == given[approach.id] for approach in session.exec(select(Approach)))
    for question in session.exec(select(VerdictQuestion)):
        verdicts = session.exec(select(Verdict).where(Verdict.pilot_id == question.pilot_id)).all()
        answers = Counter(verdict.answer for verdict in verdicts)
        counted = (question.solved, question.partly, question.not_solved, question.moved)
        assert counted == tuple(answers[answer] for answer in Answer)
        assert question.asked == len(verdicts) == len({verdict.person_id for verdict in verdicts})
        people = people_behind_pilots([question.pilot_id])
        behind = set(session.execute(select(people.c.person_id)).scalars())
        assert {verdict.person_id for verdict in verdicts} <= behind
        assert all(question.asked_at < each.answered_at for each in verdicts if each.answered_at)


def test_the_problem_froze_when_an_approach_was_chosen(session: Session, pilots: list[Pilot]) -> None:
    chosen = {choice.pilot_id: choice for choice in session.exec(select(ApproachChoice))}
    for pilot in pilots:
        assert (pilot.frozen_at is None) is (pilot.id not in chosen)
        if choice := chosen.get(pilot.id):
            assert choice.reason
            assert session.get_one(Approach, choice.approach_id).pilot_id == pilot.id


def test_what_was_measured_begins_with_a_baseline(session: Session) -> None:
    indicators = session.exec(select(Indicator).options(selectinload(Indicator.measurements)))  # type: ignore[arg-type]
    for indicator in indicators:
        assert indicator.measurements[0].is_baseline
        assert sum(measured.is_baseline for measured in indicator.measurements) == 1


def test_lessons_and_reasons_are_content_with_an_author(session: Session) -> None:
    kinds = Counter(session.exec(select(Content.kind)))
    assert kinds[Kind.LESSON] == session.exec(select(func.count()).select_from(Lesson)).one() >= 15
    for kind, table in ((Kind.PREFERENCE, Preference), (Kind.VERDICT, Verdict)):
        explained = select(func.count()).where(col(table.content_id).is_not(None))
        assert kinds[kind] == session.exec(explained).one() > 20
    assert {partner.kind for partner in session.exec(select(Partner))} >= {"department", "business", "residents"}


def test_the_timeline_of_a_pilot_is_in_order(session: Session, pilots: list[Pilot]) -> None:
    kinds = set()
    for pilot in pilots:
        told = select(TimelineEntry).where(TimelineEntry.subject_kind == "pilot", TimelineEntry.subject_id == pilot.id)
        entries = session.exec(told.order_by(col(TimelineEntry.id))).all()
        assert entries[0].kind == "stage.idea"
        assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
        kinds |= {entry.kind for entry in entries}
    assert {"gate.hold", "approach.chosen", "verdict.asked", "lesson.written", "measured", "update"} <= kinds


def test_the_audit_knows_what_the_team_did(session: Session) -> None:
    kinds = Counter(session.exec(select(AuditEntry.kind)))
    assert set(kinds) <= set(KINDS)
    assert kinds["gate.hold"] >= 4
    assert kinds["triage.status"] > 150


def test_another_town_shares_its_cards(session: Session) -> None:
    feed = session.exec(select(CardFeed)).one()
    assert not feed.is_on  # there is no such address to ask
    cards = session.exec(select(ImportedCard)).all()
    assert len(cards) == 3
    assert all(card.document["invented"] and card.visible for card in cards)
    seeded = session.exec(select(Approach).where(col(Approach.by_city))).all()
    assert [each.tried_in["city"] for each in seeded if each.tried_in] == [feed.city]
