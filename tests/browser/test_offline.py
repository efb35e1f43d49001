"""Writing an issue without a connection: the page opens, what was written is kept, and becomes exactly one issue."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from app.core.db import Database
from app.issues.models import Issue, Photo
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast
from tests.sample_photos import a_photo

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

IS_KEPT = """async () => {
  const registration = await navigator.serviceWorker.ready;
  const names = await caches.keys();
  if (!names.length) return false;
  const kept = await (await caches.open(names[0])).keys();
  return kept.some(request => request.url.includes('/issues/new/offline')) && !!navigator.serviceWorker.controller;
}"""


WHAT_IS_KEPT = """async () => {
  const caught = await Promise.all((await caches.keys()).map(name => caches.open(name)));
  const all = await Promise.all(caught.map(cache => cache.keys()));
  return all.flat().map(request => request.url);
}"""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "path.jpg"
    path.write_bytes(a_photo())
    return path


def visit_once(me: Visit) -> None:
    """After one visit the page is kept; the others need not be."""
    me.go("/issues/new")
    me.page.wait_for_function(IS_KEPT)


def lose_connection(me: Visit) -> None:
    me.context.set_offline(True)
    me.go("/issues/new")
    expect(me.page.locator("#offline")).to_be_visible()


def find_connection(me: Visit) -> None:
    """What Chromium reports of failed requests is no fault of the page."""
    me.faults.clear()
    me.context.set_offline(False)


def write(page: Page, title: str, photo: Path | None = None) -> None:
    page.fill("#title", title)
    page.fill("#description", "Na zonsondergang is hier geen verlichting.")
    page.fill("#address", "Duinweg, bij de watertoren")
    if photo:
        page.set_input_files("input[name=photos]", photo)
        expect(page.locator("#uploads img")).to_have_count(1)
        page.fill("#uploads .draft-photo input", "Een pad zonder lampen")
    page.click("#send")


def issues_in(database: Database) -> list[str]:
    with database.session() as session:
        return sorted(session.exec(select(Issue.title)).all())


@pytest.mark.parametrize(("size", "locale"), [(PHONE, "nl"), (DESK, "en")])
def test_written_in_a_dead_spot_sent_when_there_is_a_signal(
    visit: Callable[..., Visit], photo: Path, database: Database, size: dict[str, int], locale: str
) -> None:
    me = visit(size, locale)
    visit_once(me)
    lose_connection(me)
    page = me.page
    assert page.get_attribute("html", "lang") == locale
    write(page, "Donker fietspad", photo)
    expect(page.locator("#kept li")).to_have_count(1)
    expect(page.locator("#title")).to_have_value("")
    expect(page.locator("#uploads img")).to_have_count(0)
    write(page, "Losse stoeptegel")
    expect(page.locator("#kept li")).to_have_count(2)
    me.faults.clear()
    me.examine()
    me.go("/issues/new")
    expect(page.locator("#kept li strong")).to_have_text(["Donker fietspad", "Losse stoeptegel"])
    assert issues_in(database) == []
    find_connection(me)
    expect(page.locator("#messages a[href='/sign-in']")).to_be_visible()
    me.examine()
    me.go("/sign-in")
    me.sign_in("nieuw@example.nl")
    page.wait_for_url("**/issues/*")
    me.go("/issues/new")
    expect(page.locator("#kept")).to_be_hidden()
    assert issues_in(database) == ["Donker fietspad", "Losse stoeptegel"]
    with database.session() as session:
        assert [shown.alt for shown in session.exec(select(Photo))] == ["Een pad zonder lampen"]


def signed_in(me: Visit, email: str) -> None:
    me.go("/sign-in")
    me.sign_in(email)
    me.page.wait_for_load_state()


def test_who_is_signed_in_reads_where_it_is(
    visit: Callable[..., Visit], photo: Path, database: Database, cast: Cast
) -> None:
    me = visit()
    signed_in(me, "anna@example.nl")
    visit_once(me)
    lose_connection(me)
    assert "Anna" not in me.page.content()
    write(me.page, "Donker fietspad", photo)
    expect(me.page.locator("#kept li")).to_have_count(1)
    find_connection(me)
    link = me.page.locator("#messages a[href*='donker-fietspad']")
    expect(link).to_be_visible()
    expect(me.page.locator("#kept")).to_be_hidden()
    link.click()
    expect(me.page.locator("img[src*='/photos/']").first).to_be_visible()
    assert issues_in(database) == ["Donker fietspad"]


def test_an_answer_that_is_lost_makes_no_second_issue(
    visit: Callable[..., Visit], photo: Path, database: Database, cast: Cast, session: Session
) -> None:
    """The site receives it, the phone does not hear so, and sends all of it again; signed out and signed in."""
    me = visit()
    # The browser itself would send it as well, and be faster.
    me.context.add_init_script("Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', {value: null})")
    visit_once(me)
    lose_connection(me)
    write(me.page, "Donker fietspad", photo)
    expect(me.page.locator("#kept li")).to_have_count(1)
    me.faults.clear()
    again = """async () => {
      const answer = self.fetch;
      self.fetch = async (...asked) => { await answer(...asked); throw new Error('lost'); };
      await self.queue.send(false, () => {});
      self.fetch = answer;
      return (await self.queue.all()).map(issue => issue.state);
    }"""
    me.page.evaluate("localStorage.removeItem('buurtlab-kept')")
    find_connection(me)
    assert me.page.evaluate(again) == ["waiting"]
    me.page.evaluate("localStorage.setItem('buurtlab-kept', 'yes')")
    signed_in(me, "anna@example.nl")
    me.go("/issues/new")
    expect(me.page.locator("#kept")).to_be_hidden()
    assert issues_in(database) == ["Donker fietspad"]
    with database.session() as fresh:
        assert len(fresh.exec(select(Photo)).all()) == 1


def test_what_is_not_accepted_can_be_changed_and_sent(
    visit: Callable[..., Visit], database: Database, cast: Cast
) -> None:
    me = visit(PHONE, "en")
    signed_in(me, "anna@example.nl")
    visit_once(me)
    lose_connection(me)
    page = me.page
    page.fill("#title", "Ok")
    page.fill("#description", "Too short a title.")
    page.fill("#address", "Dune road")
    page.click("#send")
    expect(page.locator("#kept li")).to_have_count(1)
    find_connection(me)
    expect(page.locator("#kept li span")).to_contain_text("Wijzig het en verstuur het opnieuw")
    me.faults.clear()
    page.click("#kept [data-do=change]")
    expect(page.locator("#title")).to_have_value("Ok")
    expect(page.locator("#kept")).to_be_hidden()
    page.fill("#title", "Dark cycle path")
    page.click("#send")
    page.wait_for_url("**/issues/*-dark-cycle-path")
    assert issues_in(database) == ["Dark cycle path"]


def test_signing_out_clears_what_waits(
    visit: Callable[..., Visit], photo: Path, database: Database, cast: Cast
) -> None:
    me = visit()
    signed_in(me, "anna@example.nl")
    visit_once(me)
    lose_connection(me)
    write(me.page, "Ok", photo)
    expect(me.page.locator("#kept li")).to_have_count(1)
    me.context.set_offline(False)
    me.go("/me")
    me.page.locator("form[action='/sign-out'] button").click()
    me.page.wait_for_selector("[data-notice='signed-out']")
    me.faults.clear()
    me.go("/issues/new")
    assert me.page.evaluate("self.queue.all()") == []
    assert me.page.evaluate("self.queue.photosOf('x').then(() => self.queue.all())") == []


def test_no_personal_page_is_kept(visit: Callable[..., Visit], cast: Cast) -> None:
    me = visit()
    signed_in(me, "anna@example.nl")
    visit_once(me)
    for path in ("/me", "/me/data", "/issues", "/"):
        me.go(path)
    kept = me.page.evaluate(WHAT_IS_KEPT)
    pages = [url for url in kept if "/static/" not in url]
    assert sorted(url.removeprefix(me.server.url) for url in pages) == [
        "/issues/new/offline?lang=nl",
        "/map/areas.json",
    ]
