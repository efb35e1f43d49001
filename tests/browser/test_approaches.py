"""A resident proposes an approach, a neighbour prefers it, the team chooses; with and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast
from tests.factories import make_approach, make_issue, make_pilot

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WAYS = [
    pytest.param(PHONE, "nl", True, id="phone-nl"),
    pytest.param(DESK, "en", False, id="desk-en-without-javascript"),
]


def propose(me: Visit, base: str) -> None:
    page = me.page
    me.go(f"{base}/new")
    me.examine()
    page.fill("#title", "Samen naar huis fietsen")
    page.press("#title", "Enter")  # sends the form, and does not add a row
    expect(page.locator("#summary-error")).to_be_visible()
    me.faults.clear()  # the browser notes that the form was refused
    page.fill("#summary", "Buren fietsen na de training samen naar huis, en wie alleen is sluit aan.")
    page.select_option("#kind-1", "social")
    page.fill("#part-1", "Een groep die om acht uur vertrekt")
    page.locator("button[name=more]").click()
    expect(page.locator("#part-4")).to_be_visible()
    expect(page.locator("#part-1")).to_have_value("Een groep die om acht uur vertrekt")
    page.select_option("#kind-4", "organisational")
    page.fill("#part-4", "De club spreekt tijden af")
    me.examine()
    page.locator("#form .button-large").click()
    page.wait_for_url(f"**{base}/2")
    me.examine()


def prefer(me: Visit, base: str) -> None:
    page = me.page
    me.go(base)
    me.examine()
    page.locator("#approach-2 .button-second").click()
    expect(page.locator("#prefer-2 details")).to_be_visible()
    me.examine()
    page.locator("#prefer-2 summary").click()
    page.fill("#reason-2", "Dan fietst mijn dochter niet alleen.")
    page.locator("#prefer-2 .button-small").click()
    expect(page.locator("#prefer-2 summary")).to_contain_text(re.compile("Wijzig je reden|Change your reason"))
    me.go(f"{base}/2")
    expect(page.locator("#reasons")).to_contain_text("mijn dochter")
    me.examine()


def choose(me: Visit, base: str) -> None:
    page = me.page
    me.go(base)
    page.locator("a[href$='/choice']").click()
    page.wait_for_url("**/choice")
    me.examine()
    page.locator("#form .button-large").click()
    expect(page.locator("#reason-error")).to_be_visible()
    me.faults.clear()
    me.examine()
    page.locator("input[name=approach]").first.check()
    page.fill("#reason", "De meeste bewoners vinden deze het beste, en hij kan meteen beginnen.")
    page.locator("#form .button-large").click()
    page.wait_for_url(f"**{base}")
    expect(page.locator("#choice")).to_contain_text("kan meteen beginnen")
    me.examine()


@pytest.mark.parametrize(("size", "locale", "javascript"), WAYS)
def test_from_a_proposal_to_the_choice(
    visit: Callable[..., Visit], session: Session, cast: Cast, size: dict[str, int], locale: str, javascript: bool
) -> None:
    pilot = make_pilot(session, [make_issue(session, cast.author)])
    make_approach(session, pilot, None, "Lampen die meebewegen", "digital")
    base = f"/pilots/{pilot.id}/approaches"
    me = visit(size, locale, javascript)
    me.come_in(session, cast.author, locale)
    propose(me, base)
    me.come_in(session, cast.resident, locale)
    prefer(me, base)
    me.come_in(session, cast.team, locale)
    choose(me, base)
    me.go(f"/pilots/{pilot.id}")
    expect(me.page.locator("#approaches")).to_contain_text("Samen naar huis fietsen")
    me.examine()
    me.page.set_viewport_size({"width": 320, "height": 640})
    me.go(base)
    me.examine()
    me.go(f"/pilots/{pilot.id}/edit")
    expect(me.page.locator("#frozen")).to_be_visible()
    if javascript:
        me.page.fill("#problem", "Er moeten camera's komen bij het fietspad langs de duinen.")
        expect(me.page.locator("#wording")).to_contain_text("camera's")
        me.page.fill("#problem", "Niemand durft na zonsondergang op het fietspad langs de duinen.")
        expect(me.page.locator("#wording")).not_to_contain_text("camera's")
    me.examine()
