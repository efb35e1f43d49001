"""The team files for somebody: with the same checks and match, once, and with what the person wants to be known."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.activity.models import AuditEntry, OutgoingMail, TimelineEntry
from app.content.models import Content
from app.core.clock import now
from app.core.mail import compose
from app.filing.models import Draft, Entry
from app.issues.models import Channel, Issue, Photo, Source
from app.matching.models import SimilarMatch
from app.settings import Settings
from tests.browsing import Browser, text_of
from tests.conftest import Cast
from tests.factories import INSIDE, make_issue
from tests.sample_photos import a_photo

FORM = {
    "title": "Donker fietspad langs de duinen",
    "description": "Mevrouw vertelt dat ze er na zonsondergang niet meer langs durft.",
    "lat": str(INSIDE[0]),
    "lon": str(INSIDE[1]),
    "channel": "phone",
    "draft": "nonce-of-an-entry-0001",
}
PHONE = "06 12 34 56 78"


def entered(session: Session) -> Issue:
    return session.exec(select(Issue).where(col(Issue.channel).is_not(None))).one()


def author_of(session: Session, issue: Issue) -> Person:
    return session.exec(select(Person).join(Content).where(Content.id == issue.content_id)).one()


def enter(browser: Browser, **typed: Any) -> Any:
    return browser.post("/team/issues", data={**FORM, **typed})


def test_by_phone_without_an_address(session: Session, member: Browser, visitor: Browser, cast: Cast) -> None:
    earlier = make_issue(session, cast.author)
    answer = enter(member, phone=PHONE, display_name="Mevrouw De Wit")
    issue = entered(session)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/team/issues/{issue.id}")
    assert (issue.channel, issue.source, issue.neighbourhood_id) == (Channel.PHONE, Source.RESIDENT, 1)
    person = author_of(session, issue)
    assert (person.email, person.display_name) == (None, "Mevrouw De Wit")
    assert session.exec(select(SimilarMatch.other_id).where(SimilarMatch.issue_id == issue.id)).one() == earlier.id
    page = visitor.get(f"/issues/{issue.id}", follow_redirects=True).text
    assert "entered by the city team for a resident (by phone)" in text_of(page)
    assert "Mevrouw De Wit" in page
    assert "12 34 56" not in page
    assert session.exec(select(OutgoingMail)).all() == []
    filed = (TimelineEntry.subject_id == issue.id, TimelineEntry.kind == "filed")
    assert session.exec(select(TimelineEntry).where(*filed)).one().facts == {"channel": "phone"}
    audit = session.exec(select(AuditEntry).where(AuditEntry.kind == "issue.entered")).one()
    assert (audit.actor_id, audit.facts) == (cast.team.id, {"channel": "phone"})


def test_without_a_name_it_gets_a_friendly_one(session: Session, member: Browser) -> None:
    enter(member)
    assert re.fullmatch(r"\D+ \d{4}", author_of(session, entered(session)).display_name)


@pytest.mark.parametrize("source", ["business", "department"])
def test_for_a_business_or_a_department(session: Session, member: Browser, visitor: Browser, source: str) -> None:
    enter(member, source=source, channel="paper")
    page = text_of(visitor.get(f"/issues/{entered(session).id}", follow_redirects=True).text)
    assert "entered by the city team (on paper)" in page


def test_with_an_address_the_person_gets_an_account_and_a_mail(
    session: Session, member: Browser, settings: Settings
) -> None:
    enter(member, email="Wit@Example.nl", display_name="De Wit", channel="desk")
    issue = entered(session)
    person = author_of(session, issue)
    assert (person.email, person.display_name) == ("wit@example.nl", "De Wit")
    (mail,) = session.exec(select(OutgoingMail)).all()
    assert (mail.template, mail.person_id, mail.quotes) == ("entered", person.id, issue.content_id)
    body = compose(settings, mail.template, "wit@example.nl", mail.locale, **mail.context).get_content()
    assert f"/issues/{issue.id}-donker-fietspad" in body
    assert "/sign-in" in body


def test_an_account_that_is_there_keeps_its_name(session: Session, member: Browser, cast: Cast) -> None:
    enter(member, email="anna@example.nl", display_name="Iemand Anders")
    person = author_of(session, entered(session))
    assert (person.id, person.display_name) == (cast.author.id, "Anna")


def test_a_suspended_account_cannot_be_filed_for(session: Session, member: Browser, cast: Cast) -> None:
    answer = enter(member, email="sem@example.nl")
    assert answer.status_code == 422
    assert "The account with this address is suspended until" in text_of(answer.text)
    assert session.exec(select(func.count()).select_from(Issue)).one() == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"),
        ({"channel": ""}, "channel"),
        ({"channel": "pigeon"}, "channel"),
        ({"email": "no address"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"display_name": "x"}, "display_name"),
        ({"lat": "51", "lon": "5"}, "lat"),
        ({"lat": "", "lon": ""}, "address"),
    ],
)
def test_the_same_checks_and_nothing_typed_is_lost(
    session: Session, member: Browser, typed: dict[str, str], field: str
) -> None:
    answer = enter(member, **{"phone": PHONE, "display_name": "Mevrouw De Wit", **typed})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert FORM["description"] in answer.text
    assert typed.get("phone", PHONE) in answer.text
    assert session.exec(select(func.count()).select_from(Issue)).one() == 0
    assert session.exec(select(func.count()).select_from(Entry)).one() == 0


def test_the_same_form_twice_is_one_issue_of_one_person(session: Session, member: Browser, colleague: Browser) -> None:
    people = session.exec(select(func.count()).select_from(Person)).one()
    answers = [enter(member) for _try in range(2)]
    assert {answer.headers["location"] for answer in answers} == {f"/team/issues/{entered(session).id}"}
    assert session.exec(select(func.count()).select_from(Person)).one() == people + 1
    assert enter(colleague).status_code == 409


def test_the_phone_number_is_shown_on_demand_to_the_team_and_that_is_written_down(
    session: Session, member: Browser, browser_of: Callable[..., Browser], cast: Cast
) -> None:
    enter(member, phone=PHONE)
    issue = entered(session)
    assert PHONE not in member.get(f"/team/issues/{issue.id}").text
    seen = select(func.count()).where(AuditEntry.kind == "contact.seen")
    assert session.exec(seen).one() == 0
    assert PHONE in member.post(f"/team/issues/{issue.id}/contact").text
    assert PHONE in member.htmx("POST", f"/team/issues/{issue.id}/contact").text
    assert session.exec(seen).one() == 2
    for other in (cast.moderator, cast.admin, cast.resident):
        assert browser_of(other).post(f"/team/issues/{issue.id}/contact").status_code == 404


def test_an_issue_without_a_phone_number(session: Session, member: Browser, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    assert "/contact" not in member.get(f"/team/issues/{issue.id}").text
    assert "Nobody left a phone number" in member.post(f"/team/issues/{issue.id}/contact").text
    assert session.exec(select(func.count()).where(AuditEntry.kind == "contact.seen")).one() == 0


def test_photos_without_javascript_stay_when_something_is_missing(session: Session, member: Browser) -> None:
    member.get("/team/issues/new")
    photo = {"photos": ("foto.jpg", a_photo(320, 240), "image/jpeg")}
    again = member.post("/team/issues", data={**FORM, "title": "", "phone": PHONE}, files=photo)
    assert again.status_code == 422
    draft = re.findall(r'name="draft" value="([^"]+)"', again.text)[0]
    (key,) = set(re.findall(r"/photos/(\w+)-small\.jpg", again.text))
    assert member.get(f"/photos/{key}-small.jpg").status_code == 200
    removal = member.post(f"/drafts/{draft}/photos/{key}/removal", data={**FORM, "draft": draft, "phone": PHONE})
    assert removal.headers["location"] == f"/team/issues/new?draft={draft}"
    kept = member.get(removal.headers["location"]).text
    assert PHONE in kept
    assert 'value="phone" checked' in kept
    member.post("/team/issues", data={**FORM, "draft": draft}, files=photo)
    issue = entered(session)
    assert session.exec(select(func.count()).where(Photo.issue_id == issue.id)).one() == 1
    assert session.exec(select(func.count()).select_from(Draft)).one() == 0


def test_photos_that_were_sent_ahead(session: Session, member: Browser) -> None:
    member.get("/team/issues/new")
    sent = member.htmx(
        "POST", "/drafts/photos", data={"draft": FORM["draft"]}, files={"photos": ("f.jpg", a_photo(320, 240))}
    )
    assert sent.status_code == 200
    enter(member)
    assert session.exec(select(func.count()).where(Photo.issue_id == entered(session).id)).one() == 1


def test_similar_issues_show_while_it_is_typed_with_and_without_javascript(
    session: Session, member: Browser, cast: Cast
) -> None:
    make_issue(session, cast.author)
    fragment = member.htmx("POST", "/team/issues/suggestions", data=FORM)
    assert fragment.text.lstrip().startswith('<div class="suggestions')
    assert "Is it one of these?" in fragment.text
    page = member.post("/team/issues/suggestions", data={**FORM, "phone": PHONE}).text
    assert "Is it one of these?" in page
    assert PHONE in page
    assert 'action="/team/issues"' in page


def test_an_entered_person_cannot_sign_in_and_others_vote_for_their_issue(
    session: Session, member: Browser, resident: Browser
) -> None:
    enter(member)
    issue = entered(session)
    assert resident.post(f"/issues/{issue.id}/vote").status_code == 303
    session.expire_all()
    assert session.get_one(Issue, issue.id).vote_count == 1
    assert author_of(session, issue).welcomed_at is None
    assert issue.created_at > now() - timedelta(minutes=1)
