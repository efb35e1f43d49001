"""Limits: each refuses at one more than declared, kindly and with a time; nobody gets around them by saying so."""

import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, func, select

from app.accounts.actions import ask_to_sign_in, create_token
from app.accounts.models import Person, SignInRequest
from app.core import clock
from app.core.limits import Limit, SqliteCounters, network_of
from app.issues.models import Vote
from app.main import create_app
from app.settings import Settings
from tests.browsing import Browser
from tests.conftest import Cast
from tests.crowd import Phone
from tests.factories import make_issue, make_person
from tests.live import LiveServer, serve_live

NETWORK = "testclient"
"""What the test client says where it calls from."""
JSON = {"Accept": "application/json"}
Places = dict[str, Any]
Ask = Callable[[Browser, Places], Any]


def report(browser: Browser, places: Places, **typed: str) -> Any:
    form = {"address": f"/issues/{places['issue_id']}", "ground": "insult", "facts": "Iemand wordt uitgescholden."}
    return browser.post("/flags", data={**form, **typed})


def object_by_link(browser: Browser, places: Places) -> Any:
    """A visitor who reported something and is not content with the outcome."""
    shown = report(browser, places)
    return browser.post(f"{shown.headers['location']}/appeal", data={"reasons": ""})


LIMITED: dict[str, tuple[str, Ask]] = {
    "mail-address": ("address", lambda b, p: b.post("/sign-in", data={"email": "n.i.euw+x@example.nl"})),
    "mail-network": ("network", lambda b, p: b.post("/sign-in", data={"email": "nieuw@example.nl"})),
    "code-network": ("network", lambda b, p: b.post("/sign-in", data={"code": "123456"})),
    "issue-person": (
        "person",
        lambda b, p: b.post("/issues", data={"title": "Los", "description": "Los", "address": "Hier"}),
    ),
    "issue-network": (
        "visitor",
        lambda b, p: b.post("/issues", data={"title": "Los", "description": "Los", "address": "Hier"}),
    ),
    "edit-person": (
        "person",
        lambda b, p: b.post(
            f"/issues/{p['issue_id']}/edit", data={"title": "Los", "description": "Los", "address": "Hier"}
        ),
    ),
    "entry-person": (
        "team",
        lambda b, p: b.post(
            "/team/issues", data={"title": "Los", "description": "Los", "address": "Hier", "channel": "desk"}
        ),
    ),
    "suggestion-network": ("network", lambda b, p: b.post("/issues/suggestions", data={"title": "Los"})),
    "upload-network": (
        "network",
        lambda b, p: b.post(
            "/drafts/photos", data={"draft": "nonce-of-limits-0001"}, files={"photos": ("x.jpg", b"x")}
        ),
    ),
    "vote-person": ("person", lambda b, p: b.post(f"/issues/{p['issue_id']}/vote")),
    "vote-network": ("visitor", lambda b, p: b.post(f"/issues/{p['issue_id']}/vote")),
    "comment-person": ("person", lambda b, p: b.post(f"/issues/{p['issue_id']}/comments", data={"body": "Ook hier."})),
    "comment-network": (
        "visitor",
        lambda b, p: b.post(f"/issues/{p['issue_id']}/comments", data={"body": "Ook hier."}),
    ),
    "support-person": ("person", lambda b, p: b.post(f"/comments/{p['comment_id']}/support")),
    "opinion-person": (
        "person",
        lambda b, p: b.post(f"/issues/{p['issue_id']}/matches/theme/{p['target_id']}/opinion", data={"agrees": "no"}),
    ),
    "follow-person": ("person", lambda b, p: b.post(f"/issues/{p['issue_id']}/follow")),
    "follow-network": ("visitor", lambda b, p: b.post(f"/issues/{p['issue_id']}/follow")),
    "join-person": ("person", lambda b, p: b.post(f"/pilots/{p['pilot_id']}/coalition/join")),
    "letter-person": ("team", lambda b, p: b.post(f"/pilots/{p['pilot_id']}/coalition/letters", data={"seen": "0"})),
    "flag-person": ("person", lambda b, p: report(b, p)),
    "flag-network": ("visitor", lambda b, p: report(b, p)),
    "flag-address": ("address", lambda b, p: report(b, p, email="nieuw@example.nl")),
    "appeal-network": ("visitor", lambda b, p: object_by_link(b, p)),
    "approach-person": (
        "person",
        lambda b, p: b.post(
            f"/pilots/{p['pilot_id']}/approaches",
            data={
                "title": "Samen fietsen",
                "summary": "Buren fietsen samen naar huis.",
                "kind-1": "social",
                "part-1": "Samen fietsen",
            },
        ),
    ),
    "preference-person": (
        "person",
        lambda b, p: b.post(f"/pilots/{p['pilot_id']}/approaches/{p['approach_id']}/preference"),
    ),
    "copy-person": ("person", lambda b, p: b.post("/me/data/copies")),
    "search-network": ("network", lambda b, p: b.get("/issues?q=licht")),
}


def declared() -> dict[str, Limit]:
    """Every limit that the app knows."""
    modules = [module for name, module in sys.modules.items() if name.startswith("app.")]
    return {value.name: value for module in modules for value in vars(module).values() if isinstance(value, Limit)}


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        database_url=database_url,
        mail_url=f"file://{tmp_path}/mail",
        storage_url=f"file://{tmp_path}/photos",
        rate_limits="on",
    )


@pytest.fixture(autouse=True)
def half_past(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time stands still where no window of a limit begins, so that none begins between two requests of a test."""
    moment = clock.now().replace(minute=30, second=10)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_every_limit_is_tried_here(app: FastAPI) -> None:
    assert set(LIMITED) == set(declared())


@pytest.mark.parametrize("name", LIMITED)
def test_one_more_than_the_limit_is_refused(
    name: str,
    app: FastAPI,
    visitor: Browser,
    browser_of: Callable[[Person | None], Browser],
    cast: Cast,
    places: Places,
) -> None:
    kind, ask = LIMITED[name]
    limit = declared()[name]
    person = {"person": cast.author, "team": cast.team}.get(kind)
    who = str(person.id) if person else {"address": "nieuw@example.nl"}.get(kind, NETWORK)
    browser = browser_of(person) if person else visitor
    for _earlier in range(limit.times - 1):
        app.state.limiter.count(limit, who)
    last = ask(browser, places)
    assert last.status_code in (200, 303, 422), last.text
    refused = ask(browser, places)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= limit.seconds
    assert re.search(r"(over een minuut|over \d+ minuten|in a minute|in \d+ minutes)\b", refused.text)
    assert "<h1" in refused.text


def test_the_api_says_the_same_as_a_problem(
    app: FastAPI, visitor: Browser, cast: Cast, session: Session, places: Places
) -> None:
    """A person's limits are counted over pages and API together."""
    token = create_token(session, cast.author, "test")
    session.commit()
    limit = declared()["vote-person"]
    for _earlier in range(limit.times):
        app.state.limiter.count(limit, str(cast.author.id))
    refused = visitor.put(
        f"/api/v1/issues/{places['issue_id']}/vote", headers={**JSON, "Authorization": f"Bearer {token}"}
    )
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert int(refused.headers["retry-after"]) > 0


def test_a_refused_vote_is_not_counted_as_cast(
    app: FastAPI, author: Browser, cast: Cast, session: Session, places: Places
) -> None:
    limit = declared()["vote-person"]
    for _earlier in range(limit.times):
        app.state.limiter.count(limit, str(cast.author.id))
    notice = author.htmx("POST", f"/issues/{places['issue_id']}/vote")
    assert (notice.status_code, notice.headers["hx-retarget"]) == (429, "#messages")
    assert session.exec(select(func.count()).select_from(Vote)).one() == 0


def test_reading_goes_on_when_nothing_can_be_counted(app: FastAPI, visitor: Browser, places: Places) -> None:
    """As with a full disk; on PostgreSQL the counters are in the one database, which is there or not."""
    counters = app.state.limiter.counters
    if isinstance(counters, SqliteCounters):
        sqlite3.connect(counters.file.path).execute("DROP TABLE rate_limit")
    assert visitor.get("/issues?q=licht").status_code == 200


def test_a_school_class_behind_one_address_signs_in_and_votes(settings: Settings) -> None:
    """30 pupils, each of whom asks for a second code, mistypes once, and votes for everything there is."""
    site = create_app(settings)
    with site.state.database.session() as session:
        author = make_person(session, "anna")
        issues = [make_issue(session, author, f"Stoeptegel {number} ligt los").id for number in range(4)]
    for number in range(30):
        with Browser(site) as pupil:
            for _ask in range(2):
                assert pupil.post("/sign-in", data={"email": f"leerling{number}@school.example"}).status_code == 303
            with site.state.database.session() as session:
                _asked, keys = ask_to_sign_in(
                    session, f"leerling{number}@school.example", "nl", "/", "test", settings.secret_key
                )
            pupil.cookies.delete("sign-in")
            pupil.cookies.set("sign-in", keys.cookie)
            wrong = "000000" if keys.code != "000000" else "111111"
            assert pupil.post("/sign-in", data={"code": wrong}).status_code == 422
            assert pupil.post("/sign-in", data={"code": keys.code}).status_code == 303
            for issue in issues:
                assert pupil.post(f"/issues/{issue}/vote").status_code == 303
    with site.state.database.session() as session:
        assert session.exec(select(func.count()).select_from(Vote)).one() == 30 * len(issues)
    site.state.database.close()


def test_the_names_of_a_mailbox_count_together(app: FastAPI, visitor: Browser) -> None:
    """`jan+1@` and `j.an@` are the same mailbox, so they share the limit of five mails."""
    names = ["jan", "j.an", "jan+a", "jan+b", "j.a.n"]
    assert [visitor.post("/sign-in", data={"email": f"{name}@example.nl"}).status_code for name in names] == [303] * 5
    assert visitor.post("/sign-in", data={"email": "jan+c@example.nl"}).status_code == 429
    assert visitor.post("/sign-in", data={"email": "piet@example.nl"}).status_code == 303


def request_from(host: str) -> Request:
    return Request({"type": "http", "client": (host, 1), "headers": []})


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_ipv6_is_counted_per_subscriber(host: str, network: str) -> None:
    assert network_of(request_from(host)) == network


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_every_address_of_a_subscriber_is_the_same_network(address: Any, other: int) -> None:
    if address.ipv4_mapped:
        return
    neighbour = type(address)(int(address) >> 64 << 64 | other)
    assert network_of(request_from(str(address))) == network_of(request_from(str(neighbour)))


@given(st.text())
def test_any_text_is_some_network(host: str) -> None:
    assert isinstance(network_of(request_from(host)), str)


def serving(sqlite_template: Path, folder: Path, trusted_proxies: str) -> Any:
    (folder / "buurtlab.db").write_bytes(sqlite_template.read_bytes())
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder}/buurtlab.db",
        mail_url=f"file://{folder}/mail",
        storage_url=f"file://{folder}/photos",
        rate_limits="on",
        trusted_proxies=trusted_proxies,
    )
    return serve_live(settings, log=folder / "server.log")


@pytest.fixture(scope="module")
def direct(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serving(sqlite_template, tmp_path_factory.mktemp("direct"), trusted_proxies="192.0.2.1") as server:
        yield server


@pytest.fixture(scope="module")
def behind_proxy(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with serving(sqlite_template, tmp_path_factory.mktemp("proxied"), trusted_proxies="127.0.0.1") as server:
        yield server


def codes_until_refused(server: LiveServer, forwarded_for: Callable[[int], str], at_most: int = 130) -> int:
    """How many sign-in codes can be tried before the answer is 429."""
    phone = Phone(server.url)
    for number in range(at_most):
        answer = phone.post("/sign-in", {"code": "123456"}, **{"X-Forwarded-For": forwarded_for(number)})
        if answer.status == 429:
            return number
    return at_most


def test_a_forged_header_does_not_help_without_a_proxy(direct: LiveServer) -> None:
    assert codes_until_refused(direct, lambda number: f"198.51.100.{number}") == 100


def test_a_forged_header_does_not_help_behind_a_proxy(behind_proxy: LiveServer) -> None:
    """The proxy adds who really called at the end; what stands before it is what the caller made up."""
    assert codes_until_refused(behind_proxy, lambda number: f"198.51.100.{number}, 203.0.113.7") == 100


def test_behind_a_proxy_a_subscriber_counts_once_and_others_go_on(behind_proxy: LiveServer) -> None:
    assert codes_until_refused(behind_proxy, lambda number: f"2001:db8:1:2::{number:x}") == 100
    assert codes_until_refused(behind_proxy, lambda number: f"2001:db8:2:{number:x}::1", at_most=110) == 110


def test_a_day_of_guesses_for_one_address_ends_at_fifty(app: FastAPI, session: Session, settings: Settings) -> None:
    """Whoever asks for new codes all the time still gets no more than 50 guesses a day for one address."""
    compared = 0
    for _request in range(12):
        with app.state.database.session() as own:
            _asked, keys = ask_to_sign_in(own, "doel@example.nl", "nl", "/", "test", settings.secret_key)
        app.state.limiter.on = False
        with Browser(app) as browser:
            browser.cookies.set("sign-in", keys.cookie)
            wrong = "000000" if keys.code != "000000" else "111111"
            for _guess in range(6):
                answer = browser.post("/sign-in", data={"code": wrong})
                compared += "is not right" in answer.text
            last = keys
    assert compared == 50
    assert session.exec(select(func.sum(SignInRequest.tries))).one() == 50
    with Browser(app) as browser:
        browser.cookies.set("sign-in", last.cookie)
        assert browser.post("/sign-in", data={"code": last.code}).status_code == 422
        assert browser.post(f"/sign-in/link/{last.token}").status_code == 303
    assert session.exec(select(Person).where(Person.email == "doel@example.nl")).first() is not None
