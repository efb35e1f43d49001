"""Through a gate: half-finished answers, what is missing, a pass in the open, and the lesson that others find."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from app.gates.models import GateDraft
from app.pilots.models import Stage
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast
from tests.factories import make_issue
from tests.gates.world import ANSWERS, SOON, ready_pilot

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WAYS = [pytest.param(DESK, "nl", True, id="desk-nl"), pytest.param(PHONE, "en", True, id="phone-en")]
NARROW = {"width": 320, "height": 640}


def fill(me: Visit, answers: dict[str, str]) -> None:
    for key, text in answers.items():
        field = me.page.locator(f"#gate-form [name='{key}']")
        if field.first.get_attribute("type") == "radio":
            me.page.check(f"[name='{key}'][value='{text}']")
        else:
            field.fill(text)


@pytest.mark.parametrize(("size", "locale", "javascript"), WAYS)
def test_through_a_gate(
    visit: Callable[..., Visit], session: Session, cast: Cast, size: dict[str, int], locale: str, javascript: bool
) -> None:
    pilot = ready_pilot(session, [make_issue(session, cast.author)], Stage.PILOT)
    me = visit(size, locale, javascript)
    me.come_in(session, cast.team, locale)
    me.go(f"/pilots/{pilot.id}")
    me.page.locator(f"a[href='/pilots/{pilot.id}/gates/pilot']").click()
    me.page.wait_for_url("**/gates/pilot")
    me.examine()
    answers = dict(ANSWERS[Stage.PILOT])
    last_day = answers.pop("ends_on")
    fill(me, answers)
    me.page.check("[name=internal-budget]")
    me.page.locator("button[formaction$='/answers']").click()
    me.page.wait_for_selector("[data-notice=saved]")
    expect(me.page.locator("#owner")).to_have_value(answers["owner"])
    expect(me.page.locator("#checklist summary")).to_contain_text("1")
    me.examine()
    me.page.check("[name=outcome][value=pass]")
    fill(me, {"reason": "Alles is besproken en geregeld.", "next_step": "We hangen de lampen op.", "next_on": SOON})
    me.page.locator("#decide .button:not([formaction])").click()
    me.page.wait_for_selector("#refused .error-summary")
    expect(me.page.locator("#ends_on-error")).to_be_visible()
    me.faults.clear()  # the browser notes that the form was refused
    me.examine()
    fill(me, {"ends_on": last_day})
    me.page.locator("#lesson summary").click()
    fill(me, {"lesson_title": "Vraag eerst de buren", "lesson_text": "Dan weet je wie het niet wil, en waarom."})
    me.page.locator("#decide .button:not([formaction])").click()
    me.page.wait_for_url(f"**/pilots/{pilot.id}/gates")
    expect(me.page.locator("#decision-1")).to_contain_text("Alles is besproken en geregeld.")
    for summary in me.page.locator("#decision-1 summary").all():
        summary.click()
    me.examine()
    visitor = visit(NARROW, locale, javascript)
    visitor.go(f"/pilots/{pilot.id}/gates")
    visitor.page.locator("#decision-1 summary").first.click()
    expect(visitor.page.locator("#decision-1")).not_to_contain_text("12.500")
    visitor.examine()
    visitor.go("/lessons")
    visitor.page.fill("#q", "buren")
    visitor.page.press("#q", "Enter")
    visitor.page.locator("#lessons .card-link").first.click()
    visitor.page.wait_for_url("**/lessons/*")
    expect(visitor.page.locator("h1")).to_have_text("Vraag eerst de buren")
    visitor.examine()


def test_two_editors_without_javascript(visit: Callable[..., Visit], session: Session, cast: Cast) -> None:
    pilot = ready_pilot(session, [make_issue(session, cast.author)], Stage.PROOF_OF_CONCEPT)
    me = visit(NARROW, "nl", False)
    me.come_in(session, cast.team)
    me.go(f"/pilots/{pilot.id}/gates/proof-of-concept")
    theirs = {"for_whom": {"text": "Voor iedereen die fietst.", "internal": False}}
    session.add(GateDraft(pilot_id=pilot.id, gate=Stage.PROOF_OF_CONCEPT, answers=theirs, saved_by=cast.admin.id))
    session.commit()
    me.page.fill("#for_whom", "Voor scholieren.")
    me.page.locator("button[formaction$='/answers']").click()
    me.page.wait_for_selector("#refused .notice-negative")
    expect(me.page.locator(".internal").first).to_contain_text("Voor iedereen die fietst.")
    expect(me.page.locator("#for_whom")).to_have_value("Voor scholieren.")
    me.faults.clear()
    me.examine()
    me.page.locator("button[formaction$='/answers']").click()
    me.page.wait_for_selector("[data-notice=saved]")
    expect(me.page.locator("#for_whom")).to_have_value("Voor scholieren.")
