"""From an idea to an everyday service: what each gate asks, who may decide, and what is kept of it."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.activity.models import AuditEntry, TimelineEntry
from app.core.db import Database
from app.core.i18n import today
from app.gates.checks import CHECKS
from app.gates.models import TRANSITIONS, GateDecision, GateDraft, Outcome, gate_before
from app.gates.questions import QUESTIONS
from app.issues.actions import cast_vote
from app.issues.models import Issue, Status
from app.lessons.models import Lesson
from app.notifications.models import Notice
from app.notifications.telling import tell_what_happened
from app.pilots.models import Pilot, Stage
from app.verdicts.models import VerdictQuestion
from tests.browsing import Browser, text_of
from tests.conftest import Cast
from tests.factories import make_issue
from tests.gates.world import ANSWERS, FACTS, LAST_DAY, REASON, SOON, decision, ready_pilot

GATES = [Stage.PROOF_OF_CONCEPT, Stage.PILOT, Stage.SCALING_UP, Stage.EMBEDDED]
ON_ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def team(browser_of: Callable[[Person | None], Browser], cast: Cast, session: Session) -> Browser:
    cast.team.locale = "en"
    session.add(cast.team)
    session.commit()
    return browser_of(cast.team)


@pytest.fixture
def issue(session: Session, cast: Cast) -> Issue:
    return make_issue(session, cast.author, theme="mobility")


def now_of(session: Session, pilot: Pilot) -> Pilot:
    session.rollback()
    session.expire_all()
    return session.get_one(Pilot, pilot.id)


def at(pilot: Pilot, gate: Stage) -> str:
    return f"/pilots/{pilot.id}/gates/{gate}"


def decisions(session: Session, pilot: Pilot) -> list[GateDecision]:
    found = select(GateDecision).where(GateDecision.pilot_id == pilot.id).order_by(col(GateDecision.number))
    return list(session.exec(found))


def told(session: Session, pilot: Pilot) -> list[tuple[str, str]]:
    of_it = (TimelineEntry.subject_kind == "pilot", TimelineEntry.subject_id == pilot.id)
    entries = session.exec(select(TimelineEntry).where(*of_it).order_by(col(TimelineEntry.id)))
    return [(entry.kind, entry.text) for entry in entries]


def test_the_table_of_transitions_goes_one_way_and_ends() -> None:
    assert all(stage is Stage.STOPPED for (_from, outcome), stage in TRANSITIONS.items() if outcome is Outcome.STOP)
    assert all(before is after for (before, outcome), after in TRANSITIONS.items() if outcome is Outcome.HOLD)
    road, stage = [Stage.IDEA], Stage.IDEA
    while (stage, Outcome.PASS) in TRANSITIONS:
        road.append(stage := TRANSITIONS[stage, Outcome.PASS])
    assert road == [Stage.IDEA, *GATES]
    assert {stage for stage, outcome in TRANSITIONS if outcome is Outcome.STOP} == set(road)
    assert gate_before(Stage.STOPPED) is None
    assert {gate_before(stage) for stage in road} == set(QUESTIONS) == set(CHECKS)


@pytest.mark.parametrize("gate", GATES)
def test_a_gate_is_passed_when_all_is_there(team: Browser, session: Session, issue: Issue, gate: Stage) -> None:
    pilot = ready_pilot(session, [issue], gate)
    page = team.get(at(pilot, gate)).text
    assert all(f'name="{key}"' in page for key in ANSWERS[gate])
    assert team.post(at(pilot, gate), data=decision(pilot, gate)).status_code == 303
    passed = now_of(session, pilot)
    assert (passed.stage, passed.decisions) == (gate, 1)
    (kept,) = decisions(session, pilot)
    assert (kept.outcome, kept.reason) == (Outcome.PASS, REASON)
    assert {key: answer["text"] for key, answer in kept.answers.items()} == ANSWERS[gate]
    assert told(session, pilot) == [(f"stage.{gate}", REASON)]
    if gate is Stage.PILOT:
        assert passed.ends_on is not None
        assert passed.ends_on.isoformat() == LAST_DAY
    if gate is not Stage.EMBEDDED:
        assert passed.next_on is not None
        assert (passed.next_step, passed.next_on.isoformat()) == ("We zetten de lampen neer.", SOON)
    written = session.exec(select(AuditEntry.kind).where(AuditEntry.subject_kind == "pilot")).all()
    assert "gate.pass" in written


@ON_ONE_DATABASE
@pytest.mark.parametrize("gate", GATES)
def test_a_gate_is_refused_for_every_single_thing_that_is_missing(
    team: Browser, session: Session, issue: Issue, gate: Stage
) -> None:
    assert {check.key for check in CHECKS[gate]} == set(FACTS[gate])
    optional = {"ends_on"} if gate is Stage.SCALING_UP else set()
    assert {question.key for question in QUESTIONS[gate]} == set(ANSWERS[gate]) | optional
    for fact in FACTS[gate]:
        pilot = ready_pilot(session, [issue], gate, without=fact)
        refused = team.post(at(pilot, gate), data={**decision(pilot, gate), "next_on": "tomorrow"})
        assert refused.status_code == 422, fact
        assert 'id="next_on-error"' in refused.text, "all that is missing is said at once"
        (check,) = [check for check in CHECKS[gate] if check.key == fact]
        assert f'href="/pilots/{pilot.id}{check.page}"' in refused.text
        assert REASON in unescape(refused.text)
        assert now_of(session, pilot).stage is not gate
    whole = ready_pilot(session, [issue], gate)
    for key in ANSWERS[gate]:
        refused = team.post(at(whole, gate), data={**decision(whole, gate), key: ""})
        assert refused.status_code == 422, key
        assert f'id="{key}-error"' in refused.text
        assert f'href="#{key}"' in refused.text
        assert "Not answered yet" in refused.text
    assert not decisions(session, whole)
    assert team.post(at(whole, gate), data=decision(whole, gate)).status_code == 303


@ON_ONE_DATABASE
def test_everything_that_is_missing_is_said_at_once_beside_its_field(
    team: Browser, session: Session, issue: Issue
) -> None:
    """Also what can only be told when the rest can be read."""
    pilot = ready_pilot(session, [issue], Stage.SCALING_UP, without="lesson")
    form = {"version": "0", "decisions": "0", "outcome": "pass", "reason": "", "lesson_text": ""}
    refused = team.post(at(pilot, Stage.SCALING_UP), data=form).text
    for field in ("reason", "next_step", "next_on", "lesson_title", *ANSWERS[Stage.SCALING_UP]):
        assert f'id="{field}-error"' in refused, field
    refused = team.post(at(pilot, Stage.SCALING_UP), data={**form, "outcome": "stop", "lesson_text": "Kort"}).text
    for field in ("reason", "lesson_title", "lesson_text"):
        assert f'id="{field}-error"' in refused, field
    assert 'id="next_step-error"' not in refused


@ON_ONE_DATABASE
def test_answers_must_mean_something(team: Browser, session: Session, issue: Issue) -> None:
    pilot = ready_pilot(session, [issue], Stage.PILOT)
    nonsense = {"personal_data": "perhaps", "procurement": "gift", "budget": "a lot", "ends_on": "next spring"}
    for key, text in {**nonsense, "ends_on ": (today() - timedelta(days=1)).isoformat()}.items():
        refused = team.post(at(pilot, Stage.PILOT), data={**decision(pilot, Stage.PILOT), key.strip(): text})
        assert refused.status_code == 422, text
        assert f'id="{key.strip()}-error"' in refused.text
    without_data = {**decision(pilot, Stage.PILOT), "personal_data": "no", "dpia": ""}
    assert team.post(at(pilot, Stage.PILOT), data=without_data).status_code == 303


@ON_ONE_DATABASE
def test_the_trial_may_end_early_or_on_its_last_day(team: Browser, session: Session, issue: Issue) -> None:
    pilot = ready_pilot(session, [issue], Stage.SCALING_UP)
    form = {**decision(pilot, Stage.SCALING_UP), "criteria_met": ""}
    assert team.post(at(pilot, Stage.SCALING_UP), data=form).status_code == 422
    pilot.ends_on = today()
    session.add(pilot)
    session.commit()
    assert team.post(at(pilot, Stage.SCALING_UP), data=form).status_code == 303


@ON_ONE_DATABASE
def test_a_trial_that_is_held_may_go_on_longer(team: Browser, session: Session, issue: Issue) -> None:
    pilot = ready_pilot(session, [issue], Stage.SCALING_UP)
    form = decision(pilot, Stage.SCALING_UP, "hold", ends_on="2020-01-01")
    assert team.post(at(pilot, Stage.SCALING_UP), data=form).status_code == 422
    assert team.post(at(pilot, Stage.SCALING_UP), data={**form, "ends_on": LAST_DAY}).status_code == 303
    held = now_of(session, pilot)
    assert held.ends_on is not None
    assert (held.stage, held.ends_on.isoformat()) == (Stage.PILOT, LAST_DAY)
    assert session.exec(select(GateDraft)).one().answers == {}


@ON_ONE_DATABASE
def test_too_few_residents_or_too_few_helped(team: Browser, session: Session, issue: Issue) -> None:
    pilot = ready_pilot(session, [issue], Stage.SCALING_UP)
    question = session.get_one(VerdictQuestion, pilot.id)
    for solved, not_solved, says, on_the_board in (
        (9, 0, "not enough residents have answered yet: 9 of the 10 that the city asks for", False),
        (5, 5, "Not enough residents say that it helps: 50% of 10 answers", True),
    ):
        question.solved, question.partly, question.not_solved = solved, 0, not_solved
        session.add(question)
        session.commit()
        refused = team.post(at(pilot, Stage.SCALING_UP), data=decision(pilot, Stage.SCALING_UP))
        assert refused.status_code == 422
        assert says in text_of(refused.text)
        board = team.get("/team/pilots").text
        assert says in text_of(board), "why a pilot waits stands on the board"
        assert ("3 things are missing" in board) == on_the_board, "what residents have to do is no task of the team"


@ON_ONE_DATABASE
@pytest.mark.parametrize("gate", [*GATES, Stage.STOPPED])
def test_a_stop_needs_a_reason_and_a_lesson_and_nothing_of_a_pass(
    team: Browser, session: Session, issue: Issue, gate: Stage
) -> None:
    pilot = ready_pilot(session, [issue], gate)
    form = decision(pilot, gate, "stop")
    for key in ("reason", "lesson_title", "lesson_text", "outcome"):
        refused = team.post(at(pilot, gate), data={**form, key: ""})
        assert refused.status_code == 422, key
        assert f'href="#{key}"' in refused.text
    came_from = pilot.stage
    assert team.post(at(pilot, gate), data={**form, "lesson_part": "social"}).status_code == 303
    assert now_of(session, pilot).stage is Stage.STOPPED
    lesson = session.exec(select(Lesson).order_by(col(Lesson.id).desc())).first()
    assert lesson is not None
    assert (lesson.title, lesson.stage, lesson.part) == ("Vraag eerst de buren", came_from, "social")
    assert told(session, pilot) == [("stage.stopped", REASON)]
    assert team.get(at(pilot, gate)).headers["location"] == f"/pilots/{pilot.id}/gates"
    again = team.post(at(pilot, gate), data={**form, "reason": "Toch nog een keer."})
    assert again.status_code == 409
    assert "Toch nog een keer." in unescape(again.text)


def test_a_hold_says_what_is_next_and_keeps_the_answers(team: Browser, session: Session, issue: Issue) -> None:
    pilot = ready_pilot(session, [issue], Stage.PILOT)
    form = {**decision(pilot, Stage.PILOT, "hold"), "owner": "Afdeling beheer", "internal-owner": "yes"}
    for key in ("reason", "next_step", "next_on"):
        assert team.post(at(pilot, Stage.PILOT), data={**form, key: ""}).status_code == 422
    past = {**form, "next_on": "2020-01-01"}
    assert team.post(at(pilot, Stage.PILOT), data=past).status_code == 422
    assert team.post(at(pilot, Stage.PILOT), data=form).status_code == 303
    held = now_of(session, pilot)
    assert (held.stage, held.decisions) == (Stage.PROOF_OF_CONCEPT, 1)
    (kept,) = decisions(session, pilot)
    assert not kept.answers
    assert told(session, pilot) == [("gate.hold", REASON)]
    draft = session.exec(select(GateDraft)).one()
    assert draft.answers == {"owner": {"text": "Afdeling beheer", "internal": True}}
    history = text_of(team.get(f"/pilots/{pilot.id}/gates").text)
    assert "On hold" in history
    assert "We zetten de lampen neer." in history


def test_what_the_gate_saw_is_kept_as_it_was(team: Browser, session: Session, issue: Issue, visitor: Browser) -> None:
    pilot = ready_pilot(session, [issue], Stage.SCALING_UP)
    team.post(at(pilot, Stage.SCALING_UP), data=decision(pilot, Stage.SCALING_UP))
    (kept,) = decisions(session, pilot)
    assert kept.seen["issues"] == 1
    assert kept.seen["votes"] == issue.vote_count
    assert kept.seen["verdict"] == {"asked": 40, "solved": 14, "partly": 4, "not_solved": 2, "moved": 1}
    assert [(each["baseline"], each["latest"]) for each in kept.seen["indicators"]] == [(20.0, 45.0)]
    session.get_one(VerdictQuestion, pilot.id).solved = 0
    session.commit()
    said = text_of(visitor.get(f"/pilots/{pilot.id}/gates").text)
    for words in ("14 said solved", "Fietsers na zonsondergang: 20 → 45 per uur", "Samen fietsen", "Fietsersbond"):
        assert words in said
    assert "Ook in Oosthoek is het pad donker." in said


def test_internal_answers_are_counted_and_not_shown(
    team: Browser, session: Session, issue: Issue, visitor: Browser, browser_of: Callable[..., Browser], cast: Cast
) -> None:
    pilot = ready_pilot(session, [issue], Stage.PILOT)
    internal = {"internal-budget": "yes", "internal-sponsor": "yes", "internal-process": "yes"}
    team.post(at(pilot, Stage.PILOT), data={**decision(pilot, Stage.PILOT), **internal})
    path = f"/pilots/{pilot.id}/gates"
    for browser in (visitor, browser_of(cast.moderator), browser_of(cast.admin)):
        said = text_of(browser.get(path).text)
        assert "2 answers are not public" in said or "2 antwoorden zijn niet openbaar" in said
        assert "Beheer rijdt niet meer elke week langs" in said
        assert "12.500" not in said
        assert "Directeur openbare ruimte" not in said
    said = text_of(team.get(path).text)
    assert "€ 12,500" in said
    assert "Only for the city team" in said
    assert "not public" not in said


@ON_ONE_DATABASE
def test_the_team_hears_which_issues_need_a_word(team: Browser, session: Session, cast: Cast, issue: Issue) -> None:
    other = make_issue(session, cast.author, "Geen licht op het duinpad")
    for each in (issue, other):
        each.status = Status.IN_PILOT
        session.add(each)
    pilot, goes_on = ready_pilot(session, [issue, other], Stage.EMBEDDED), ready_pilot(session, [other], Stage.PILOT)
    assert "need-a-word" not in team.get(f"/pilots/{pilot.id}/gates").text
    assert team.post(at(pilot, Stage.EMBEDDED), data=decision(pilot, Stage.EMBEDDED)).status_code == 303
    page = team.get(f"/pilots/{pilot.id}/gates").text
    assert f'href="/team/issues/{issue.id}"' in page
    assert f'href="/team/issues/{other.id}"' not in page
    assert "1 issue waits for your word" in text_of(team.get(f"/pilots/{pilot.id}").text)
    team.post(at(goes_on, Stage.PILOT), data=decision(goes_on, Stage.PILOT, "stop"))
    assert f'href="/team/issues/{other.id}"' in team.get(f"/pilots/{pilot.id}/gates").text


@ON_ONE_DATABASE
def test_everybody_behind_the_issues_hears_a_hold_and_a_new_stage(
    team: Browser, session: Session, database: Database, cast: Cast, issue: Issue
) -> None:
    cast_vote(session, cast.resident.id, issue)
    session.commit()
    pilot = ready_pilot(session, [issue], Stage.PILOT)

    def heard() -> list[int]:
        tell_what_happened(database)
        session.rollback()
        session.expire_all()
        return list(session.exec(select(Notice.person_id).where(Notice.pilot_id == pilot.id)))

    assert team.post(at(pilot, Stage.PILOT), data=decision(pilot, Stage.PILOT, "hold")).status_code == 303
    assert sorted(heard()) == sorted([cast.author.id, cast.resident.id])
    form = decision(now_of(session, pilot), Stage.PILOT, version=1)
    assert team.post(at(pilot, Stage.PILOT), data=form).status_code == 303
    assert sorted(heard()) == sorted([cast.author.id, cast.resident.id] * 2)


@ON_ONE_DATABASE
def test_every_decision_for_every_role(
    browser_of: Callable[[Person | None], Browser], cast: Cast, session: Session, issue: Issue
) -> None:
    """Only the team decides, whatever is decided; for others there is no such page."""
    others = [None, cast.resident, cast.author, cast.suspended, cast.moderator, cast.admin]
    browsers = [browser_of(person) for person in others]
    decider = browser_of(cast.team)
    for (stage, outcome), goes_to in TRANSITIONS.items():
        gate = gate_before(stage)
        assert gate is not None
        pilot = ready_pilot(session, [issue], gate)
        form = decision(pilot, gate, outcome.value)
        for browser in browsers:
            assert browser.post(at(pilot, gate), data=form).status_code == 404
            assert browser.post(at(pilot, gate) + "/answers", data=form).status_code == 404
        assert now_of(session, pilot).stage is stage
        assert decider.post(at(pilot, gate), data=form).status_code == 303, (stage, outcome)
        assert now_of(session, pilot).stage is goes_to


@ON_ONE_DATABASE
def test_what_is_not_in_the_table_cannot_be_decided(team: Browser, session: Session, issue: Issue) -> None:
    pilot = ready_pilot(session, [issue], Stage.STOPPED)
    for outcome in ("pass", "hold", "maybe"):
        form = {**decision(pilot, Stage.STOPPED, outcome), "next_step": "", "next_on": ""}
        assert team.post(at(pilot, Stage.STOPPED), data=form).status_code == 422
    other = ready_pilot(session, [issue], Stage.PILOT)
    for gate in (Stage.PROOF_OF_CONCEPT, Stage.SCALING_UP, Stage.EMBEDDED, Stage.STOPPED):
        assert team.post(at(other, gate), data=decision(other, gate, "stop")).status_code == 409
        assert team.get(at(other, gate)).status_code == 303
    assert team.get(f"/pilots/{other.id}/gates/idea").status_code == 404
    assert team.get(f"/pilots/{other.id}/gates/nowhere").status_code == 404
    assert now_of(session, other).stage is Stage.PROOF_OF_CONCEPT
