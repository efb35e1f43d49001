"""Who makes a pilot together: residents join and leave, the team keeps partners and writes to everybody."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.activity.models import AuditEntry, MailOutcome, OutgoingMail, TimelineEntry
from app.coalition.models import CoalitionLetter, CoCreator, Partner, PartnerKind
from app.core.clock import now
from app.core.db import Database
from app.following.models import PilotFollow
from app.mailing import send_what_is_due
from app.notifications.models import Notice
from app.notifications.telling import tell_what_happened
from app.pilots.models import Pilot, Stage
from app.settings import Settings
from tests.browsing import Browser
from tests.conftest import Cast, Counting
from tests.crowd import at_once
from tests.factories import make_issue, make_person, make_pilot
from tests.notifications.conftest import Round, by_smtp, office, work_round

__all__ = ["by_smtp", "office", "work_round"]

BrowserOf = Callable[[Person | None], Browser]
FORM = {"name": "Stadsbeheer", "kind": "department", "role": "Hangt de lampen op", "website": "www.example.nl"}
LETTER = {
    "subject": "Zaterdag hangen we lampen op",
    "text": "Kom je ook?\n\nNeem <b>handschoenen</b> mee.",
    "seen": "0",
}


@pytest.fixture
def pilot(session: Session, cast: Cast) -> Pilot:
    return make_pilot(session, [make_issue(session, cast.author)])


@pytest.fixture
def team(browser_of: BrowserOf, cast: Cast) -> Browser:
    return browser_of(cast.team)


@pytest.fixture
def page(pilot: Pilot) -> str:
    return f"/pilots/{pilot.id}/coalition"


def put(session: Session, pilot: Pilot, stage: Stage) -> None:
    pilot.stage = stage
    session.add(pilot)
    session.commit()


def join_as_rows(session: Session, pilot: Pilot, *people: Person) -> None:
    session.add_all(CoCreator(pilot_id=pilot.id, person_id=person.id) for person in people)
    session.commit()


def add_partner(session: Session, pilot: Pilot, name: str = "Stadsbeheer", email: str | None = None) -> Partner:
    partner = Partner(pilot_id=pilot.id, name=name, kind=PartnerKind.DEPARTMENT, role="Hangt de lampen op", email=email)
    session.add(partner)
    session.commit()
    return partner


def test_a_resident_joins_with_one_press_and_leaves_again(
    resident: Browser, visitor: Browser, session: Session, cast: Cast, pilot: Pilot, page: str
) -> None:
    assert "iedereen hier je naam lezen: “Bram”" in resident.get(f"/pilots/{pilot.id}").text
    assert [resident.post(f"{page}/join").headers["location"] for _twice in range(2)] == [page] * 2
    for address in (page, f"/pilots/{pilot.id}"):
        assert "Bram" in visitor.get(address).text
    assert session.get(PilotFollow, (pilot.id, cast.resident.id)) is not None
    assert resident.post(f"{page}/leave").status_code == 303
    assert resident.post(f"{page}/leave").status_code == 303
    assert "Bram" not in visitor.get(page).text
    assert session.exec(select(func.count()).select_from(CoCreator)).one() == 0


@pytest.mark.parametrize("stage", [Stage.EMBEDDED, Stage.STOPPED])
def test_nobody_joins_a_pilot_that_has_ended_but_everybody_can_leave_it(
    resident: Browser, session: Session, cast: Cast, pilot: Pilot, page: str, stage: Stage
) -> None:
    put(session, pilot, stage)
    refused = resident.post(f"{page}/join")
    assert refused.status_code == 409
    assert "afgelopen" in refused.text
    assert f"{page}/join" not in resident.get(page).text
    join_as_rows(session, pilot, cast.resident)
    assert resident.post(f"{page}/leave").status_code == 303
    assert session.exec(select(CoCreator)).first() is None


def test_who_is_suspended_cannot_join_but_can_leave(
    browser_of: BrowserOf, session: Session, cast: Cast, pilot: Pilot, page: str
) -> None:
    suspended = browser_of(cast.suspended)
    assert suspended.post(f"{page}/join").status_code == 403
    join_as_rows(session, pilot, cast.suspended)
    assert suspended.post(f"{page}/leave").status_code == 303
    assert session.exec(select(CoCreator)).first() is None


def test_the_name_of_who_joined_can_be_reported_and_goes_when_it_is_hidden(
    resident: Browser, visitor: Browser, session: Session, cast: Cast, page: str
) -> None:
    resident.post(f"{page}/join")
    report = re.search(r'href="(/flags/new\?content=\d+)"', visitor.get(page).text)
    assert report
    assert "Bram" in visitor.get(report.group(1)).text
    cast.resident.display_name = "Rustige Reiger"
    session.add(cast.resident)
    session.commit()
    assert "Rustige Reiger" in visitor.get(page).text


def test_many_who_joined_come_in_pages_of_a_fixed_number_of_statements(
    visitor: Browser, session: Session, pilot: Pilot, page: str, counting: Counting
) -> None:
    with counting() as few:
        visitor.get(page)
    at = now()
    for number in range(45):
        person = make_person(session, f"bewoner{number:02}")
        session.add(CoCreator(pilot_id=pilot.id, person_id=person.id, joined_at=at + timedelta(seconds=number // 2)))
    session.commit()
    seen, address, counts = [], page, set()
    while address:
        with counting() as counted:
            shown = visitor.get(address).text
        counts.add(counted.count)
        seen += re.findall(r'<span class="breakable">(Bewoner\d+)</span>', shown)
        further = re.search(r'href="(/pilots/\d+/coalition\?after=[^"]+)"', shown)
        address = further.group(1) if further else ""
    assert seen == [f"Bewoner{number:02}" for number in range(45)]
    assert max(counts) <= few.count
    assert "and 40 more" in visitor.get(f"/pilots/{pilot.id}").text
    for nonsense in ("x", "WzFd", "WzEsMl0", "Wy05MDA3MTk5MjU0NzQwOTkxLDFd"):
        assert visitor.get(f"{page}?after={nonsense}").status_code in (200, 400)


def test_the_team_adds_changes_and_lets_go_of_a_partner(
    team: Browser, visitor: Browser, session: Session, pilot: Pilot, page: str
) -> None:
    added = team.post(f"{page}/partners", data={**FORM, "email": "Beheer@example.nl"})
    assert added.headers["location"] == page
    partner = session.exec(select(Partner)).one()
    assert (partner.website, partner.email) == ("https://www.example.nl", "beheer@example.nl")
    shown = visitor.get(page).text
    assert "Stadsbeheer" in shown
    assert "beheer@example.nl" not in shown
    form = team.get(f"{page}/partners/{partner.id}").text
    assert 'value="beheer@example.nl"' in form
    changed = {**FORM, "name": "Stadsbeheer Noord", "email": "", "version": "1"}
    assert team.post(f"{page}/partners/{partner.id}", data=changed).status_code == 303
    assert "Stadsbeheer Noord" in visitor.get(f"/pilots/{pilot.id}").text
    assert team.post(f"{page}/partners/{partner.id}/farewell", data={"version": "2"}).status_code == 303
    shown = visitor.get(page).text
    assert "1 partner who left" in shown
    assert "Stadsbeheer Noord" in shown
    session.expire_all()
    assert (partner.email, partner.left_at is not None) == (None, True)
    assert team.get(f"{page}/partners/{partner.id}").status_code == 404
    kinds = [entry.kind for entry in session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))]
    assert kinds[-4:] == ["partner.added", "partner.address-seen", "partner.changed", "partner.let-go"]
    told = {entry.kind: entry.text for entry in session.exec(select(TimelineEntry)) if entry.subject_kind == "pilot"}
    assert told == {"partner.joined": "Stadsbeheer", "partner.left": "Stadsbeheer Noord"}


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 121}, {"kind": "bank"}, {"kind": ""}, {"role": ""}, {"email": "geen adres"}]
    + [{"website": address} for address in ("javascript:alert(1)", "ftp://example.nl", "geen", "https://", "a b.nl")],
    ids=str,
)
def test_a_partner_that_cannot_be_kept_comes_back_with_what_was_typed(
    team: Browser, session: Session, page: str, wrong: dict[str, str]
) -> None:
    refused = team.post(f"{page}/partners", data={**FORM, "role": "Zorgt voor stroom", **wrong})
    assert refused.status_code == 422
    assert f'id="{next(iter(wrong))}-error"' in refused.text
    assert "role" in wrong or "Zorgt voor stroom" in refused.text
    assert session.exec(select(Partner)).first() is None


def test_a_partner_is_there_once_and_a_pilot_that_ended_gets_no_new_ones(
    team: Browser, session: Session, pilot: Pilot, page: str
) -> None:
    answers = at_once([partial(team.post, f"{page}/partners", data=FORM)] * 4)
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    again = team.post(f"{page}/partners", data={**FORM, "name": "STADSBEHEER"})
    assert again.status_code == 409
    assert "doet al mee" in again.text
    put(session, pilot, Stage.STOPPED)
    late = team.post(f"{page}/partners", data={**FORM, "name": "Iemand anders"})
    assert late.status_code == 409
    assert "Iemand anders" in late.text


def test_two_who_change_a_partner_at_once_never_overwrite_each_other(
    team: Browser, session: Session, pilot: Pilot, page: str
) -> None:
    address = f"{page}/partners/{add_partner(session, pilot).id}"
    roles = ["Betaalt de lampen", "Meet hoe licht het is", "Houdt een oogje in het zeil"]
    answers = at_once([partial(team.post, address, data={**FORM, "role": role, "version": "1"}) for role in roles])
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    session.expire_all()
    stands = session.exec(select(Partner)).one()
    for role, answer in zip(roles, answers, strict=True):
        if answer.status_code == 409:
            assert role in answer.text
            assert stands.role in answer.text
            assert 'name="version" value="2"' in answer.text
    assert team.post(f"{address}/farewell", data={"version": "1"}).status_code == 409
    assert team.post(f"{address}/farewell", data={"version": "2"}).status_code == 303


def test_a_letter_goes_to_everybody_once_and_says_to_the_team_to_how_many(
    team: Browser, session: Session, cast: Cast, pilot: Pilot, page: str, work_round: Round
) -> None:
    english = make_person(session, "eve", locale="en")
    join_as_rows(session, pilot, cast.resident, cast.suspended, english)
    add_partner(session, pilot, email="beheer@example.nl")
    add_partner(session, pilot, "Zonder adres")
    assert "2 bewoners die meedoen" in team.get(f"{page}/letters").text
    sent = at_once([partial(team.post, f"{page}/letters", data=LETTER)] * 3)
    assert sorted(answer.status_code for answer in sent) == [303, 409, 409]
    mails = {mail["To"]: mail for mail in work_round()}
    assert sorted(mails) == ["beheer@example.nl", "bram@example.nl", "eve@example.nl"]
    assert {mail["Subject"] for mail in mails.values()} == {LETTER["subject"]}
    assert "joined this pilot" in mails["eve@example.nl"].get_body(("plain",)).get_content()
    assert "&lt;b&gt;handschoenen" in mails["bram@example.nl"].get_body(("html",)).get_content()
    assert mails["beheer@example.nl"]["List-Unsubscribe"] is None
    shown = team.get(f"{page}/letters").text
    assert "naar 3 adressen" in shown
    assert "Kom je ook?" in shown
    assert "Kom je ook?" not in team.get(page).text
    assert session.exec(select(AuditEntry.facts).where(AuditEntry.kind == "coalition.written-to")).one()["to"] == 3


def test_the_link_in_a_letter_leaves_with_one_click(
    visitor: Browser, session: Session, cast: Cast, pilot: Pilot, page: str, team: Browser, work_round: Round
) -> None:
    join_as_rows(session, pilot, cast.resident)
    team.post(f"{page}/letters", data=LETTER)
    mail = work_round()[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way_out = "/unsubscribe/" + mail["List-Unsubscribe"].rpartition("/")[2].rstrip(">")
    assert "Leave this pilot" in visitor.get(way_out).text
    assert session.exec(select(CoCreator)).first() is not None, "a mail scanner opens links"
    for _again in range(2):
        assert visitor.post(way_out, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert session.exec(select(CoCreator)).first() is None


def test_who_left_before_the_letter_did_does_not_get_it(
    team: Browser, session: Session, cast: Cast, pilot: Pilot, page: str, database: Database, settings: Settings
) -> None:
    join_as_rows(session, pilot, cast.resident)
    partner = add_partner(session, pilot, email="beheer@example.nl")
    team.post(f"{page}/letters", data=LETTER)
    team.post(f"{page}/partners/{partner.id}/farewell", data={"version": "1"})
    session.delete(session.get_one(CoCreator, (pilot.id, cast.resident.id)))
    session.commit()
    assert send_what_is_due(database, settings) == 0
    assert set(session.exec(select(OutgoingMail.outcome))) == {MailOutcome.WITHDRAWN}


@pytest.mark.parametrize("wrong", [{"subject": ""}, {"text": "kort"}, {"text": "x" * 4001}, {"seen": "x"}], ids=str)
def test_a_letter_that_cannot_go_comes_back_with_what_was_typed(
    team: Browser, session: Session, cast: Cast, pilot: Pilot, page: str, wrong: dict[str, str]
) -> None:
    join_as_rows(session, pilot, cast.resident)
    refused = team.post(f"{page}/letters", data={**LETTER, **wrong})
    assert refused.status_code == 422
    assert "subject" in wrong or LETTER["subject"] in refused.text
    assert session.exec(select(CoalitionLetter)).first() is None


def test_a_letter_to_nobody_is_not_sent(team: Browser, session: Session, page: str) -> None:
    assert team.post(f"{page}/letters", data=LETTER).status_code == 409
    assert session.exec(select(OutgoingMail)).first() is None


def test_news_of_a_pilot_reaches_who_joined_it_also_when_they_do_not_follow_it(
    team: Browser, session: Session, cast: Cast, pilot: Pilot, page: str, database: Database
) -> None:
    join_as_rows(session, pilot, cast.resident)
    team.post(f"{page}/partners", data=FORM)
    tell_what_happened(database)
    assert set(session.exec(select(Notice.person_id))) == {cast.resident.id}
