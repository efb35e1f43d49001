"""Who proposes an approach, what it must have, who may change it or take it back, and until when."""

import re
from typing import Any

import pytest
from sqlmodel import Session, select

from app.activity.models import AuditEntry, Fact, TimelineEntry
from app.approaches.actions import MOST_PER_PERSON
from app.approaches.models import Approach, ApproachPart
from app.content.models import Content, Visibility
from app.pilots.models import Pilot, Stage
from tests.approaches.conftest import BrowserOf
from tests.browsing import Browser, text_of
from tests.conftest import Cast
from tests.factories import make_approach, make_issue, make_pilot

FORM = {
    "title": "Samen naar huis fietsen",
    "summary": "Buren fietsen na de training samen naar huis, en wie alleen is sluit aan.",
    "kind-1": "social",
    "part-1": "Een groep die om acht uur bij de sporthal vertrekt",
    "kind-3": "organisational",
    "part-3": "De club spreekt tijden af",
}


def propose(browser: Browser, pilot: Pilot, **typed: str) -> Any:
    return browser.post(f"/pilots/{pilot.id}/approaches", data={**FORM, **typed})


def newest(session: Session) -> Approach:
    session.rollback()
    return session.exec(select(Approach).order_by(Approach.id.desc())).first()  # type: ignore[attr-defined, return-value]


def move_on(session: Session, pilot: Pilot, stage: Stage) -> None:
    pilot.stage = stage
    session.add(pilot)
    session.commit()


def test_a_resident_proposes_an_approach_made_of_parts(
    resident: Browser, visitor: Browser, session: Session, pilot: Pilot
) -> None:
    assert "What it is made of" not in resident.get(f"/pilots/{pilot.id}/approaches/new").text
    sent = propose(resident, pilot)
    approach = newest(session)
    assert (sent.status_code, sent.headers["location"]) == (303, f"/pilots/{pilot.id}/approaches/{approach.id}")
    parts = session.exec(select(ApproachPart.kind, ApproachPart.text).order_by(ApproachPart.position)).all()  # type: ignore[arg-type]
    assert [kind for kind, _text in parts] == ["social", "organisational"]
    for page in (f"/pilots/{pilot.id}", f"/pilots/{pilot.id}/approaches", sent.headers["location"]):
        assert FORM["title"] in visitor.get(page).text
    shown = text_of(visitor.get(sent.headers["location"]).text)
    assert "Without new technology" in shown
    assert "Proposed by Bram" in shown
    entry = session.exec(select(TimelineEntry).where(TimelineEntry.kind == "approach.proposed")).one()
    assert not entry.by_city
    assert session.exec(select(Fact.source_id)).all() == [entry.id]


def test_what_the_team_proposes_is_the_citys(team: Browser, visitor: Browser, session: Session, pilot: Pilot) -> None:
    assert propose(team, pilot, **{"kind-1": "digital"}).status_code == 303
    shown = text_of(visitor.get(f"/pilots/{pilot.id}/approaches").text)
    assert "Proposed by the city team" in shown
    assert "With new technology" in shown
    assert "approach.proposed" in session.exec(select(AuditEntry.kind)).all()


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"title": "x"}, "title"),
        ({"summary": "Te kort"}, "summary"),
        ({"part-1": "", "part-3": ""}, "part-1"),
        ({"kind-1": ""}, "kind-1"),
        ({"kind-1": "magic"}, "kind-1"),
        ({"part-3": "x" * 501}, "part-3"),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value,
)
def test_what_is_wrong_is_said_beside_the_field(
    resident: Browser, session: Session, pilot: Pilot, typed: dict[str, str], beside: str
) -> None:
    refused = propose(resident, pilot, **typed)
    assert refused.status_code == 422
    assert f'id="{beside}-error"' in refused.text
    assert re.search(r'<option value="organisational" selected', refused.text)
    assert session.exec(select(Approach)).first() is None


def test_there_is_always_one_more_row_until_ten(resident: Browser, session: Session, pilot: Pilot) -> None:
    address = f"/pilots/{pilot.id}/approaches"
    page = resident.get(f"{address}/new").text
    assert page.count('name="part-') == 3
    more = resident.post(address, data={**FORM, "more": "yes", "rows": "3"})
    assert (more.status_code, more.text.count('name="part-')) == (200, 4)
    assert FORM["part-3"] in more.text
    rows = resident.htmx("POST", address, data={**FORM, "more": "yes", "rows": "9"})
    assert rows.text.lstrip().startswith("<fieldset")
    assert rows.text.count('name="part-') == 10
    assert 'name="more"' not in rows.text
    assert session.exec(select(Approach)).first() is None


def test_the_same_form_sent_twice_is_one_approach(resident: Browser, session: Session, pilot: Pilot) -> None:
    first, again = propose(resident, pilot, nonce="een-nonce"), propose(resident, pilot, nonce="een-nonce")
    assert first.headers["location"] == again.headers["location"]
    assert len(session.exec(select(Approach)).all()) == 1
    assert propose(resident, pilot, nonce="een-nonce", title="Een andere naam").status_code == 303
    assert len(session.exec(select(Approach)).all()) == 2


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.IDEA])
def test_past_the_idea_nothing_is_proposed_changed_or_taken_back(
    resident: Browser, session: Session, cast: Cast, pilot: Pilot, stage: Stage
) -> None:
    approach = make_approach(session, pilot, cast.resident)
    move_on(session, pilot, stage)
    address = f"/pilots/{pilot.id}/approaches/{approach.id}"
    assert propose(resident, pilot).status_code == 409
    assert resident.post(f"{address}/edit", data={**FORM, "version": "1"}).status_code == 409
    assert resident.post(f"{address}/withdrawal").status_code == 409
    assert resident.post(f"{address}/preference").status_code == 409
    assert newest(session).title == approach.title
    assert "approaches/new" not in resident.get(f"/pilots/{pilot.id}/approaches").text


def test_nobody_floods_a_pilot(resident: Browser, team: Browser, session: Session, cast: Cast, pilot: Pilot) -> None:
    for number in range(MOST_PER_PERSON):
        assert propose(resident, pilot, title=f"Aanpak nummer {number}").status_code == 303
    refused = propose(resident, pilot)
    assert refused.status_code == 409
    assert FORM["summary"] in refused.text
    assert "You proposed 3 approaches here already" in refused.text
    for number in range(37):
        make_approach(session, pilot, None, f"Aanpak {number} van de stad")
    assert propose(team, pilot).status_code == 409


def test_the_author_changes_it_until_somebody_else_prefers_it(
    author: Browser, resident: Browser, team: Browser, session: Session, pilot: Pilot
) -> None:
    propose(author, pilot)
    address = f"/pilots/{pilot.id}/approaches/{newest(session).id}"
    assert f'value="{FORM["title"]}"' in author.get(f"{address}/edit").text
    assert author.post(f"{address}/preference").status_code == 303
    changed = {**FORM, "title": "Samen fietsen op dinsdag", "kind-3": "financial", "version": "1"}
    assert author.post(f"{address}/edit", data=changed).status_code == 303
    shown = text_of(author.get(address).text)
    assert "Samen fietsen op dinsdag" in shown
    assert "(version 2)" in shown
    late = author.post(f"{address}/edit", data={**changed, "title": "Uit een ander tabblad"})
    assert late.status_code == 409
    assert "Samen fietsen op dinsdag" in late.text
    assert 'value="Uit een ander tabblad"' in late.text
    assert 'name="version" value="2"' in late.text
    assert resident.post(f"{address}/preference").status_code == 303
    for try_again in ("edit", "withdrawal"):
        refused = author.post(f"{address}/{try_again}", data={**changed, "version": "2"})
        assert refused.status_code == 409
    assert team.post(f"{address}/edit", data={**changed, "version": "2", "title": "Zonder tikfout"}).status_code == 303
    assert "Changed by the city team" in text_of(resident.get(address).text)
    before = text_of(resident.get(f"{address}/history").text)
    assert "Samen fietsen op dinsdag" in before
    assert FORM["title"] not in before, "a correction by its author in the first half hour leaves nothing behind"
    assert "approach.changed" in session.exec(select(AuditEntry.kind)).all()


def test_taken_back_it_is_gone_with_its_words(
    author: Browser, visitor: Browser, session: Session, pilot: Pilot
) -> None:
    propose(author, pilot)
    approach = newest(session)
    address = f"/pilots/{pilot.id}/approaches/{approach.id}"
    author.post(f"{address}/preference", data={"reason": "Omdat ik er zelf bij ben."})
    contents = {approach.content_id}
    assert author.post(f"{address}/withdrawal").status_code == 303
    assert visitor.get(address).status_code == 404
    assert FORM["title"] not in visitor.get(f"/pilots/{pilot.id}/approaches").text
    session.expire_all()
    assert session.exec(select(ApproachPart)).first() is None
    for content in session.exec(select(Content).where(Content.kind.in_(["approach", "preference"]))):  # type: ignore[attr-defined]
        assert content.visibility is Visibility.REMOVED
        contents.discard(content.id)
    assert not contents


def test_only_its_author_or_the_team_may(
    resident: Browser, team: Browser, session: Session, cast: Cast, pilot: Pilot
) -> None:
    theirs, ours = make_approach(session, pilot, cast.author), make_approach(session, pilot, None)
    base = f"/pilots/{pilot.id}/approaches"
    assert resident.post(f"{base}/{theirs.id}/withdrawal").status_code == 404
    assert resident.get(f"{base}/{theirs.id}/edit").status_code == 404
    assert resident.get(f"{base}/{ours.id}/edit").status_code == 404
    assert team.get(f"{base}/{theirs.id}/edit").status_code == 200
    assert team.post(f"{base}/{theirs.id}/withdrawal").status_code == 404
    assert team.post(f"{base}/{ours.id}/withdrawal").status_code == 303
    other = make_pilot_elsewhere(session, cast)
    assert resident.get(f"/pilots/{other.id}/approaches/{theirs.id}").status_code == 404


def make_pilot_elsewhere(session: Session, cast: Cast) -> Pilot:
    return make_pilot(session, [make_issue(session, cast.author, "Iets anders is stuk")], "Een andere proef")


def test_who_is_suspended_proposes_and_prefers_nothing(
    browser_of: BrowserOf, session: Session, cast: Cast, pilot: Pilot
) -> None:
    suspended, approach = browser_of(cast.suspended), make_approach(session, pilot, cast.author)
    assert suspended.get(f"/pilots/{pilot.id}/approaches/new").status_code == 403
    assert propose(suspended, pilot).status_code == 403
    assert suspended.post(f"/pilots/{pilot.id}/approaches/{approach.id}/preference").status_code == 403
    own = make_approach(session, pilot, cast.suspended)
    assert suspended.post(f"/pilots/{pilot.id}/approaches/{own.id}/withdrawal").status_code == 403
