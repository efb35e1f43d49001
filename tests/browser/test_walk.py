"""The whole way, as people go it: write, sign in, see the match, vote, comment, withdraw."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from app.core.db import Database
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast
from tests.factories import make_issue, make_pilot
from tests.sample_photos import a_photo

WAYS = [
    pytest.param(PHONE, "nl", True, id="phone-nl"),
    pytest.param(PHONE, "en", True, id="phone-en"),
    pytest.param(DESK, "nl", True, id="desk-nl"),
    pytest.param(DESK, "en", True, id="desk-en"),
    pytest.param(PHONE, "nl", False, id="phone-nl-no-javascript"),
    pytest.param(PHONE, "en", False, id="phone-en-no-javascript"),
    pytest.param(DESK, "nl", False, id="desk-nl-no-javascript"),
    pytest.param(DESK, "en", False, id="desk-en-no-javascript"),
]


@pytest.fixture
def neighbours(session: Session, cast: Cast, database: Database) -> None:
    """Somebody filed a similar issue before, and a pilot grew from it."""
    issue = make_issue(session, cast.author, "Geen verlichting op het fietspad")
    make_pilot(session, [issue])


def write_issue(visit: Visit, photo: Path) -> None:
    page = visit.page
    page.fill("#title", "Donker fietspad langs de duinen")
    page.fill(
        "#description",
        "Na zonsondergang is er geen verlichting op het fietspad. Mijn dochter durft er niet te fietsen.",
    )
    page.fill("#address", "Duinweg, bij de watertoren")
    page.fill("#lat", "52.105") if page.is_visible("#lat") else None
    page.fill("#lon", "4.275") if page.is_visible("#lon") else None
    page.set_input_files("input[name=photos]", photo)


@pytest.mark.parametrize(("size", "locale", "javascript"), WAYS)
def test_write_sign_in_publish_vote_and_comment(
    visit: Callable[..., Visit],
    neighbours: None,
    tmp_path: Path,
    size: dict[str, int],
    locale: str,
    javascript: bool,
) -> None:
    photo = tmp_path / "fietspad.jpg"
    photo.write_bytes(a_photo())
    me = visit(size, locale, javascript)
    page = me.page
    me.go("/")
    me.examine()
    assert page.get_attribute("html", "lang") == locale
    me.go("/issues/new")
    write_issue(me, photo)
    if javascript:
        page.wait_for_selector("#suggestions a[href^='/issues/']")
        page.wait_for_selector("#photos img")
    me.examine()
    page.click("#send")
    page.wait_for_selector("#email")
    me.examine()
    me.sign_in("nieuw@example.nl")
    page.wait_for_url("**/issues/*-donker-fietspad-langs-de-duinen")
    expect(page.locator("h1")).to_contain_text("Donker fietspad")
    expect(page.locator("img[src*='/photos/']").first).to_be_visible()
    me.examine()
    vote_comment_and_withdraw(me)


def vote_comment_and_withdraw(me: Visit) -> None:
    page = me.page
    button = page.locator("button.vote").first
    button.click()
    expect(page.locator("button.vote").first).to_have_attribute("aria-pressed", "true")
    me.examine()
    page.locator("button.vote").first.click()
    expect(page.locator("button.vote").first).to_have_attribute("aria-pressed", "false")
    page.locator("textarea[name=body]").first.fill("Ik neem morgen een foto bij daglicht.\n\nhttps://example.nl/kaart")
    page.locator("form[action$='/comments'] button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("Ik neem morgen een foto")
    expect(page.locator("a[href='https://example.nl/kaart']")).to_have_attribute("rel", "nofollow ugc noopener")
    me.examine()


def test_the_draft_survives_the_way_back_and_a_closed_tab(visit: Callable[..., Visit], tmp_path: Path) -> None:
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(a_photo())
    me = visit()
    me.go("/issues/new")
    write_issue(me, photo)
    me.page.wait_for_selector("#photos img")
    me.go("/about/rules")
    me.page.go_back()
    expect(me.page.locator("#title")).to_have_value("Donker fietspad langs de duinen")
    me.page.wait_for_selector("#photos img")
    me.page.close()
    me.page = me.open_page()
    me.go("/issues/new")
    expect(me.page.locator("#title")).to_have_value("Donker fietspad langs de duinen")
    me.page.wait_for_selector("#photos img")
    me.examine()


def test_the_draft_survives_a_lost_connection(visit: Callable[..., Visit]) -> None:
    me = visit()
    me.go("/issues/new")
    me.page.fill("#title", "Donker fietspad")
    me.page.fill("#description", "Je ziet hier niets na zonsondergang.")
    me.page.fill("#address", "Duinweg")
    me.context.set_offline(True)
    expect(me.page.locator("#offline")).to_be_visible()
    me.page.click("#send")
    expect(me.page.locator("#kept li")).to_have_count(1)
    me.context.set_offline(False)
    me.page.wait_for_selector("#messages a[href='/sign-in']")


def test_what_is_wrong_is_said_beside_the_field_and_the_browser_goes_there(
    visit: Callable[..., Visit],
) -> None:
    for javascript in (True, False):
        me = visit(javascript=javascript)
        me.go("/issues/new")
        me.page.fill("#description", "Je ziet hier niets na zonsondergang.")
        me.page.click("#send")
        expect(me.page.locator("#title")).to_have_attribute("aria-invalid", "true")
        expect(me.page.locator("#description")).to_have_value("Je ziet hier niets na zonsondergang.")
        me.faults.clear()  # Chromium reports the 422 itself as an error.
        me.examine()


def test_keyboard_alone(visit: Callable[..., Visit]) -> None:
    me = visit(DESK, "en")
    page = me.page
    me.go("/issues/new")
    tab_to(me, "#title")
    page.keyboard.type("Dark cycle path")
    tab_to(me, "#description")
    page.keyboard.type("There is no light after sunset.")
    tab_to(me, "#address")
    page.keyboard.type("Dune road")
    tab_to(me, "#send")
    page.keyboard.press("Enter")
    page.wait_for_selector("#email")
    tab_to(me, "#email")
    page.keyboard.type("nieuw@example.nl")
    page.keyboard.press("Enter")
    page.wait_for_selector("#code")
    tab_to(me, "#code")
    page.keyboard.type(me.read_code())
    page.keyboard.press("Enter")
    page.wait_for_url("**/issues/*-dark-cycle-path")
    tab_to(me, "button.vote")
    page.keyboard.press("Enter")
    expect(page.locator("button.vote").first).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("document.activeElement.closest('body') && document.activeElement !== document.body")
    tab_to(me, "textarea[name=body]")
    page.keyboard.type("I have seen it too.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("I have seen it too.")


def tab_to(me: Visit, selector: str) -> None:
    """With Tab only; whatever has the focus on the way must show it."""
    for _press in range(120):
        if me.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        me.page.keyboard.press("Tab")
        assert me.page.evaluate(SHOWS_FOCUS), me.page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    raise AssertionError(f"{selector} cannot be reached with the keyboard")


SHOWS_FOCUS = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return true;
  const box = focused.getBoundingClientRect();
  const look = getComputedStyle(focused);
  const beside = focused.nextElementSibling ? getComputedStyle(focused.nextElementSibling) : look;
  const shown = style => (style.outlineStyle !== 'none' && style.outlineWidth !== '0px') || style.boxShadow !== 'none';
  return (shown(look) || shown(beside)) && box.width > 0;
}"""
