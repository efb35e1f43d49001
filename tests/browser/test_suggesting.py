"""Suggestions while somebody types: asked for at a pause, never those of an older text, told to who listens."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Request, Route, expect
from sqlmodel import Session

from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast
from tests.factories import make_issue

# What the browser shows does not depend on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ASKED = "**/issues/suggestions"


@pytest.fixture(autouse=True)
def neighbours(session: Session, cast: Cast) -> None:
    make_issue(session, cast.author, "Geen verlichting op het fietspad")
    make_issue(session, cast.author, "Hondenpoep in het plantsoen", description="Elke ochtend opnieuw.")


def test_only_the_newest_text_is_asked_for_once_and_announced(visit: Callable[..., Visit]) -> None:
    me = visit(DESK, "en")
    page = me.page
    asked: list[Request] = []
    gone: list[Request] = []
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route(ASKED, hold_the_first)
    page.on("request", lambda request: asked.append(request) if request.url.endswith("/suggestions") else None)
    page.on("requestfailed", lambda request: gone.append(request))
    me.go("/issues/new")
    title = page.locator("#title")
    with page.expect_request(ASKED):
        title.press_sequentially("Hondenpoep", delay=20)
    with page.expect_request(ASKED):
        title.fill("Donker fietspad, geen verlichting")
    expect(page.locator("#suggestions")).to_contain_text("Geen verlichting op het fietspad")
    assert len(asked) == 2, "ten letters, one question"
    assert gone == asked[:1], "the question about the older text is taken back"
    expect(page.locator("#suggestions")).not_to_contain_text("Hondenpoep")
    expect(page.locator("#messages")).to_have_text("1 similar issue found.")
    assert page.locator("#messages").get_attribute("role") == "status"
    assert page.evaluate("document.activeElement.id") == "title"
    me.faults.clear()  # the browser calls what was taken back an error
    me.examine()


def test_without_javascript_a_button_asks_and_what_was_typed_stays(visit: Callable[..., Visit]) -> None:
    me = visit(PHONE, "nl", False)
    page = me.page
    me.go("/issues/new")
    page.fill("#title", "Donker fietspad, geen verlichting")
    page.click("button[formaction='/issues/suggestions']")
    expect(page.locator("#suggestions")).to_contain_text("Geen verlichting op het fietspad")
    expect(page.locator("#title")).to_have_value("Donker fietspad, geen verlichting")
    me.examine()
