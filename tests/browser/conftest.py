"""Chromium on a site in a process of its own. Every page state that a walk passes is examined."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright
from sqlmodel import Session

from app.accounts.actions import open_session_for
from app.accounts.models import Person
from app.core.mail import folder_of, newest_mails
from tests.browser.find_chromium import system_chromium
from tests.live import LiveServer

AXE = next((Path(__file__).parent.parent / "vendor").glob("axe-core-*/axe.min.js"))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


class Visit:
    """A person with a browser, walking through the site."""

    def __init__(self, context: BrowserContext, server: LiveServer, with_javascript: bool) -> None:
        self.context = context
        self.server = server
        self.with_javascript = with_javascript
        self.faults: list[str] = []
        self.page = self.open_page()

    def open_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    def go(self, path: str) -> None:
        self.page.goto(self.server.url + path)

    def newest_mail(self) -> str:
        path = newest_mails(folder_of(self.server.settings.mail_url), 1)[0]
        return path.read_text()

    def read_code(self) -> str:
        """Of the newest mail that has one: other mail arrives here too."""
        texts = [path.read_text() for path in newest_mails(folder_of(self.server.settings.mail_url), 99)]
        return next(code for text in texts for code in re.findall(r"\b\d{6}\b", text) if "/sign-in/link/" in text)

    def come_in(self, session: Session, person: Person, locale: str = "nl") -> None:
        """Signed in already, and nobody else any more: how that goes is another walk."""
        person.locale = locale
        session.add(person)
        session.flush()
        session.refresh(person, ["roles"])
        key = open_session_for(session, person, "test")
        session.commit()
        self.context.clear_cookies()
        self.context.add_cookies([{"name": "session", "value": key, "url": self.server.url}])

    def sign_in(self, email: str) -> None:
        """From the page that asks for the address."""
        self.page.fill("#email", email)
        self.page.press("#email", "Enter")
        self.page.wait_for_selector("#code")
        self.page.fill("#code", self.read_code())
        self.page.press("#code", "Enter")

    def examine(self) -> None:
        """Nothing scrolls sideways, nothing was reported by the browser, and axe finds nothing."""
        self.page.wait_for_load_state()
        self.page.wait_for_selector(".htmx-request", state="detached")  # a button is pale until the answer is there
        try:
            self._look_around()
        except Error:
            # The page that was left a moment ago gave way to the next one while it was looked at.
            self.page.wait_for_load_state()
            self._look_around()

    def _look_around(self) -> None:
        assert not self.faults, self.faults
        assert self.is_within_the_screen(), f"{self.page.url} scrolls sideways"
        if self.with_javascript:
            violations = find_violations(self.page)
            assert not violations, f"{self.page.url}: {violations}"

    def is_within_the_screen(self) -> bool:
        size = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        return bool(size[0] <= size[1])


def find_violations(page: Page) -> list[str]:
    """What axe-core finds, in a line each. It is evaluated by the debugger, so the page's policy stays strict."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@pytest.fixture
def visit(chromium: Browser, live: LiveServer) -> Iterator[Callable[..., Visit]]:
    opened: list[BrowserContext] = []

    def start(
        size: dict[str, int] = PHONE, locale: str = "nl", javascript: bool = True, scheme: str = "light"
    ) -> Visit:
        context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            locale="nl-NL" if locale == "nl" else "en-GB",
            java_script_enabled=javascript,
            color_scheme=scheme,  # type: ignore[arg-type]
            has_touch=size["width"] < 600,
            reduced_motion="reduce",
        )
        opened.append(context)
        return Visit(context, live, javascript)

    yield start
    for context in opened:
        context.close()
