"""After every swap: nothing for axe to find, the focus is somewhere, and the news is in the live region."""

from collections.abc import Callable
from email import message_from_string, policy
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast
from tests.factories import make_comment, make_issue

# What the browser shows does not depend on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def news(me: Visit) -> str:
    return me.page.inner_text("#messages")


def has_focus(me: Visit) -> bool:
    return bool(me.page.evaluate("document.activeElement !== document.body && document.activeElement.isConnected"))


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_filters_search_and_more(
    visit: Callable[..., Visit], session: Session, cast: Cast, size: dict[str, int]
) -> None:
    for number in range(22):
        make_issue(session, cast.author, f"Losse tegel nummer {number}", theme="mobility")
    me = visit(size, "en")
    page = me.page
    me.go("/issues")
    page.focus("#more a")
    page.keyboard.press("Enter")
    expect(page.locator(".card")).to_have_count(22)
    assert has_focus(me)
    me.examine()
    page.select_option("#theme", "sustainability")
    expect(page.locator("#nothing")).to_be_visible()
    assert page.url.endswith("/issues?theme=sustainability")
    assert news(me)
    me.examine()
    page.select_option("#theme", "")
    page.fill("#q", "tegel")
    page.press("#q", "Enter")
    page.wait_for_url("**/issues?q=tegel")
    expect(page.locator(".card").first).to_be_visible()
    me.examine()


def test_vote_support_answer_and_a_comment_that_is_too_short(
    visit: Callable[..., Visit], session: Session, cast: Cast
) -> None:
    issue = make_issue(session, cast.author)
    comment = make_comment(session, cast.author, issue)
    me = visit(PHONE, "nl")
    page = me.page
    me.go("/sign-in")
    me.sign_in(cast.resident.email or "")
    page.wait_for_selector("a[href='/me']")
    me.go(f"/issues/{issue.id}")
    page.focus(".vote")
    page.keyboard.press("Enter")
    expect(page.locator(".vote")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".vote")).to_be_focused()
    assert "1" in news(me)
    me.examine()
    page.click(f"#support-{comment.id}-button")
    expect(page.locator(f"#support-{comment.id}-button")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(f"#support-{comment.id}-button")).to_be_focused()
    me.examine()
    page.fill("#body-new", "x")
    page.click("#comment-form-new button")
    expect(page.locator("#body-new")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#body-new")).to_be_focused()
    expect(page.locator("#body-new")).to_have_value("x")
    me.faults.clear()  # Chromium reports the 422 itself as an error.
    me.examine()
    page.click(f"#answer-{comment.id} summary")
    page.fill(f"#body-{comment.id}", "Hier ook, elke avond.")
    page.click(f"#comment-form-{comment.id} button")
    expect(page.locator(".replies .comment")).to_contain_text("Hier ook, elke avond.")
    assert has_focus(me)
    assert news(me)
    me.examine()


def test_a_link_opened_elsewhere_lets_the_waiting_tab_go_on_by_itself(visit: Callable[..., Visit], cast: Cast) -> None:
    me, elsewhere = visit(PHONE, "en"), visit(DESK, "nl")
    me.go("/sign-in")
    me.page.fill("#email", cast.resident.email or "")
    me.page.press("#email", "Enter")
    me.page.wait_for_selector("#waiting")
    mail: EmailMessage = message_from_string(me.newest_mail(), policy=policy.default)
    link = next(word for word in mail.get_content().split() if "/sign-in/link/" in word)
    elsewhere.page.goto(link)
    elsewhere.examine()
    elsewhere.page.click("main form button")
    elsewhere.examine()
    me.page.wait_for_selector("a[href='/me']")
    me.examine()


def test_a_vote_that_does_not_arrive_is_said_where_one_reads(
    visit: Callable[..., Visit], session: Session, cast: Cast
) -> None:
    for number in range(12):
        make_issue(session, cast.author, f"Losse tegel nummer {number}")
    me = visit(PHONE, "nl")
    me.go("/sign-in")
    me.sign_in("bram@example.nl")
    me.page.wait_for_selector("a[href='/me']")
    me.go("/issues")
    vote = me.page.locator("button.vote").nth(9)
    vote.scroll_into_view_if_needed()
    before = me.page.evaluate("scrollY")
    me.context.set_offline(True)
    vote.click()
    notice = me.page.locator(".notice-afloat")
    expect(notice).to_be_in_viewport()
    assert abs(me.page.evaluate("scrollY") - before) < 10
    me.context.set_offline(False)
    me.faults.clear()
    vote.click()
    expect(vote).to_have_attribute("aria-pressed", "true")
    expect(notice).to_have_count(0)
    me.examine()


def test_suggestions_that_do_not_arrive_are_no_news(visit: Callable[..., Visit]) -> None:
    me = visit(PHONE, "nl")
    me.go("/issues/new")
    me.context.set_offline(True)
    with me.page.expect_event("requestfailed"):
        me.page.locator("#title").press_sequentially("Donker fietspad")
    me.page.wait_for_timeout(200)
    assert news(me) == ""
