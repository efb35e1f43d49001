"""From a feed that an administrator adds to an approach that a resident proposes here, on a phone and at a desk."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from tests.browser.conftest import DESK, PHONE, Visit
from tests.cards.hostile import city_that, said
from tests.conftest import Cast
from tests.factories import card_document, make_issue, make_pilot

SCALED_UP = {"from": "pilot", "to": "scaling-up", "outcome": "pass", "reason": "Het werkt.", "language": "nl"}
HISTORY = [{**SCALED_UP, "decidedOn": "2026-02-01"}]
INDICATORS = [
    {"name": "Fietsers", "unit": "per avond", "better": "higher", "baseline": {"on": "2026-01-01", "value": 12}}
]
FEED = json.dumps(
    {
        "version": 1,
        "city": {"name": "Elders", "url": "https://elders.example"},
        "licence": "CC0-1.0",
        "cards": [card_document(1, history=HISTORY, indicators=INDICATORS), {"version": 1, "title": "Kapotte kaart"}],
    }
).encode()


def wait_for(me: Visit, path: str, where: str, words: str) -> None:
    """What the background work brings, within seconds."""
    for _second in range(60):
        me.go(path)
        if words in me.page.inner_text(where):
            return
        me.page.wait_for_timeout(1000)
    raise AssertionError(f"{words} is not at {path}")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("size", "locale"), [(PHONE, "nl"), (DESK, "en")], ids=["phone-nl", "desk-en"])
def test_what_another_city_tries(
    visit: Callable[..., Visit], session: Session, cast: Cast, size: dict[str, int], locale: str
) -> None:
    make_pilot(session, [make_issue(session, cast.author, "Donker fietspad, geen licht")])
    nl = locale == "nl"
    admin, resident = visit(size, locale), visit(size, locale)
    admin.come_in(session, cast.admin, locale)
    resident.come_in(session, cast.resident, locale)

    with city_that(said(FEED)) as feed:
        admin.go("/admin/cards")
        admin.examine()
        admin.page.fill("#url", "geen adres")
        admin.page.press("#url", "Enter")
        expect(admin.page.locator("#url-error")).to_be_visible()
        admin.faults.clear()  # the browser notes that the form was refused
        admin.examine()
        admin.page.fill("#url", feed)
        admin.page.press("#url", "Enter")
        wait_for(admin, "/admin/cards", "#feed-1", "1 nieuwe" if nl else "1 new")
        expect(admin.page.locator("#feed-1")).to_contain_text("Kapotte kaart")
        admin.examine()

    resident.go("/cards")
    resident.examine()
    resident.page.click("#card-1 a")
    expect(resident.page.locator("h1")).to_contain_text("Licht dat meebeweegt")
    resident.examine()
    resident.page.click("#use button")
    expect(resident.page.locator("#title")).to_have_value("Lampen die aangaan als er iemand komt")
    wait_for(resident, "/issues/1", "#matches", "In een andere stad" if nl else "In another city")
    resident.examine()
