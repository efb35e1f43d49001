"""Answers that are not finished yet, and two people at the same gate: nobody loses what they wrote."""

from collections.abc import Callable
from html import unescape

import pytest
from sqlmodel import Session, select

from app.accounts.actions import grant_roles
from app.accounts.models import Person, Role
from app.gates.models import GateDecision, GateDraft
from app.gates.waiting import missing_among, missing_for
from app.issues.models import Issue
from app.pilots.models import Pilot, Stage
from tests.browsing import Browser, text_of
from tests.conftest import Cast, Counting
from tests.factories import make_issue
from tests.gates.world import ANSWERS, decision, ready_pilot

EMPTY = {"version": "0", "decisions": "0"}


@pytest.fixture
def issue(session: Session, cast: Cast) -> Issue:
    return make_issue(session, cast.author, theme="mobility")


@pytest.fixture
def pair(browser_of: Callable[[Person | None], Browser], cast: Cast, session: Session) -> tuple[Browser, Browser]:
    """Two colleagues."""
    cast.team.locale = "en"
    other = grant_roles(session, "collega@example.nl", [Role.TEAM], "en")
    session.add(cast.team)
    session.commit()
    session.refresh(other, ["roles"])
    return browser_of(cast.team), browser_of(other)


@pytest.fixture
def pilot(session: Session, issue: Issue) -> Pilot:
    return ready_pilot(session, [issue], Stage.PILOT)


def saved(session: Session) -> dict[str, str]:
    session.rollback()
    session.expire_all()
    return {key: answer["text"] for key, answer in session.exec(select(GateDraft)).one().answers.items()}


def test_half_finished_answers_come_back(pair: tuple[Browser, Browser], session: Session, pilot: Pilot) -> None:
    me, colleague = pair
    gate = f"/pilots/{pilot.id}/gates/pilot"
    half = {"owner": "Beheer", "internal-owner": "yes", "ends_on": "next spring", "reason": "Bijna klaar"}
    assert me.post(f"{gate}/answers", data={**EMPTY, **half}).status_code == 303
    assert saved(session) == {"owner": "Beheer", "ends_on": "next spring", "reason": "Bijna klaar"}
    page = colleague.get(gate).text
    for shown in ('value="Beheer"', 'name="internal-owner" value="yes" checked', "Bijna klaar", 'value="next spring"'):
        assert shown in page
    assert "11 things are missing" not in page
    assert "10 things are missing" in page
    assert "Choose today or a later day: What is the last day of the trial?" in page
    long = me.post(f"{gate}/answers", data={"version": "1", "decisions": "0", "process": "x" * 2001})
    assert long.status_code == 422
    assert "Use at most 2000 characters." in long.text


def test_two_editors_see_each_others_words(pair: tuple[Browser, Browser], session: Session, pilot: Pilot) -> None:
    me, colleague = pair
    gate = f"/pilots/{pilot.id}/gates/pilot"
    theirs = {"owner": "Afdeling groen", "staff": "Niemand", "procurement": "tender"}
    assert colleague.post(f"{gate}/answers", data={**EMPTY, **theirs}).status_code == 303
    mine = {"owner": "Afdeling beheer", "staff": "Niemand", "process": "Veel"}
    late = me.post(f"{gate}/answers", data={**EMPTY, **mine})
    assert late.status_code == 409
    said = unescape(text_of(late.text))
    assert "A colleague saved answers in the meantime." in said
    assert "Saved by a colleague in the meantime: Afdeling groen" in said
    assert "Saved by a colleague in the meantime: A tender" in said
    assert said.count("Saved by a colleague") == 2
    assert 'value="Afdeling beheer"' in late.text
    assert 'name="version" value="1"' in late.text
    assert saved(session) == theirs
    assert me.post(f"{gate}/answers", data={"version": "1", "decisions": "0", **mine}).status_code == 303
    assert saved(session) == mine
    again = me.post(f"{gate}/answers", data={"version": "1", "decisions": "0", **mine})
    assert again.status_code == 303, "the same words twice are no conflict"


def test_who_decides_has_seen_what_was_saved(pair: tuple[Browser, Browser], session: Session, pilot: Pilot) -> None:
    me, colleague = pair
    gate = f"/pilots/{pilot.id}/gates/pilot"
    colleague.post(f"{gate}/answers", data={**EMPTY, "budget": "99.000"})
    late = me.post(gate, data=decision(pilot, Stage.PILOT))
    assert late.status_code == 409
    assert "99,000" in late.text
    assert session.exec(select(GateDecision)).first() is None
    assert me.post(gate, data=decision(pilot, Stage.PILOT, version=1)).status_code == 303
    session.rollback()
    assert session.exec(select(GateDraft)).first() is None, "what was decided is kept with the decision"


@pytest.mark.parametrize("outcome", ["hold", "pass", "stop"])
def test_who_comes_second_hears_what_happened(
    pair: tuple[Browser, Browser], session: Session, pilot: Pilot, outcome: str
) -> None:
    me, colleague = pair
    gate = f"/pilots/{pilot.id}/gates/pilot"
    theirs = {"reason": "Wij hebben dit samen besproken."}
    first = colleague.post(gate, data=decision(pilot, Stage.PILOT, outcome, **theirs))
    assert first.status_code == 303
    mine = decision(pilot, Stage.PILOT, reason="Volgens mij kan het nu door.")
    for path in (gate, f"{gate}/answers"):
        late = me.post(path, data=mine)
        assert late.status_code == 409
        said = unescape(text_of(late.text))
        assert "Wij hebben dit samen besproken." in said
        assert "Volgens mij kan het nu door." in unescape(late.text)
        assert ANSWERS[Stage.PILOT]["process"] in unescape(late.text)
    again = colleague.post(gate, data=decision(pilot, Stage.PILOT, outcome, **theirs))
    assert again.status_code == 303, "what is sent twice is decided once"
    session.rollback()
    assert len(session.exec(select(GateDecision)).all()) == 1


def test_what_many_pilots_wait_for_costs_no_more_reads(session: Session, issue: Issue, counting: Counting) -> None:
    """For the team's board: by what was saved, for one pilot or for all."""
    pilots = [ready_pilot(session, [issue], Stage.PROOF_OF_CONCEPT, without) for without in ("", "goal", "choice")]
    pilots += [ready_pilot(session, [issue], gate) for gate in (Stage.PILOT, Stage.SCALING_UP, Stage.EMBEDDED)]
    answers = {"for_whom": {"text": "Fietsers", "internal": False}}
    session.add(GateDraft(pilot_id=pilots[0].id, gate=Stage.PROOF_OF_CONCEPT, answers=answers))
    stopped = ready_pilot(session, [issue], Stage.STOPPED)
    session.commit()
    missing = missing_among(session, [*pilots, stopped])
    assert [[item.key for item in missing[pilot.id]] for pilot in pilots[:3]] == [
        [],
        ["goal", "for_whom"],
        ["choice", "for_whom"],
    ]
    assert missing[stopped.id] == []
    assert len(missing_for(session, pilots[3])) == 11
    with counting() as one:
        missing_for(session, pilots[3])
    with counting() as many:
        missing_among(session, pilots)
    assert many.count <= one.count + 1
