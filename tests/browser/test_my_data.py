"""My data, from the copy to leaving; and the pages that tell what is kept."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast
from tests.factories import make_issue, make_person

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("size", "locale", "javascript"), [(PHONE, "nl", True), (DESK, "en", True), (PHONE, "en", False)]
)
def test_copy_object_and_leave(
    visit: Callable[..., Visit], session: Session, cast: Cast, size: dict[str, int], locale: str, javascript: bool
) -> None:
    me, person = visit(size, locale, javascript), make_person(session, "wil", locale=locale)
    issue = make_issue(session, person)
    page = me.page
    me.go("/sign-in?next=/me/data")
    me.sign_in("wil@example.nl")
    page.wait_for_url("**/me/data")
    me.examine()
    page.locator("form[action='/me/data/copies'] button").click()
    expect(page.locator("#copy .notice")).to_be_visible()
    me.examine()
    if javascript:
        expect(page.locator("#copy a[download]")).to_be_visible(timeout=20_000)
        me.examine()
    page.locator("form[action$='/objection'] button").click()
    page.wait_for_selector("form[action$='/withdrawal']")
    me.go(f"/issues/{issue.id}")
    page.locator("a[href$='/deletion']").click()
    me.examine()
    page.locator("input[value=take-away]").check()
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".issue-main .notice")).to_be_visible()
    me.examine()
    me.go("/me/data/address")
    me.examine()
    me.go("/me/data/erasure")
    me.examine()
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#choice .field-error")).to_be_visible()
    me.faults.clear()
    me.examine()
    page.locator("input[value=keep]").check()
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector("[data-notice=erased]")
    me.examine()


@pytest.mark.parametrize(("size", "locale"), [(PHONE, "nl"), (DESK, "en"), ({"width": 320, "height": 640}, "nl")])
def test_the_pages_that_tell(visit: Callable[..., Visit], size: dict[str, int], locale: str) -> None:
    me = visit(size, locale)
    for path in ("/about/privacy", "/about/accessibility"):
        me.go(path)
        me.examine()


def test_a_browser_asks_nothing_of_others(visit: Callable[..., Visit], session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    me = visit()
    asked: list[str] = []
    me.context.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/issues", "/issues/map", f"/issues/{issue.id}", "/issues/new", "/pilots", "/about/privacy"):
        me.go(path)
        me.page.wait_for_load_state("networkidle")
    assert len(asked) > 20
    assert {urlsplit(url).netloc for url in asked if not url.startswith(("blob:", "data:"))} == {
        urlsplit(me.server.url).netloc
    }
