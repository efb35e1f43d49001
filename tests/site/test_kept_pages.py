"""Pages for visitors come from memory as long as nothing has changed, and never a moment longer."""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import event, text
from sqlmodel import Session, select
from starlette.types import Message, Receive, Scope, Send

from app import jobs
from app.core import clock
from app.core.db import Database
from app.core.kept_pages import MARK, KeptPage, KeptPages, Shelf
from app.filing.models import Draft
from app.issues.models import Issue
from app.main import create_app
from app.places.models import City, Neighbourhood
from app.settings import Settings
from app.themes.models import Theme
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import hide, make_comment, make_issue, make_lesson, make_pilot
from tests.moderation.helpers import decide


@pytest.fixture
def issue(session: Session, cast: Cast) -> Issue:
    return make_issue(session, cast.author)


@pytest.fixture
def elsewhere(settings: Settings) -> Iterator[FastAPI]:
    """Another process on the same database, as far as memory goes."""
    site = create_app(settings)
    yield site
    site.state.database.close()


@contextmanager
def asked_of(database: Database) -> Iterator[list[str]]:
    """What a site asks its database meanwhile."""
    statements: list[str] = []

    def note(*about: Any) -> None:
        statements.append(about[2])

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def is_from_memory(browser: Browser, path: str, **headers: str) -> bool:
    with asked_of(browser.app.state.database) as statements:  # type: ignore[attr-defined]
        assert browser.get(path, headers=headers).status_code == 200
    return not statements


def is_kept(browser: Browser, path: str) -> bool:
    """One of a few visits is answered from memory: half a minute may have passed, or PostgreSQL tidied up by itself."""
    return any(is_from_memory(browser, path) for _visit in range(4))


def change(session: Session, table: type[Any], **values: Any) -> None:
    row = session.exec(select(table)).first()
    assert row is not None
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.commit()


def writes(session: Session, cast: Cast, issue: Issue, act: dict[str, Browser]) -> list[tuple[Callable[[], Any], str]]:
    """What people do, and what every visitor must read in the next moment; with `!` what nobody reads any more."""
    at = f"/issues/{issue.id}"
    comment = make_comment(session, cast.resident, issue, "Eerste woord.")
    return [
        (lambda: act["resident"].post(f"{at}/vote"), "1 person has this problem too"),
        (lambda: act["resident"].post(f"{at}/vote/withdrawal"), "Nobody else has said so yet"),
        (lambda: act["resident"].post(f"{at}/comments", data={"body": "Nog een woord."}), "Nog een woord."),
        (lambda: decide(act["moderator"], session, comment.content_id, "hide"), "!Eerste woord."),
        (lambda: change(session, Issue, title="Een andere titel"), "Een andere titel"),
        (lambda: change(session, City, name="Anderstad", district="Anderswijk"), "Anderswijk"),
        (lambda: change(session, Neighbourhood, name="Andershoek"), "Andershoek"),
        (lambda: session.execute(text("UPDATE theme SET name_en = 'Otherness'")) and session.commit(), "Otherness"),
        (lambda: hide(session, issue), "!Een andere titel"),
    ]


def test_what_anybody_does_is_seen_by_every_visitor_in_the_next_moment_in_every_process(
    app: FastAPI, elsewhere: FastAPI, browser_of: Any, session: Session, cast: Cast, issue: Issue
) -> None:
    change(session, Issue, theme_id=session.exec(select(Theme.id)).first())
    act = {name: browser_of(getattr(cast, name)) for name in ("resident", "moderator")}
    pages = ["/issues", f"/issues/{issue.id}"]
    with Browser(elsewhere) as other:
        readers = [browser_of(None), other]
        for do, word in writes(session, cast, issue, act):
            for reader in readers:
                reader.get(pages[0]), reader.get(pages[1])
                assert all(is_kept(reader, path) for path in pages)
            answer = do()
            assert getattr(answer, "status_code", 303) == 303, word
            for reader in readers:
                shown = "".join(reader.get(path).text for path in reversed(pages))
                assert (word.lstrip("!") in shown) is not word.startswith("!"), word
        assert [reader.get(pages[1]).status_code for reader in readers] == [404, 404]


def test_what_is_under_way_is_seen_by_nobody_and_reading_changes_nothing(
    database: Database, visitor: Browser, session: Session, issue: Issue
) -> None:
    visitor.get("/issues")
    with Session(database.engine) as other:
        other.execute(text("UPDATE issue SET title = 'Nog niet klaar'"))
        assert "Nog niet klaar" not in visitor.get("/issues").text
        assert is_kept(visitor, "/issues")
        other.commit()
    assert "Nog niet klaar" in visitor.get("/issues").text
    for path in ("/", "/pilots", f"/issues/{issue.id}", "/issues?q=fiets", "/sign-in"):
        visitor.get(path)
    assert is_kept(visitor, "/issues")


def test_only_who_sends_nothing_of_their_own_gets_a_kept_page(
    visitor: Browser, resident: Browser, session: Session, cast: Cast, issue: Issue
) -> None:
    at = f"/issues/{issue.id}"
    visitor.get(at)
    assert is_kept(visitor, at)
    assert "data-signed-in" in resident.get(at).text
    assert not is_from_memory(resident, at)
    for headers in (
        {"Cookie": "locale=nl"}, {"Authorization": "Bearer x"}, {"HX-Request": "true"}, {"HX-Boosted": "true"},
        {"If-None-Match": '"x"'}, {"Range": "bytes=0-9"},
    ):  # fmt: skip
        assert not is_from_memory(visitor, at, **headers), headers
    assert 'lang="nl"' in visitor.get(at, headers={"Accept-Language": "nl"}).text
    assert 'lang="en"' in visitor.get(at).text
    for kept_from in ("/issues?q=fiets", "/issues?sort=near&lat=52.1&lon=4.2", "/sign-in", "/lessons?q=fiets"):
        visitor.get(kept_from)
        assert not is_from_memory(visitor, kept_from), kept_from
    plain, packed = (visitor.get(at, headers={"Accept-Encoding": kind}) for kind in ("identity", "gzip"))
    assert ("content-encoding" in plain.headers, packed.headers["content-encoding"]) == (False, "gzip")
    assert plain.text == packed.text == visitor.get(at).text
    head = visitor.head(at)
    assert (head.status_code, head.content, head.headers["content-type"]) == (200, b"", plain.headers["content-type"])
    assert head.headers["x-request-id"] != plain.headers["x-request-id"]
    assert head.headers["content-security-policy"] == plain.headers["content-security-policy"]


def test_a_page_for_everybody_has_nothing_in_it_that_is_for_one(
    visitor: Browser, elsewhere: FastAPI, session: Session, cast: Cast, issue: Issue
) -> None:
    """Two processes make the same, letter for letter; a number of one form, or a secret, would differ."""
    make_comment(session, cast.author, issue)
    pilot = make_pilot(session, [issue])
    lesson = make_lesson(session, pilot)
    area = session.exec(select(Neighbourhood.code)).first()
    paths = [
        "/", "/issues", "/issues?sort=rising", "/issues/map", f"/issues/{issue.id}", "/pilots", f"/pilots/{pilot.id}",
        "/themes/mobility", f"/neighbourhoods/{area}", "/lessons", f"/lessons/{lesson.id}", "/about/rules",
    ]  # fmt: skip
    session.commit()
    with Browser(elsewhere) as other:
        pages = [(visitor.get(path).text, other.get(path).text) for path in paths]
    for path, (here, there) in zip(paths, pages, strict=True):
        assert is_kept(visitor, path), path
        without_time = [re.sub(r"(just now|\d+ seconds? ago)", "", page) for page in (here, there)]
        assert without_time[0] == without_time[1], path
        assert not re.search(r'name="(nonce|draft|seen\w*|version)"', here), path


def test_two_visitors_who_write_the_same_on_the_same_page_are_both_heard(
    browser_of: Any, session: Session, issue: Issue
) -> None:
    one, two = browser_of(None), browser_of(None)
    assert one.get(f"/issues/{issue.id}").text == two.get(f"/issues/{issue.id}").text
    for visitor in (one, two, two):  # one of them presses twice
        kept = visitor.post(f"/issues/{issue.id}/comments", data={"body": "Hier ook."})
        assert kept.status_code == 303
    session.rollback()
    assert len(session.exec(select(Draft)).all()) == 2
    two.post(f"/issues/{issue.id}/comments", data={"body": "En gisteren weer."})
    session.rollback()
    assert len(session.exec(select(Draft)).all()) == 3


def test_nobody_who_does_nothing_makes_pages_anew(database: Database, settings: Settings, visitor: Browser) -> None:
    """The background work of a site where nothing happens writes its lease now and then, and else nothing."""
    site: Any = visitor.app
    place = jobs.Workplace(database, site.state.storage, site.state.limiter, settings)
    for _turn in range(2):
        visitor.get("/issues")
        assert jobs.hold_lease(database, "idle")
        jobs.do_chores(place, {chore.name: 0.0 for chore in jobs.CHORES})
    assert is_kept(visitor, "/issues")


def test_words_that_hang_on_the_clock_are_half_a_minute_old_at_most(
    visitor: Browser, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.get("/issues")
    moment = clock.now()
    for seconds, kept in ((25, True), (31, False)):
        monkeypatch.setattr("app.core.clock.now", lambda later=seconds: moment + timedelta(seconds=later))
        assert is_from_memory(visitor, "/issues") is kept


def test_the_shelf_holds_so_many_pages_and_bytes_and_lets_go_what_was_not_asked_for_longest() -> None:
    shelf = Shelf(most_pages=3, most_bytes=100)
    for name, size in (("a", 10), ("b", 10), ("c", 10), ("d", 10)):
        shelf.put(name, KeptPage(1, clock.now(), (), b"x" * size, None))
        shelf.find("a")
    assert [*shelf.pages] == ["c", "d", "a"]
    shelf.put("e", KeptPage(1, clock.now(), (), b"x" * 95, None))
    assert ([*shelf.pages], shelf.bytes) == (["e"], 95)
    shelf.put("f", KeptPage(1, clock.now(), (), b"x" * 101, None))
    assert ([*shelf.pages], shelf.bytes) == ([], 0)


class Changing:
    """A database that changes when the test says so."""

    def __init__(self) -> None:
        self.number: int | None = 1

    async def read(self) -> int | None:
        return self.number

    def close(self) -> None: ...


class Slow:
    """A page that takes a moment, and how often it was made."""

    def __init__(self, database: Changing) -> None:
        self.database, self.made, self.during = database, 0, lambda: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.made += 1
        shown = f"state {self.database.number}"
        await asyncio.sleep(0.01)
        self.during()
        scope["state"] = {**scope["state"], MARK: True}
        headers = [(b"content-type", b"text/html"), (b"vary", b"Cookie")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": shown.encode()})


async def read_page(pages: KeptPages) -> str:
    scope: Scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [], "state": {}}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    await pages(scope, receive, send)
    return str(sent[1]["body"].decode())


def test_after_a_change_one_makes_the_page_and_the_others_wait_for_it() -> None:
    async def crowd() -> None:
        database = Changing()
        page = Slow(database)
        pages = KeptPages(page, database, "nl")
        assert await read_page(pages) == "state 1"
        database.number = 2
        assert set(await asyncio.gather(*(read_page(pages) for _reader in range(20)))) == {"state 2"}
        assert page.made == 2
        database.number = None  # nobody knows: then nothing is kept and nothing given
        await read_page(pages)
        assert page.made == 3

    asyncio.run(crowd())


def test_a_page_that_was_begun_before_a_change_is_not_given_after_it() -> None:
    async def overtaken() -> None:
        database = Changing()
        page = Slow(database)
        pages = KeptPages(page, database, "nl")
        page.during = lambda: setattr(database, "number", 2)
        assert await read_page(pages) == "state 1"
        page.during = lambda: None
        assert await read_page(pages) == "state 2"
        assert await read_page(pages) == "state 2"
        assert page.made == 2

    asyncio.run(overtaken())
