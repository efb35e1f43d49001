"""Writing an issue with JavaScript: photos one by one, the pin by keyboard, and what happens without a connection."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session

from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast
from tests.factories import make_issue
from tests.sample_photos import a_photo

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "path.jpg"
    path.write_bytes(a_photo())
    return path


def add_photo(page: Page, path: Path) -> None:
    page.set_input_files("input[name=photos]", path)


def test_a_photo_is_sent_at_once_described_and_removed(visit: Callable[..., Visit], photo: Path) -> None:
    me = visit(PHONE, "en")
    page = me.page
    me.go("/issues/new")
    page.fill("#title", "Dark path")
    add_photo(page, photo)
    expect(page.locator("#photos img")).to_have_count(1)
    assert page.evaluate("document.querySelector('input[name=photos]').files.length") == 0
    page.fill("#photos input", "A path without lamps")
    add_photo(page, photo)
    expect(page.locator("#photos img")).to_have_count(2)
    expect(page.locator("#photos input").first).to_have_value("A path without lamps")
    me.examine()
    page.locator("#photos button").nth(1).click()
    expect(page.locator("#photos img")).to_have_count(1)
    expect(page.locator("#photos input")).to_have_value("A path without lamps")
    expect(page.locator("#title")).to_have_value("Dark path")
    me.examine()


def test_what_is_no_photo_and_what_is_too_many_is_said(
    visit: Callable[..., Visit], photo: Path, tmp_path: Path
) -> None:
    me = visit(PHONE, "nl")
    page = me.page
    me.go("/issues/new")
    words = tmp_path / "letter.jpg"
    words.write_text("This is no photo.")
    add_photo(page, words)
    expect(page.locator("#photos-error .field-error")).to_contain_text("letter.jpg")
    me.examine()
    page.set_input_files("input[name=photos]", [photo] * 6)
    expect(page.locator("#photos img")).to_have_count(5)
    expect(page.locator("#uploads .field-error")).to_have_count(1)
    me.examine()


def test_a_photo_that_does_not_arrive_can_be_sent_again(visit: Callable[..., Visit], photo: Path) -> None:
    me = visit(PHONE, "en")
    page = me.page
    me.go("/issues/new")
    page.route("**/drafts/photos", lambda route: route.abort())
    add_photo(page, photo)
    expect(page.locator("#uploads .field-error")).to_contain_text("path.jpg")
    me.faults.clear()
    me.examine()
    page.unroute("**/drafts/photos")
    page.locator("#uploads button").first.click()
    expect(page.locator("#photos img")).to_have_count(1)
    expect(page.locator("#uploads li")).to_have_count(0)


def test_the_pin_by_keyboard_and_by_numbers(visit: Callable[..., Visit]) -> None:
    me = visit(DESK, "en")
    page = me.page
    me.go("/issues/new")
    page.locator(".map").scroll_into_view_if_needed()
    page.wait_for_selector(".leaflet-container")
    page.focus("#locate")
    page.keyboard.press("Tab")
    expect(page.locator(".map-crosshair")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#place-said")).to_contain_text("hoek")
    assert page.input_value("#lat").startswith("52.10")
    me.examine()
    page.click(".coordinates summary")
    page.fill("#lat", "51,5")
    page.press("#lat", "Tab")
    expect(page.locator("#place-said")).to_contain_text("outside")
    me.examine()


def test_my_location(visit: Callable[..., Visit]) -> None:
    me = visit(PHONE, "en")
    me.context.grant_permissions(["geolocation"])
    me.context.set_geolocation({"latitude": 52.105, "longitude": 4.285})
    me.go("/issues/new")
    me.page.click("#locate")
    expect(me.page.locator("#lat")).to_have_value("52.105000")
    me.examine()


def test_my_location_refused(visit: Callable[..., Visit]) -> None:
    me = visit(PHONE, "en")
    me.context.grant_permissions([])
    me.go("/issues/new")
    me.page.click("#locate")
    expect(me.page.locator("#place-said")).to_contain_text("did not give your location")


def test_starting_afresh_forgets_what_was_typed(visit: Callable[..., Visit]) -> None:
    me = visit(PHONE, "en")
    page = me.page
    me.go("/issues/new")
    page.fill("#title", "Dark path")
    page.press("#title", "Tab")  # Leaving the field keeps what was typed at once.
    assert page.evaluate("Object.keys(localStorage).some((name) => name.startsWith('buurtlab-draft-'))")
    me.go("/issues/new")
    expect(page.locator("#restored")).to_be_visible()
    me.examine()
    page.click("#start-afresh")
    page.wait_for_load_state()
    expect(page.locator("#title")).to_have_value("")
    expect(page.locator("#restored")).to_be_hidden()


def test_two_tabs_write_two_issues(visit: Callable[..., Visit]) -> None:
    """A second tab starts empty and keeps its own; what a closed tab held comes back in the next one."""
    me = visit(PHONE, "en")
    me.go("/issues/new")
    me.page.fill("#title", "Dark path")
    me.page.press("#title", "Tab")
    second = me.context.new_page()
    second.goto(me.page.url)
    second.wait_for_timeout(800)
    expect(second.locator("#title")).to_have_value("")
    second.fill("#title", "Loose tile")
    second.press("#title", "Tab")
    me.page.reload()
    expect(me.page.locator("#title")).to_have_value("Dark path")
    second.close()
    third = me.context.new_page()
    third.goto(me.page.url)
    expect(third.locator("#title")).to_have_value("Loose tile")


def test_no_circle_covers_the_name_of_a_neighbourhood(
    visit: Callable[..., Visit], session: Session, cast: Cast
) -> None:
    for step in range(9):
        make_issue(session, cast.author, f"Vraagstuk {step}", lat=52.1045 + step / 10_000, lon=4.271 + step / 500)
    me = visit(PHONE, "nl")
    me.go("/issues/map")
    me.page.wait_for_selector(".map-group, .map-dot")
    covered = me.page.evaluate("""() => {
      const boxes = (what) => [...document.querySelectorAll(what)].map((each) => each.getBoundingClientRect());
      return boxes(".map-name").filter((name) => boxes(".map-group, .map-dot").some((circle) =>
        circle.left + 8 < name.right && circle.right - 8 > name.left &&
        circle.top + 8 < name.bottom && circle.bottom - 8 > name.top)).length;
    }""")
    assert covered == 0
