"""axe and our own looks at every page and state: nl and en, phone and desk, light and dark, forced colours, 320 px,
wide spacing, letters of twice the size. One browser per core; a page is loaded once per language."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Route, sync_playwright
from playwright.sync_api import Page as Tab

from scripts.audit.city import City
from scripts.audit.pages import Page
from tests.browser.conftest import ARGUMENTS, AXE, DESK, PHONE, RULES
from tests.browser.find_chromium import system_chromium

CORES = os.cpu_count() or 1
LOOK = Path(__file__).with_name("look.js")
LOCALES = {"nl": "nl-NL", "en": "en-GB"}
LARGE_LETTERS = ["--blink-settings=defaultFontSize=32"]
NARROW = {"width": 320, "height": 640}
ABOUT_COLOUR = ["color-contrast", "link-in-text-block"]
WIDE_SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""
FOR_THUMBS = ".button, button[type=submit], .vote, .nav a, main input[type=text], main input[type=email], main select"
REFUSED = re.compile(r"\b4(00|04|09|22)\b")
RUN_AXE = """async ([only, isRules]) => {
  const runOnly = {type: isRules ? "rule" : "tag", values: only};
  const found = await axe.run(document, {runOnly, resultTypes: ["violations"]});
  return found.violations.flatMap((each) => each.nodes.map((node) =>
    `${each.id}: ${node.html.slice(0, 160)} ${node.failureSummary.replace(/\\s+/g, " ").slice(0, 200)}`));
}"""


@dataclass
class Sweep:
    """What was seen, and what was wrong with it."""

    pages: int = 0
    states: int = 0
    faults: list[str] = field(default_factory=list)

    def __add__(self, other: "Sweep") -> "Sweep":
        return Sweep(self.pages + other.pages, self.states + other.states, self.faults + other.faults)


def sweep(city: City, pages: Sequence[Page], locale: str, look: Callable[["Looker", Page], None]) -> Sweep:
    return in_browsers(
        partial(look_at, city, locale=locale, look=look), [pages[start::CORES] for start in range(CORES)]
    )


def in_browsers(work: Callable[[Sequence[Page]], Sweep], shares: Sequence[Sequence[Page]]) -> Sweep:
    """A browser for each share of the pages, all at once."""
    with ProcessPoolExecutor(len(shares)) as pool:
        return sum(pool.map(work, shares), Sweep())


def look_at(city: City, pages: Sequence[Page], locale: str, look: Callable[["Looker", Page], None]) -> Sweep:
    seen = Sweep()
    with opened_browser([*ARGUMENTS, *(LARGE_LETTERS if look is look_with_large_letters else ())]) as browser:
        lookers: dict[str, Looker] = {}
        for page in pages:
            if page.who not in lookers:
                lookers[page.who] = Looker(browser, city, page.who, locale, seen)
            look(lookers[page.who], page)
    return seen


@contextmanager
def opened_browser(arguments: Sequence[str]) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=arguments)
        yield browser
        browser.close()


class Looker:
    """Somebody's browser, one tab."""

    def __init__(self, browser: Browser, city: City, who: str, locale: str, seen: Sweep) -> None:
        self.city, self.locale, self.seen = city, locale, seen
        self.context: BrowserContext = browser.new_context(
            viewport=PHONE,  # type: ignore[arg-type]
            locale=LOCALES[locale],
            reduced_motion="reduce",
            service_workers="block",
        )
        self.context.add_cookies(
            [{"name": name, "value": value, "url": city.server.url} for name, value in city.people[who].items()]
        )
        self.tab: Tab = self.context.new_page()
        self.said: list[str] = []
        self.tab.on("console", lambda said: self.said.append(said.text) if said.type == "error" else None)
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))

    def go(self, page: Page) -> None:
        self.said.clear()
        self.resize(PHONE)
        address = self.city.server.url + page.address
        if page.posted or page.answer:
            self.tab.route(address, lambda route: self._answer(route, page), times=1)
        self.tab.goto(address)
        self.tab.wait_for_load_state()
        self.prepare()
        self.seen.pages += 1

    def prepare(self) -> None:
        """Evaluated by the debugger, so that the page's policy stays strict."""
        self.tab.evaluate(LOOK.read_text())
        self.tab.evaluate(AXE.read_text())

    def _answer(self, route: Route, page: Page) -> None:
        """With what was made beforehand, or what comes of sending the form of this address empty."""
        if page.answer:
            route.fulfill(body=page.answer, content_type="text/html; charset=utf-8")
        else:
            form = {"content-type": "application/x-www-form-urlencoded", "origin": self.city.server.url}
            route.continue_(method="POST", headers={**route.request.headers, **form}, post_data="")

    def resize(self, size: dict[str, int]) -> None:
        self.tab.set_viewport_size(size)  # type: ignore[arg-type]

    def axe(self, page: Page, how: str, rules: list[str] | None = None) -> None:
        self.note(page, how, self.tab.evaluate(RUN_AXE, [rules or RULES, rules is not None]))
        self.seen.states += 1

    def look(self, page: Page, how: str, call: str) -> None:
        self.note(page, how, self.tab.evaluate(f"look.{call}"))

    def note(self, page: Page, how: str, faults: Iterable[str]) -> None:
        """Said at once too, since a sweep takes a while."""
        found = [f"{page} {self.locale} {how}: {fault}" for fault in faults]
        print(*found, sep="\n", end="\n" * bool(found), file=sys.stderr, flush=True)
        self.seen.faults += found


def look_at_everything(looker: Looker, page: Page) -> None:
    """All that is looked for at a page, loaded once."""
    try:
        looker.go(page)
        on_the_phone(looker, page)
        on_the_desk(looker, page)
        with_other_colours(looker, page)
        narrow(looker, page)
        said = [each for each in looker.said if not REFUSED.search(each)] if page.posted else looker.said
        looker.note(page, "console", said)
    except Error as error:
        looker.note(page, "browser", [str(error)[:300]])


def on_the_phone(looker: Looker, page: Page) -> None:
    looker.axe(page, "phone light")
    looker.look(page, "phone", "sideways()")
    looker.look(page, "phone", "tooSmall(24)")
    looker.look(page, "phone", f"hardForThumbs({FOR_THUMBS!r})")
    looker.tab.emulate_media(color_scheme="dark")
    looker.axe(page, "phone dark", ABOUT_COLOUR)


def on_the_desk(looker: Looker, page: Page) -> None:
    """With everything open that can be unfolded."""
    looker.tab.evaluate("look.openEverything()")
    looker.resize(DESK)
    looker.axe(page, "desk dark", ABOUT_COLOUR)
    looker.tab.emulate_media(color_scheme="light")
    looker.axe(page, "desk light")
    looker.look(page, "desk", "sideways()")
    looker.look(page, "desk", "cutOff()")
    looker.look(page, "desk", "tooSmall(24)")
    looker.tab.keyboard.press("Tab")
    looker.look(page, "desk", "focusUnseen()")


def with_other_colours(looker: Looker, page: Page) -> None:
    looker.tab.emulate_media(forced_colors="active")
    looker.look(page, "forced colours", "goneInForcedColours()")
    looker.look(page, "forced colours", "focusUnseen()")
    looker.tab.emulate_media(forced_colors="none")


def narrow(looker: Looker, page: Page) -> None:
    looker.resize(NARROW)
    looker.look(page, "320 px", "sideways()")
    looker.tab.evaluate("css => look.wear('spacing', css)", WIDE_SPACING)
    looker.look(page, "wide spacing", "sideways()")
    looker.look(page, "wide spacing", "cutOff()")
    looker.tab.evaluate("look.wear('spacing', '')")


def look_with_large_letters(looker: Looker, page: Page) -> None:
    """WCAG 1.4.4 on a phone, where people set the size of the letters for every site: a browser of its own."""
    try:
        looker.go(page)
        looker.look(page, "letters of twice the size", "sideways()")
        looker.look(page, "letters of twice the size", "cutOff()")
        looker.seen.states += 1
    except Error as error:
        looker.note(page, "browser", [str(error)[:300]])
