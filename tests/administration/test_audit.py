"""The audit: who did what to what, when, from which role."""

import ast
import csv
import fnmatch
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import pytest
import time_machine
from sqlmodel import Session, col, delete, select

from app.accounts.models import Person
from app.activity.actions import write_down
from app.activity.models import AuditEntry
from app.administration.audit import COLUMNS
from app.administration.facts import NAMES, facts_in_words
from app.administration.kinds import KINDS
from app.core.clock import now
from app.core.db import Database
from app.core.limits import Limiter
from app.core.storage import storage_from_url
from app.jobs import Workplace, forget_what_expired
from app.settings import Settings
from tests.browsing import Browser, text_of
from tests.confirming import set_up_app
from tests.conftest import Cast, Counting

BrowserOf = Callable[[Person | None], Browser]


@pytest.fixture
def admin(browser_of: BrowserOf, cast: Cast) -> Browser:
    return browser_of(cast.admin)


@pytest.fixture
def some_acts(session: Session, cast: Cast) -> None:
    session.execute(delete(AuditEntry))
    write_down(session, "pilot.started", "pilot", 7, actor_id=cast.team.id, role="team", facts={"issues": 3})
    write_down(session, "role.granted.team", "person", cast.resident.id, actor_id=cast.admin.id, role="admin")
    write_down(session, "role.granted.admin", "person", cast.admin.id, actor_id=None, role="console")
    write_down(session, "thing.unheard", "gadget", 12, actor_id=999, role="team")
    session.commit()


def entries(browser: Browser, query: str = "") -> str:
    answer = browser.get("/admin/audit" + query)
    assert answer.status_code == 200, answer.text
    return text_of(answer.text.split('class="queue"')[1].split("</ul>")[0]) if 'class="queue"' in answer.text else ""


def test_it_says_in_words_who_did_what_from_which_role(admin: Browser, some_acts: None) -> None:
    shown = entries(admin)
    for words in (
        "Startte een proef",
        "roef 7",
        "team van de gemeente",
        "vraagstukken: 3",
        "Gaf de rol",
        "Het systeem",
    ):
        assert words in shown, words
    assert "thing.unheard" in shown, "without words as it is written down"
    assert shown.index("thing.unheard") < shown.index("Startte een proef"), "newest first"


def test_facts_are_said_in_words_in_the_readers_language() -> None:
    facts = {"from": "new", "to": "with-service", "name": ["Oud", ""], "on": "2026-03-02", "value": 1.5}
    assert facts_in_words(facts, "en") == (
        "from: New; name: from “Oud” to “nothing”; day: 2 Mar 2026; to: With a city service; value: 1.5"
    )
    assert "van: Nieuw" in facts_in_words(facts, "nl")
    assert "1,5" in facts_in_words(facts, "nl")
    assert facts_in_words({"changed": ["title", "problem"], "wat": {"niet": 1}}, "en") == (
        "what changed: name, problem; wat: {'niet': 1}"
    )


WRITING = ("write_down", "_write_down")


def facts_in_code() -> set[str]:
    """The names that code gives to what it writes down, where they can be read off."""
    found: set[str] = set()
    for path in Path("app").rglob("*.py"):
        tree = ast.parse(path.read_text())
        for scope in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)):
            calls = [each for each in ast.walk(scope) if getattr(getattr(each, "func", None), "id", "") in WRITING]
            if not calls:
                continue
            given = [word.value for call in calls for word in getattr(call, "keywords", []) if word.arg == "facts"]
            kept = [
                each.value
                for each in ast.walk(scope)
                if isinstance(each, ast.Assign) and getattr(each.targets[0], "id", "") == "facts"
            ]
            for value in (each for each in [*given, *kept] if isinstance(each, ast.Dict)):
                found |= {key.value for key in value.keys if isinstance(key, ast.Constant)}
    return found


def test_every_fact_that_is_written_down_has_words() -> None:
    written = facts_in_code()
    assert len(written) > 15
    assert not written - set(NAMES), "add words to app/administration/facts.py"


@pytest.mark.parametrize(
    ("query", "there", "not_there"),
    [
        ("?kind=pilot.started", "roef 7", "Gaf de rol"),
        ("?subject=person", "Gaf de rol", "Startte"),
        ("?subject=pilot&number=7", "Startte", "Gaf de rol"),
        ("?subject=pilot&number=8", "", "Startte"),
        ("?person=999", "thing.unheard", "Startte"),
        ("?since=2020-01-01&until=2020-12-31", "", "Startte"),
        ("?since=2020-01-01&kind=&person=", "Startte", "nothing"),
    ],
)
def test_filters_stand_in_the_address(admin: Browser, some_acts: None, query: str, there: str, not_there: str) -> None:
    shown = entries(admin, query)
    assert there in shown
    assert not_there not in shown


def test_the_last_day_of_a_period_counts_in_the_citys_time(admin: Browser, session: Session, some_acts: None) -> None:
    entry = session.exec(select(AuditEntry).where(AuditEntry.kind == "pilot.started")).one()
    entry.at = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)
    session.commit()
    assert "Startte" in entries(admin, "?since=2026-03-10&until=2026-03-10")
    assert "Startte" not in entries(admin, "?since=2026-03-11&until=2026-03-11")


def test_a_person_is_found_by_their_address_which_does_not_stay_in_the_address(
    admin: Browser, some_acts: None, cast: Cast
) -> None:
    found = admin.get("/admin/audit?person=" + quote("Team@Example.nl") + "&kind=pilot.started")
    assert found.headers["location"] == f"/admin/audit?person={cast.team.id}&kind=pilot.started"
    unknown = admin.get("/admin/audit?person=nobody@example.nl")
    assert unknown.status_code == 422
    assert 'id="person-error"' in unknown.text


@pytest.mark.parametrize(
    "query", ["?since=yesterday", "?until=9999-12-31", "?since=0001-01-01", "?kind=" + "x" * 100, "?number=" + "9" * 90]
)
def test_a_filter_that_cannot_be_read_says_so(admin: Browser, query: str) -> None:
    refused = admin.get("/admin/audit" + query)
    assert refused.status_code == 422
    assert 'class="error-summary"' in refused.text
    assert admin.get("/admin/audit.csv" + query).status_code == 303


@pytest.mark.parametrize("query", ["?after=x", "?person=99999999999999999999", "?number=%00", "?subject=%25"])
def test_nonsense_in_the_address_is_no_fault_of_ours(admin: Browser, query: str) -> None:
    assert admin.get("/admin/audit" + query).status_code in (200, 400, 422)


def test_reading_is_written_down_once_per_reading(admin: Browser, session: Session, some_acts: None) -> None:
    for n in range(45):
        write_down(session, "pilot.started", "pilot", n, actor_id=None)
    session.commit()
    page = admin.get("/admin/audit?subject=pilot")
    while 'class="pager"' in page.text:
        page = admin.get(page.text.split('class="pager"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&"))
    read = session.exec(select(AuditEntry).where(AuditEntry.kind == "audit.read")).all()
    assert [entry.facts for entry in read] == [{"subject": "pilot"}]


def test_pages_hold_every_entry_once_and_cost_the_same(
    admin: Browser, session: Session, some_acts: None, counting: Counting, cast: Cast
) -> None:
    with counting() as few:
        admin.get("/admin/audit")
    people = [cast.team.id, cast.moderator.id, cast.author.id, cast.resident.id]
    for n in range(50):
        write_down(session, "pilot.started", "pilot", 1000 + n, actor_id=people[n % 4])
    session.commit()
    with counting() as many:
        page = admin.get("/admin/audit?kind=pilot.started")
    assert many.count <= few.count
    seen = page.text
    while 'class="pager"' in page.text:
        page = admin.get(page.text.split('class="pager"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&"))
        seen += page.text
    assert all(seen.count(f"/pilots/{1000 + n}") == 1 for n in range(50))


def test_the_export_is_a_table_that_starts_no_formula(
    admin: Browser, session: Session, some_acts: None, cast: Cast
) -> None:
    cast.team.display_name = '=HYPERLINK("http://evil.example","x")'
    session.add(cast.team)
    session.commit()
    answer = admin.get("/admin/audit.csv?kind=pilot.started")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    rows = list(csv.reader(StringIO(answer.text.lstrip("\ufeff"))))
    assert rows[0] == list(COLUMNS)
    assert len(rows) == 2
    assert rows[1][3] == "'" + cast.team.display_name
    exported = session.exec(select(AuditEntry).where(AuditEntry.kind == "audit.exported")).one()
    assert exported.facts == {"kind": "pilot.started", "entries": 1}


def test_the_export_asks_for_the_factor_again(admin: Browser, some_acts: None) -> None:
    set_up_app(admin)
    with time_machine.travel(now() + timedelta(minutes=11)):
        asked = admin.get("/admin/audit.csv?kind=pilot.started")
    assert asked.headers["location"] == "/sign-in/second-factor?next=/admin/audit.csv%3Fkind%3Dpilot.started"


def test_old_entries_go_after_the_time_that_the_city_set(
    session: Session, some_acts: None, database: Database, settings: Settings
) -> None:
    first = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).first()
    assert first
    first.at = now() - timedelta(days=31)
    session.commit()
    kept = settings.model_copy(update={"audit_days": 30})
    place = Workplace(database, storage_from_url(kept.storage_url), Limiter(database, kept), kept)
    forget_what_expired(place)
    assert len(session.exec(select(AuditEntry.id)).all()) == 3


def kinds_in_code() -> set[str]:
    """What the code writes down, with `*` for what it fills in."""
    found = set()
    for path in Path("app").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "write_down":
                found |= {ast.unparse(call.args[1])} if len(call.args) > 1 else set()
    return {re.sub(r"\{.*?\}", "*", kind.lstrip("f").strip("'\"")) for kind in found if "." in kind}


def test_every_kind_that_is_written_down_has_words() -> None:
    written = kinds_in_code()
    assert len(written) > 8
    unsaid = {kind for kind in written if not fnmatch.filter(KINDS, kind)}
    assert not unsaid, f"add words for {unsaid} to app/administration/kinds.py"
