"""A pilot on a phone: asked by mail, one tap, changed, counted; the team asks, tells and looks at its board."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from app.core.db import Database
from app.following.models import Pace
from app.issues.actions import cast_vote
from app.mailing import send_what_is_due
from app.notifications.gathering import gather_mail
from app.notifications.models import MailChoice, NoticeKind
from app.notifications.telling import tell_what_happened
from app.pilots.models import Pilot, Stage
from app.verdicts.actions import ask_residents
from tests.browser.conftest import PHONE, Visit
from tests.conftest import Cast
from tests.factories import make_issue, make_pilot

WORDS = {
    "nl": ("Verstuur mijn antwoord", "Niet opgelost", "1 van de 2 gevraagde mensen antwoordden: 1 opgelost"),
    "en": ("Send my answer", "Not solved", "1 of 2 asked answered: 1 solved"),
}
AFTERWARDS = {"nl": "0 opgelost, 0 deels, 1 niet.", "en": "0 solved, 0 partly, 1 not."}


@pytest.fixture
def pilot(session: Session, cast: Cast) -> Pilot:
    issue = make_issue(session, cast.author)
    cast_vote(session, cast.resident.id, issue)
    made = make_pilot(session, [issue])
    made.stage, made.next_step = Stage.PILOT, "We hangen lampen op."
    session.add(made)
    session.add(MailChoice(person_id=cast.resident.id, kind=NoticeKind.SOLVED, pace=Pace.AT_ONCE))
    session.commit()
    return made


@pytest.mark.parametrize("locale", ["nl", "en"])
def test_asked_by_mail_and_answered_with_a_tap(
    visit: Callable[..., Visit], session: Session, database: Database, cast: Cast, pilot: Pilot, locale: str
) -> None:
    cast.resident.locale = locale
    ask_residents(session, pilot, cast.team.id)
    session.commit()
    send, not_solved, counted = WORDS[locale]
    me = visit(PHONE, locale, locale == "nl")
    page = me.page
    tell_what_happened(database)
    gather_mail(database)
    send_what_is_due(database, me.server.settings)
    mail = me.newest_mail().replace("=\n", "").replace("=3D", "=")
    found = re.search(r"(/pilots/\d+/verdict/[\w.-]+)\?answer=solved", mail)
    assert found, mail
    me.go(found[0])
    expect(page.locator("input[value=solved]")).to_be_checked()
    me.examine()
    page.get_by_role("button", name=send).click()
    expect(page.locator("#verdict")).to_contain_text(counted)
    me.examine()
    me.go(found[1])
    page.get_by_label(not_solved, exact=True).check()
    page.get_by_role("button", name=send).click()
    expect(page.locator("#verdict")).to_contain_text(AFTERWARDS[locale])
    for path in ("verdict", "summary", "timeline"):
        me.go(f"/pilots/{pilot.id}/{path}")
        me.examine()


def test_the_team_asks_tells_and_looks_at_its_board(visit: Callable[..., Visit], cast: Cast, pilot: Pilot) -> None:
    me = visit(PHONE, "nl", True)
    page = me.page
    me.go("/sign-in")
    me.sign_in(cast.team.email or "")
    me.go(f"/pilots/{pilot.id}")
    me.examine()
    page.locator("form[action$='/verdict/asking'] button").click()
    expect(page.locator("[data-notice=asked-verdict]")).to_be_visible()
    page.locator("a[href$='/updates']").click()
    me.examine()
    page.fill("#text", "De lampen hangen er nu twee weken.")
    page.locator("#form button").click()
    expect(page.locator("#verdict")).to_contain_text("De lampen hangen er nu twee weken.")
    for path in ("/team/pilots", "/pilots"):
        me.go(path)
        expect(page.locator("main")).to_contain_text(pilot.title)
        me.examine()


def test_nothing_scrolls_sideways_on_a_narrow_phone(
    visit: Callable[..., Visit], session: Session, cast: Cast, pilot: Pilot
) -> None:
    ask_residents(session, pilot, cast.team.id)
    session.commit()
    me = visit({"width": 320, "height": 640}, "nl", True)
    for path in (f"/pilots/{pilot.id}", f"/pilots/{pilot.id}/verdict", f"/pilots/{pilot.id}/summary", "/pilots"):
        me.go(path)
        assert me.is_within_the_screen(), path
