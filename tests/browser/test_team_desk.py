"""The city team at its desk: choose what waits, decide, answer, take a note, enter for someone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from app.core.db import Database
from app.issues.models import Issue
from app.matching.growing.from_decisions import grow_where_stale
from app.matching.models import GrownExpression, LinkKind
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.test_walk import tab_to
from tests.conftest import Cast
from tests.factories import make_issue, make_pilot
from tests.sample_photos import a_photo

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NARROW = {"width": 320, "height": 640}
WAYS = [
    pytest.param(PHONE, "nl", True, id="phone-nl"),
    pytest.param(DESK, "en", True, id="desk-en"),
    pytest.param(DESK, "nl", False, id="desk-nl-no-javascript"),
    pytest.param(PHONE, "en", False, id="phone-en-no-javascript"),
]


@pytest.fixture
def waiting(session: Session, cast: Cast, database: Database) -> list[Issue]:
    """Three that wait; a pilot grew from the first."""
    first = make_issue(session, cast.author, "Geen verlichting op het fietspad")
    make_pilot(session, [first])
    titles = ("Fietspad zonder verlichting", "Meeuwen in het vuilnis")
    return [first, *(make_issue(session, cast.author, title) for title in titles)]


@pytest.mark.parametrize(("size", "locale", "javascript"), WAYS)
def test_from_the_queue_to_an_answer(
    visit: Callable[..., Visit],
    session: Session,
    cast: Cast,
    waiting: list[Issue],
    size: dict[str, int],
    locale: str,
    javascript: bool,
) -> None:
    me = visit(size, locale, javascript)
    page = me.page
    me.come_in(session, cast.team, locale)
    me.go("/team?q=fietspad")
    expect(page.locator(".waiting")).to_have_count(2)
    me.examine()
    page.locator(".waiting-title a").nth(1).click()
    page.wait_for_url("**/team/issues/*?q=fietspad")
    me.examine()
    first = page.locator("#suggestions form[action*='/pilots']").first
    first.locator("button[value=confirm]").click()
    expect(page.locator("#suggestions button[value=undo]").first).to_be_visible()
    me.examine()
    page.fill("#text", "We nemen dit mee in de proef.")
    page.locator("#answer-form button:not([name])").click()
    expect(page.locator("#timeline")).to_contain_text("We nemen dit mee in de proef.")
    page.fill("#note", "Bellen met de beheerder.")
    page.locator("#notes form[action*='/notes'] button").last.click()
    expect(page.locator("#note-list")).to_contain_text("Bellen met de beheerder.")
    me.examine()
    page.locator("#steps a[rel=prev]").click()
    expect(page.locator("h1")).to_have_text("Geen verlichting op het fietspad")


@pytest.mark.parametrize(("size", "locale", "javascript"), WAYS[:1] + WAYS[2:3])
def test_enter_for_someone(
    visit: Callable[..., Visit],
    session: Session,
    cast: Cast,
    waiting: list[Issue],
    tmp_path: Path,
    size: dict[str, int],
    locale: str,
    javascript: bool,
) -> None:
    photo = tmp_path / "fietspad.jpg"
    photo.write_bytes(a_photo())
    me = visit(size, locale, javascript)
    page = me.page
    me.come_in(session, cast.team, locale)
    me.go("/team/issues/new")
    page.fill("#title", "Donker fietspad langs de duinen")
    page.fill("#description", "Meneer vertelt dat er geen verlichting is op het fietspad.")
    page.fill("#address", "Duinweg, bij de watertoren")
    page.fill("#phone", "06 12 34 56 78")
    page.check("input[name=channel][value=phone]")
    page.set_input_files("input[name=photos]", photo)
    if javascript:
        page.wait_for_selector("#suggestions a[href^='/issues/']")
        page.wait_for_selector("#photos img")
    me.examine()
    page.click("#send")
    page.wait_for_url("**/team/issues/*")
    expect(page.locator("h1")).to_have_text("Donker fietspad langs de duinen")
    expect(page.locator("img[src*='/photos/']").first).to_be_visible()
    page.locator("#contact button").click()
    expect(page.locator("#contact a[href^='tel:']")).to_have_text("06 12 34 56 78")
    me.examine()


def test_the_desk_with_the_keyboard_alone(
    visit: Callable[..., Visit], session: Session, cast: Cast, waiting: list[Issue]
) -> None:
    me = visit(DESK, "en")
    page = me.page
    me.come_in(session, cast.team, "en")
    me.go("/team")
    tab_to(me, ".waiting-title a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/team/issues/{waiting[0].id}")
    tab_to(me, "#answer button[value=acknowledged]")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_be_focused()
    expect(page.locator("#timeline li")).to_have_count(2)
    expect(page.locator("button[value=acknowledged]")).to_have_count(0)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/team/issues/{waiting[1].id}")
    tab_to(me, "#suggestions form[action*='/pilots'] button[value=confirm]")
    page.keyboard.press("Enter")
    expect(page.locator("form[id^=pilot-] button[value=undo]")).to_be_visible()
    assert page.evaluate("document.activeElement.id").startswith("pilot-")
    expect(page.locator("#messages")).to_contain_text("Saved.")
    tab_to(me, "#text")
    page.keyboard.type("We are on it.")
    tab_to(me, "#answer-form button:not([name])")
    page.keyboard.press("Enter")
    expect(page.locator("#timeline")).to_contain_text("We are on it.")


def test_a_sign_of_life_keeps_somebody_in_view_and_stops_in_a_hidden_tab(
    visit: Callable[..., Visit], session: Session, cast: Cast, waiting: list[Issue]
) -> None:
    me = visit(DESK, "en")
    page = me.page
    me.come_in(session, cast.team, "en")
    page.clock.install()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/presence") else None)
    me.go(f"/team/issues/{waiting[0].id}")
    page.clock.run_for(41_000)
    expect(page.locator("#presence")).to_be_attached()
    page.wait_for_timeout(300)
    assert len(sent) == 2
    page.evaluate("Object.defineProperty(document, 'visibilityState', {value: 'hidden'})")
    page.clock.run_for(60_000)
    page.wait_for_timeout(300)
    assert len(sent) == 2


def test_nothing_sticks_out_at_320_and_overtaken_is_said(
    visit: Callable[..., Visit], session: Session, cast: Cast, waiting: list[Issue], database: Database
) -> None:
    me, other = visit(NARROW, "nl"), visit(DESK, "nl")
    for each in (me, other):
        each.come_in(session, cast.team, "nl")
        each.go(f"/team/issues/{waiting[2].id}")
    for each, text in ((other, "Wij komen kijken."), (me, "Wij komen niet.")):
        each.page.fill("#text", text)
        each.page.locator("#answer-form button:not([name])").click()
    expect(other.page.locator("#timeline")).to_contain_text("Wij komen kijken.")
    expect(me.page.locator(".notice-negative")).to_be_focused()
    expect(me.page.locator("#text")).to_have_value("Wij komen niet.")
    me.faults.clear()  # Chromium reports the 409 itself as an error.
    me.examine()
    learned = "/team/matching/concepts/street-lighting"
    grow_where_stale(database)  # the background work has looked, and does not count anew what is only put there
    add_learned_word(session, waiting[0], "pikkedonkertje")
    for address in ("/team", "/team/issues/new", "/team?q=zeppelin", "/team/matching/concepts", learned):
        me.go(address)
        me.examine()
    expect(me.page.locator("#learned")).to_contain_text("Geen verlichting op het fietspad")
    me.page.locator("#learned button[value=keep]").click()
    expect(me.page.locator("#nl")).to_contain_text("pikkedonkertje")
    expect(me.page.locator("#learned")).not_to_contain_text("pikkedonkertje")
    me.examine()


def add_learned_word(session: Session, issue: Issue, word: str) -> None:
    session.add(
        GrownExpression(
            kind=LinkKind.PILOT, key=1, concept="street-lighting", language="nl", text=word,
            issue_ids=[issue.id], voices=3, of_voices=4, elsewhere=0, others=30,
        )
    )  # fmt: skip
    session.commit()
