"""One voice per person and pilot, that can be changed and taken back; the numbers and reasons are public."""

from typing import Any

import pytest
from sqlmodel import Session, select

from app.approaches.models import Approach, Preference
from app.approaches.preferring import prefer_approach
from app.content.models import Content, Visibility
from app.pilots.models import Pilot, Stage
from app.privacy.erasing import Choice, erase_account
from tests.browsing import Browser, text_of
from tests.conftest import Cast, Counting
from tests.factories import make_approach, make_person
from tests.moderation.helpers import decide


@pytest.fixture
def two(session: Session, cast: Cast, pilot: Pilot) -> tuple[Approach, Approach]:
    return make_approach(session, pilot, cast.author), make_approach(session, pilot, None, "Lampen", "physical")


def prefer(browser: Browser, approach: Approach, reason: str = "") -> Any:
    data = {"reason": reason} if reason else {}
    return browser.post(f"/pilots/{approach.pilot_id}/approaches/{approach.id}/preference", data=data)


def counts(session: Session) -> list[int]:
    session.rollback()
    return list(session.exec(select(Approach.preferences).order_by(Approach.id)))  # type: ignore[arg-type]


def test_a_voice_goes_from_one_to_the_other_and_away(
    resident: Browser, author: Browser, session: Session, two: tuple[Approach, Approach]
) -> None:
    one, other = two
    for browser in (resident, author, resident):
        assert prefer(browser, one).status_code == 303
    assert counts(session) == [2, 0]
    swapped = resident.htmx("POST", f"/pilots/{one.pilot_id}/approaches/{other.id}/preference")
    assert swapped.status_code == 200
    assert swapped.text.count("1 person prefers this") == 2
    assert swapped.text.count("You prefer this one.") == 1
    assert counts(session) == [1, 1]
    address = f"/pilots/{one.pilot_id}/approaches"
    assert resident.post(f"{address}/{one.id}/preference/withdrawal").status_code == 303  # an old tab
    assert counts(session) == [1, 1]
    gone = resident.htmx("POST", f"{address}/{other.id}/preference/withdrawal")
    assert "You prefer this one." not in gone.text
    assert counts(session) == [1, 0]
    session.expire_all()
    assert len(session.exec(select(Preference)).all()) == 1


def test_a_reason_is_published_with_the_name_and_can_be_changed(
    resident: Browser, visitor: Browser, session: Session, two: tuple[Approach, Approach]
) -> None:
    one, other = two
    assert prefer(resident, one, "Dan fietst mijn dochter niet alleen.").status_code == 303
    page = visitor.get(f"/pilots/{one.pilot_id}/approaches/{one.id}").text
    assert "Dan fietst mijn dochter niet alleen." in page
    assert "Bram" in page
    assert prefer(resident, one, "x" * 1001).status_code == 422
    prefer(resident, other)
    assert "Dan fietst mijn dochter niet alleen." not in visitor.get(f"/pilots/{one.pilot_id}/approaches/{one.id}").text
    assert "Nobody gave a reason." in visitor.get(f"/pilots/{one.pilot_id}/approaches/{other.id}").text
    prefer(resident, other, "Lampen helpen iedereen.")
    assert resident.post(f"/pilots/{one.pilot_id}/approaches/{other.id}/preference/withdrawal").status_code == 303
    content = session.exec(select(Content).where(Content.kind == "preference")).one()
    assert content.visibility is Visibility.REMOVED


def test_reasons_come_in_pages(visitor: Browser, session: Session, two: tuple[Approach, Approach]) -> None:
    for number in range(22):
        prefer_approach(session, make_person(session, f"buur{number}").id, two[0], f"Reden nummer {number}.")
    session.commit()
    address = f"/pilots/{two[0].pilot_id}/approaches/{two[0].id}"
    first = visitor.get(address).text
    assert first.count('<li id="preference-') == 20
    second = visitor.get(address + "?after=" + first.split("?after=")[1].split('"')[0]).text
    assert second.count('<li id="preference-') == 2


def test_a_visitor_signs_in_first(visitor: Browser, session: Session, two: tuple[Approach, Approach]) -> None:
    assert "/sign-in?next=" in visitor.get(f"/pilots/{two[0].pilot_id}/approaches").text
    assert prefer(visitor, two[0]).headers["location"].startswith("/sign-in")
    assert counts(session) == [0, 0]


def test_past_the_idea_a_voice_can_only_be_taken_back(
    resident: Browser, session: Session, pilot: Pilot, two: tuple[Approach, Approach]
) -> None:
    prefer(resident, two[0])
    pilot.stage = Stage.PILOT
    session.add(pilot)
    session.commit()
    assert prefer(resident, two[1]).status_code == 409
    assert "Take your voice back" in resident.get(f"/pilots/{pilot.id}/approaches").text
    assert resident.post(f"/pilots/{pilot.id}/approaches/{two[0].id}/preference/withdrawal").status_code == 303
    assert counts(session) == [0, 0]


def test_who_leaves_takes_their_voice_along_and_their_approach_stays(
    visitor: Browser, author: Browser, resident: Browser, session: Session, cast: Cast, two: tuple[Approach, Approach]
) -> None:
    prefer(author, two[1], "Hier woon ik.")
    prefer(resident, two[1])
    assert counts(session) == [0, 2]
    erase_account(session, cast.author.id, Choice.TAKE_AWAY)
    session.commit()
    assert counts(session) == [0, 1]
    shown = text_of(visitor.get(f"/pilots/{two[0].pilot_id}/approaches/{two[0].id}").text)
    assert two[0].title in shown
    assert "Proposed by someone who has left" in shown
    assert "Hier woon ik." not in visitor.get(f"/pilots/{two[1].pilot_id}/approaches/{two[1].id}").text


def test_what_is_hidden_is_gone_and_comes_back(
    browser_of: Any, resident: Browser, visitor: Browser, session: Session, cast: Cast, two: tuple[Approach, Approach]
) -> None:
    prefer(resident, two[0], "Jij bent een sukkel.")
    said = session.exec(select(Preference)).one()
    moderator, address = browser_of(cast.moderator), f"/pilots/{two[0].pilot_id}/approaches/{two[0].id}"
    hidden = {"ground": "insult", "facts": "Dit mag hier niet."}
    assert visitor.get(f"/flags/new?content={said.content_id}").status_code == 200
    assert decide(moderator, session, said.content_id or 0, "hide", **hidden).status_code == 303
    assert "sukkel" not in visitor.get(address).text
    assert counts(session) == [1, 0]
    assert decide(moderator, session, two[0].content_id, "hide", **hidden).status_code == 303
    assert visitor.get(address).status_code == 404
    assert two[0].title not in visitor.get(f"/pilots/{two[0].pilot_id}/approaches").text
    assert prefer(resident, two[0]).status_code == 404
    assert prefer(resident, two[1]).status_code == 303
    assert two[0].title in moderator.get(f"/moderation/items/{two[0].content_id}").text
    assert decide(moderator, session, two[0].content_id, "restore").status_code == 303
    assert visitor.get(address).status_code == 200


def test_many_approaches_cost_no_more_statements_than_two(
    visitor: Browser, session: Session, cast: Cast, pilot: Pilot, two: tuple[Approach, Approach], counting: Counting
) -> None:
    seen = {"Cookie": "seen=1"}  # who brings nothing has the name of the city looked up after every write
    visitor.get(f"/pilots/{pilot.id}/approaches", headers=seen)
    with counting() as few:
        visitor.get(f"/pilots/{pilot.id}/approaches", headers=seen)
    for number in range(12):
        make_approach(session, pilot, cast.resident, f"Aanpak {number}")
    with counting() as many:
        assert visitor.get(f"/pilots/{pilot.id}/approaches", headers=seen).text.count('class="card') >= 14
    assert many.count == few.count
