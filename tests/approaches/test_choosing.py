"""The team chooses one of several approaches, in public, and from then on the problem is frozen."""

from typing import Any

import pytest
from sqlmodel import Session, select

from app.activity.models import AuditEntry, TimelineEntry
from app.approaches.models import Approach, ApproachChoice
from app.core.db import Database
from app.following.actions import follow_pilot
from app.notifications.models import Notice
from app.notifications.telling import tell_what_happened
from app.pilots.models import EarlierPilot, Pilot, Stage
from tests.browsing import Browser, text_of
from tests.conftest import Cast
from tests.factories import make_approach
from tests.moderation.helpers import decide

REASON = "Bewoners vinden deze het beste, en hij kan volgende week beginnen."


@pytest.fixture
def two(session: Session, cast: Cast, pilot: Pilot) -> tuple[Approach, Approach]:
    return make_approach(session, pilot, cast.author), make_approach(session, pilot, None, "Slimme lampen", "digital")


def choose(team: Browser, picked: Approach, **typed: object) -> Any:
    form = {"approach": f"{picked.id}.{picked.version}", "reason": REASON, "seen": 0, "problem": 1}
    return team.post(f"/pilots/{picked.pilot_id}/choice", data={**form, **typed})


def chosen(session: Session) -> ApproachChoice | None:
    session.rollback()
    session.expire_all()
    return session.exec(select(ApproachChoice)).first()


def test_the_choice_is_public_with_its_reason_and_freezes_the_problem(
    team: Browser, visitor: Browser, resident: Browser, session: Session, pilot: Pilot, two: tuple[Approach, Approach]
) -> None:
    resident.post(f"/pilots/{pilot.id}/approaches/{two[0].id}/preference")
    form = team.get(f"/pilots/{pilot.id}/choice").text
    assert all(each.title in form for each in two)
    assert choose(team, two[0]).status_code == 303
    choice = chosen(session)
    assert choice is not None
    assert choice.approach_id == two[0].id
    session.refresh(pilot)
    assert pilot.frozen_at is not None
    compared = text_of(visitor.get(f"/pilots/{pilot.id}/approaches").text)
    assert REASON in compared
    assert all(each.title in compared for each in two)
    shown = text_of(visitor.get(f"/pilots/{pilot.id}").text)
    assert REASON in shown
    entry = session.exec(select(TimelineEntry).where(TimelineEntry.kind == "approach.chosen")).one()
    assert (entry.text, entry.by_city, entry.facts["voices"], entry.facts["of"]) == (REASON, True, 1, 1)
    assert "1 of 1 voices preferred it then." in shown
    assert "approach.chosen" in session.exec(select(AuditEntry.kind)).all()


def test_two_are_compared_and_one_does_without_technology(
    team: Browser, session: Session, cast: Cast, pilot: Pilot
) -> None:
    assert "two approaches or more must compete" in team.get(f"/pilots/{pilot.id}/choice").text
    device = make_approach(session, pilot, None, "Lampen", "digital")
    make_approach(session, pilot, cast.author, "Een app", "digital")
    page = team.get(f"/pilots/{pilot.id}/choice").text
    assert "At least one of the approaches must do without new technology." in page
    refused = choose(team, device)
    assert refused.status_code == 409
    assert "must do without new technology" in refused.text
    make_approach(session, pilot, cast.author)
    assert choose(team, device).status_code == 303
    assert chosen(session) is not None


def test_one_alone_is_no_comparison(team: Browser, session: Session, cast: Cast, pilot: Pilot) -> None:
    assert choose(team, make_approach(session, pilot, cast.author)).status_code == 409
    assert chosen(session) is None


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"reason": ""}, 422, 'id="reason-error"'),
        ({"reason": "Te kort."}, 422, 'id="reason-error"'),
        ({"approach": ""}, 422, 'id="approach-error"'),
        ({"approach": "999.1"}, 409, "taken back in the meantime"),
        ({"approach": "1.2"}, 409, "changed in the meantime"),
        ({"problem": "2"}, 409, "rewritten in the meantime"),
        ({"seen": "1"}, 409, "A colleague chose in the meantime"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_choice_needs_a_reason_and_what_was_seen(
    team: Browser, session: Session, two: tuple[Approach, Approach], typed: dict[str, str], status: int, said: str
) -> None:
    assert two[0].id == 1
    refused = choose(team, two[0], **typed)
    assert refused.status_code == status
    assert said in refused.text
    assert chosen(session) is None
    assert session.exec(select(Pilot.frozen_at)).one() is None


@pytest.mark.parametrize("stage", Stage)
def test_it_is_chosen_anew_as_long_as_nothing_is_being_tried(
    team: Browser, visitor: Browser, session: Session, pilot: Pilot, two: tuple[Approach, Approach], stage: Stage
) -> None:
    assert choose(team, two[0]).status_code == 303
    pilot.stage = stage
    session.add(pilot)
    session.commit()
    anew = choose(team, two[1], seen=1, reason="De eerste bleek niet te kunnen in de winter.")
    if stage not in (Stage.IDEA, Stage.PROOF_OF_CONCEPT):
        assert anew.status_code == 409
        return
    assert anew.status_code == 303
    choice = chosen(session)
    assert choice is not None
    assert (choice.approach_id, choice.number) == (two[1].id, 2)
    shown = text_of(visitor.get(f"/pilots/{pilot.id}").text)
    assert REASON in shown
    assert "De eerste bleek niet te kunnen in de winter." in shown
    late = choose(team, two[0], seen=1)
    assert late.status_code == 409
    assert "De eerste bleek niet te kunnen in de winter." in late.text
    assert 'name="seen" value="2"' in late.text


def test_what_was_chosen_stays_as_it_is(
    team: Browser, author: Browser, session: Session, pilot: Pilot, two: tuple[Approach, Approach]
) -> None:
    assert choose(team, two[0]).status_code == 303
    address = f"/pilots/{pilot.id}/approaches"
    assert author.post(f"{address}/{two[0].id}/withdrawal").status_code == 409
    assert team.post(f"{address}/{two[1].id}/withdrawal").status_code == 303


def test_while_the_chosen_one_is_hidden_there_is_no_choice(
    browser_of: Any, team: Browser, visitor: Browser, session: Session, cast: Cast, pilot: Pilot,
    two: tuple[Approach, Approach],
) -> None:  # fmt: skip
    third = make_approach(session, pilot, cast.resident, "Met een fluitje")
    assert choose(team, two[0]).status_code == 303
    hidden = {"ground": "insult", "facts": "Dit mag hier niet."}
    assert decide(browser_of(cast.moderator), session, two[0].content_id, "hide", **hidden).status_code == 303
    assert two[0].title not in text_of(visitor.get(f"/pilots/{pilot.id}").text)
    assert 'name="seen" value="1"' in team.get(f"/pilots/{pilot.id}/choice").text
    assert choose(team, third, seen=1).status_code == 303


def edit(team: Browser, pilot: Pilot, **typed: object) -> Any:
    form = {"title": pilot.title, "problem": pilot.problem, "area": "same", "version": 1}
    return team.post(f"/pilots/{pilot.id}/edit", data={**form, **typed})


def test_a_frozen_problem_changes_only_with_a_public_reason(
    team: Browser, visitor: Browser, session: Session, pilot: Pilot, two: tuple[Approach, Approach]
) -> None:
    assert "Mijn dochter durft er niet meer te fietsen." in team.get(f"/pilots/{pilot.id}/edit").text
    assert choose(team, two[0]).status_code == 303
    assert 'id="frozen"' in team.get(f"/pilots/{pilot.id}/edit").text
    problem = "Bewoners mijden na zonsondergang het fietspad, en ook het pad naar de sporthal."
    refused = edit(team, pilot, problem=problem)
    assert refused.status_code == 422
    assert 'id="reason-error"' in refused.text
    assert problem in refused.text
    assert edit(team, pilot, themes="1").status_code == 303  # themes are not the problem
    why = "Bij het tellen bleek dat ook het pad naar de sporthal leeg is."
    assert edit(team, pilot, problem=problem, version=2, reason=why).status_code == 303
    history = text_of(visitor.get(f"/pilots/{pilot.id}/history").text)
    assert why in history
    assert "The problem is frozen since" in history
    assert why in text_of(visitor.get(f"/pilots/{pilot.id}").text)
    assert session.exec(select(EarlierPilot.reason).order_by(EarlierPilot.version)).all() == ["", why]  # type: ignore[arg-type]


def test_who_was_writing_while_it_was_frozen_is_asked_why(
    team: Browser, session: Session, pilot: Pilot, two: tuple[Approach, Approach], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form was sent before the choice was there, and saved after it."""
    monkeypatch.setattr("app.pilots.settling.needs_reason", lambda *_seen: False)
    assert choose(team, two[0]).status_code == 303
    late = edit(team, pilot, title="Een andere naam")
    assert late.status_code == 409
    assert "An approach was chosen in the meantime" in late.text
    assert 'value="Een andere naam"' in late.text
    assert edit(team, pilot, title="Een andere naam", reason="De oude naam zei te weinig.").status_code == 303
    assert choose(team, two[1], seen=1).status_code == 409


def test_words_are_looked_at_while_they_are_typed(team: Browser, resident: Browser) -> None:
    typed = {"title": "Rust op het plein", "problem": "Er moeten camera's komen."}
    hint = team.htmx("POST", "/pilots/wording", data=typed)
    assert hint.status_code == 200
    assert hint.text.lstrip().startswith('<div id="wording"')
    assert "camera&#39;s" in hint.text
    assert 'name="meant"' in hint.text
    quiet = team.htmx("POST", "/pilots/wording", data={"title": "", "problem": "x" * 20_000})
    assert 'name="meant"' not in quiet.text
    assert resident.htmx("POST", "/pilots/wording", data=typed).status_code == 404
    assert team.post("/pilots/wording", data=typed).headers["location"] == "/pilots/new"


def test_followers_hear_of_a_proposal_and_everybody_behind_the_issues_of_the_choice(
    team: Browser, session: Session, database: Database, cast: Cast, pilot: Pilot
) -> None:
    make_approach(session, pilot, cast.author, "Een fluitje voor iedereen")
    follow_pilot(session, cast.resident.id, pilot.id)
    session.commit()
    form = {
        "title": "Samen fietsen",
        "summary": "Buren fietsen samen naar huis.",
        "kind-1": "social",
        "part-1": "Samen",
    }
    assert team.post(f"/pilots/{pilot.id}/approaches", data=form).status_code == 303
    tell_what_happened(database)
    assert session.exec(select(Notice.person_id)).all() == [cast.resident.id]
    session.rollback()
    assert choose(team, session.exec(select(Approach).where(Approach.by_city)).one()).status_code == 303
    tell_what_happened(database)
    session.rollback()
    heard = session.exec(select(Notice.person_id).order_by(Notice.id.desc()).limit(2)).all()  # type: ignore[attr-defined]
    assert set(heard) == {cast.resident.id, cast.author.id}
