"""Takes the pictures in docs/screenshots from a fresh demo city, so that they stay true.

Run it with `make screenshots`.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from sqlmodel import Session

from scripts.demo_site import Cookies, most_supported, of_the_demo, serving_demo, sign_in
from tests.browser.find_chromium import system_chromium
from tests.live import LiveServer

PICTURES = Path(__file__).parent.parent / "docs" / "screenshots"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
LOCALES = {"nl": "nl-NL", "en": "en-GB"}
GAP = 24
COLOURS = 128

PLACES = {
    "pilot": "SELECT max(id) FROM pilot WHERE stage = 'scaling-up'",
    "trial": "SELECT min(id) FROM pilot WHERE stage = 'pilot'",
    "issue": "SELECT issue.id FROM issue JOIN pilot_match ON issue_id = issue.id"
    " WHERE status = 'new' AND merged_count = 0 GROUP BY issue.id ORDER BY vote_count DESC LIMIT 1",
    "flagged": "SELECT content_id FROM flag WHERE decision_id IS NULL"
    " GROUP BY content_id ORDER BY count(*) DESC LIMIT 1",
}
"""Their numbers depend on what the demo tells."""


@dataclass(frozen=True)
class Picture:
    """Pages beside each other, as somebody sees them."""

    name: str
    who: str
    locale: str
    size: dict[str, int]
    addresses: tuple[str, ...]


TAKEN = (
    Picture("phone", "visitor", "nl", PHONE, ("/", "{top}", "/issues/new")),
    Picture("phone-pilot", "resident", "nl", PHONE, ("/pilots/{pilot}", "/pilots/{pilot}/verdict", "/lessons")),
    Picture("phone-desk", "team", "nl", PHONE, ("/team", "/team/issues/{issue}", "/team/pilots")),
    Picture("feed", "visitor", "en", DESK, ("/issues",)),
    Picture("map", "visitor", "en", DESK, ("/issues/map",)),
    Picture("pilot", "visitor", "en", DESK, ("/pilots/{pilot}",)),
    Picture("verdict", "visitor", "en", DESK, ("/pilots/{pilot}/verdict",)),
    Picture("gate", "team", "en", DESK, ("/pilots/{trial}/gates/scaling-up",)),
    Picture("triage", "team", "en", DESK, ("/team",)),
    Picture("triage-issue", "team", "en", DESK, ("/team/issues/{issue}",)),
    Picture("pilots-board", "team", "nl", DESK, ("/team/pilots",)),
    Picture("moderation", "moderator", "nl", DESK, ("/moderation/items/{flagged}",)),
)


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    people: dict[str, Cookies] = {"visitor": {}}

    def sign_everybody_in(session: Session) -> None:
        for name in ("resident", "moderator", "team"):
            people[name] = sign_in(session, of_the_demo(session, name))

    with serving_demo(sign_everybody_in) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=["--no-sandbox"])
        places = find_places(server)
        for picture in TAKEN:
            speak(server, picture.locale)
            take(browser, server, picture, people[picture.who], places)
        browser.close()


def find_places(server: LiveServer) -> dict[str, str]:
    with closing(connect(server)) as connection:
        found = {name: str(connection.execute(question).fetchone()[0]) for name, question in PLACES.items()}
    return {**found, "top": most_supported(server.url)}


def speak(server: LiveServer, locale: str) -> None:
    with closing(connect(server)) as connection, connection:
        connection.execute("UPDATE person SET locale = ?", (locale,))


def connect(server: LiveServer) -> sqlite3.Connection:
    return sqlite3.connect(server.settings.database_url.removeprefix("sqlite:///"), timeout=30)


def take(browser: Browser, server: LiveServer, picture: Picture, cookies: Cookies, places: dict[str, str]) -> None:
    context = browser.new_context(viewport=picture.size, locale=LOCALES[picture.locale], reduced_motion="reduce")  # type: ignore[arg-type]
    context.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in cookies.items()])
    page = context.new_page()
    seen = []
    for address in picture.addresses:
        page.goto(server.url + address.format(**places), wait_until="networkidle")
        seen.append(Image.open(BytesIO(page.screenshot())).convert("RGB"))
    context.close()
    whole = seen[0] if len(seen) == 1 else beside_each_other(seen)
    whole.quantize(COLOURS).save(PICTURES / f"{picture.name}.png", optimize=True)


def beside_each_other(pictures: list[Image.Image]) -> Image.Image:
    width = sum(each.width for each in pictures) + GAP * (len(pictures) + 1)
    sheet = Image.new("RGB", (width, pictures[0].height + 2 * GAP), "#e7e5df")
    left = GAP
    for each in pictures:
        sheet.paste(each, (left, GAP))
        left += each.width + GAP
    return sheet


if __name__ == "__main__":
    main()
