"""WCAG 1.4.10 and 1.4.12: at 320 px, also with wide spacing, nothing scrolls sideways and nothing is cut off."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session

from tests.browser.conftest import ARGUMENTS, Visit
from tests.browser.find_chromium import system_chromium
from tests.conftest import Cast
from tests.factories import make_comment, make_issue, make_pilot
from tests.live import LiveServer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WIDE_SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""
STICKS_OUT = """() => [...document.querySelectorAll("body *")].filter(element => {
  const box = element.getBoundingClientRect();
  return box.width && box.right > innerWidth + 1 && !element.closest(".map, svg");
}).map(element => element.outerHTML.slice(0, 120))"""
TOO_SMALL = """() => [...document.querySelectorAll("a, button, input, select, summary")].filter(element => {
  const box = element.getBoundingClientRect();
  const inText = element.tagName === "A" && getComputedStyle(element).display === "inline";
  return box.width > 2 && !inText && Math.min(box.width, box.height) < 24;
}).map(element => element.outerHTML.slice(0, 120))"""

OVERLAPS = """() => {
  const [brand, tools] = [".brand", ".header-tools"].map(name => document.querySelector(name).getBoundingClientRect());
  return brand.right > tools.left && brand.bottom > tools.top;
}"""


@pytest.fixture
def addresses(session: Session, cast: Cast) -> list[str]:
    issue = make_issue(
        session, cast.author, "Een heel lang woord: verkeersveiligheidsmaatregelenoverleg", theme="mobility"
    )
    make_comment(session, cast.author, issue, parent=make_comment(session, cast.resident, issue))
    pilot = make_pilot(session, [issue])
    pages = ["/", "/issues", "/issues/new", "/issues/map", "/pilots", "/themes/mobility", "/sign-in", "/no-such-page"]
    return [*pages, f"/issues/{issue.id}", f"/pilots/{pilot.id}"]


@pytest.mark.parametrize("locale", ["nl", "en"])
def test_narrow_and_widely_spaced(chromium: Browser, live: LiveServer, addresses: list[str], locale: str) -> None:
    context = chromium.new_context(
        viewport={"width": 320, "height": 640}, locale=f"{locale}-NL", bypass_csp=True, reduced_motion="reduce"
    )
    page = context.new_page()
    for address in addresses:
        page.goto(live.url + address)
        page.add_style_tag(content=WIDE_SPACING)
        assert not page.evaluate(STICKS_OUT), address
        assert not page.evaluate(TOO_SMALL), address
    context.close()


def test_letters_of_twice_the_size(chromium: Browser, live: LiveServer, addresses: list[str]) -> None:
    """WCAG 1.4.4 on a phone, where people set the size of the letters for every site."""
    browser = chromium.browser_type.launch(
        executable_path=system_chromium(), args=[*ARGUMENTS, "--blink-settings=defaultFontSize=32"]
    )
    page = browser.new_context(viewport={"width": 360, "height": 740}, locale="nl-NL").new_page()
    for address in addresses:
        page.goto(live.url + address)
        assert not page.evaluate(STICKS_OUT), address
        assert not page.evaluate(OVERLAPS), address
    browser.close()


def test_a_low_window_gives_the_height_to_the_page(visit: Callable[..., Visit]) -> None:
    me = visit({"width": 320, "height": 256}, "nl")
    me.go("/issues")
    assert me.page.evaluate("getComputedStyle(document.querySelector('.nav')).position") == "static"
    me.examine()
