"""What holds for every call, whatever it is about."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.accounts.models import Person
from app.issues.models import Issue
from tests.api.checking import ORIGIN, Caller
from tests.browsing import Browser
from tests.conftest import Cast, Counted
from tests.factories import make_comment, make_issue, make_pilot

LISTS = ["/issues", "/issues?sort=top", "/issues?sort=near&lat=52.1&lon=4.27", "/themes", "/pilots", "/lessons"]


def test_a_slash_at_the_end_is_another_address(anybody: Caller, issue: Issue) -> None:
    for address in ("/", "", "/issues/", f"/issues/{issue.id}/", "/themes/", "/no-such-thing", "/docs"):
        assert anybody.get(address).status_code == 404, address


def test_a_method_that_is_not_there_is_answered_with_those_that_are(anybody: Caller, issue: Issue) -> None:
    allowed = {
        "/issues": "GET, HEAD, OPTIONS, POST",
        f"/issues/{issue.id}": "GET, HEAD, OPTIONS",
        f"/issues/{issue.id}/vote": "DELETE, OPTIONS, PUT",
        f"/issues/{issue.id}/comments": "GET, HEAD, OPTIONS, POST",
        "/openapi.json": "GET, HEAD, OPTIONS",
    }
    for address, methods in allowed.items():
        for method in {"PATCH", "TRACE", "PUT", "DELETE", "POST", "GET"} - set(methods.split(", ")):
            refused = anybody.request(method, address)
            assert (refused.status_code, refused.headers["allow"]) == (405, methods), (method, address)


def test_a_browser_may_ask_before_it_reads(anybody: Caller) -> None:
    asked = anybody.options("/issues", headers={"Origin": "https://x.example", "Access-Control-Request-Method": "GET"})
    assert (asked.status_code, asked.text) == (204, "")
    assert asked.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert anybody.options("/no-such-thing").status_code == 404


def test_head_says_what_get_would(anybody: Caller, issue: Issue) -> None:
    for address in ("/issues", f"/issues/{issue.id}", "/openapi.json"):
        head, got = anybody.head(address), anybody.get(address)
        assert (head.status_code, head.text) == (200, "")
        assert head.headers["content-length"] == got.headers["content-length"]
    assert anybody.head("/issues/999999").status_code == 404
    assert anybody.head(f"/issues/{issue.id}/vote").status_code == 405


def test_only_json_can_be_had(anybody: Caller) -> None:
    for accept in ("text/html", "application/xml, text/csv", "application/json;q=0", "*/*;q=0.0"):
        assert anybody.get("/issues", headers={"Accept": accept}).status_code == 406, accept
    for accept in ("", "*/*", "text/html, application/*;q=0.1", "APPLICATION/JSON; charset=utf-8"):
        assert anybody.get("/issues", headers={"Accept": accept}).status_code == 200, accept


def test_a_token_that_is_not_valid_is_refused_also_for_reading(anybody: Caller, issue: Issue) -> None:
    for address in ("/issues", f"/issues/{issue.id}", "/themes"):
        assert anybody.get(address, headers={"Authorization": "Bearer no"}).status_code == 401
    assert anybody.get("/issues", headers={"Authorization": "Bearer \xff".encode("latin-1")}).status_code == 401


def test_the_language_comes_from_the_call_and_not_from_a_cookie(anybody: Caller) -> None:
    def name_of_first(cookie: str, language: str) -> str:
        headers = {"Cookie": f"locale={cookie}", "Accept-Language": language}
        name: str = anybody.get("/themes", headers=headers).json()["items"][1]["name"]
        return name

    assert name_of_first("nl", "en") == "Mobility"
    assert name_of_first("en", "nl-BE,fr;q=0.3") == "Mobiliteit"
    assert name_of_first("en", "") == "Mobiliteit", "the city's own language"


def test_what_does_not_reach_the_api_is_answered_in_its_way(anybody: Caller) -> None:
    assert anybody.get("/issues", headers={"X-Much": "x" * 40_000}).status_code == 400
    assert anybody.get("/issues%00").status_code == 400
    assert anybody.get("/issues%FF").status_code == 400


def test_a_crash_shows_nothing_of_itself(anybody: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_arguments: object) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("app.api.themes.themes_with_goals", crash)
    answer = anybody.get("/themes")
    assert answer.status_code == 500
    assert "secret" not in answer.text


def test_without_its_database_it_says_come_back_later(anybody: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr("app.api.themes.themes_with_goals", fail)
    assert anybody.get("/themes").status_code == 503


def test_ten_more_rows_add_no_query(
    anybody: Caller,
    session: Session,
    cast: Cast,
    issue: Issue,
    counting: Callable[[], AbstractContextManager[Counted]],
) -> None:
    addresses = [*LISTS, f"/issues/{issue.id}/comments", "/neighbourhoods"]

    def queries() -> dict[str, int]:
        counts = {}
        for address in addresses:
            with counting() as counted:
                assert anybody.get(address).status_code == 200
            counts[address] = counted.count
        return counts

    def add_rows(number: int) -> None:
        for _row in range(number):
            added = make_issue(session, cast.resident, theme="mobility")
            make_pilot(session, [added])
            make_comment(session, cast.resident, issue)

    add_rows(2)
    before = queries()
    add_rows(10)
    assert queries() == before
    assert max(before.values()) <= 7, "near looks in five growing circles at most"


NAMES = ("anybody", "resident", "author", "suspended", "moderator", "team", "admin")
ANYBODY: dict[str, str | int] = dict.fromkeys(NAMES, "in")
WRITERS = {**ANYBODY, "anybody": 401, "suspended": 403}
RESIDENTS = {**ANYBODY, "anybody": 401}
MATRIX = {
    ("get", "/issues"): ANYBODY,
    ("post", "/issues"): WRITERS,
    ("get", "/issues/{issue_id}"): ANYBODY,
    ("put", "/issues/{issue_id}/vote"): WRITERS,
    ("delete", "/issues/{issue_id}/vote"): RESIDENTS,
    ("get", "/issues/{issue_id}/comments"): ANYBODY,
    ("post", "/issues/{issue_id}/comments"): WRITERS,
    ("get", "/issues/{issue_id}/matches"): ANYBODY,
    ("get", "/themes"): ANYBODY,
    ("get", "/neighbourhoods"): ANYBODY,
    ("get", "/lessons"): ANYBODY,
    ("get", "/pilots"): ANYBODY,
    ("get", "/pilots/{pilot_id}"): ANYBODY,
}
BODIES = {
    "/issues": {"title": "Een titel", "description": "Een beschrijving", "address": "hier"},
    "/issues/{issue_id}/comments": {"body": "Een reactie"},
}


def test_every_call_is_in_the_matrix_and_nothing_else(anybody: Caller) -> None:
    documented = {(method, path) for path, calls in anybody.document["paths"].items() for method in calls}
    assert documented == set(MATRIX)


def test_who_may(
    app: FastAPI,
    cast: Cast,
    session: Session,
    issue: Issue,
    token_of: Callable[[Person], str],
    resident: Browser,
) -> None:
    ids = {"issue_id": issue.id, "pilot_id": make_pilot(session, [issue]).id}
    for name in NAMES:
        caller = Caller(app, "" if name == "anybody" else token_of(getattr(cast, name)))
        for (method, path), allowed in MATRIX.items():
            answer = caller.request(method.upper(), path.format(**ids), json=BODIES.get(path))
            outcome = "in" if answer.is_success else answer.status_code
            assert outcome == allowed[name], (name, method, path)
    for method, path in MATRIX:
        signed_in = resident.request(
            method, f"{ORIGIN}/api/v1{path.format(**ids)}", json=BODIES.get(path), headers={"Accept": "*/*"}
        )
        outcome = "in" if signed_in.is_success else signed_in.status_code
        assert outcome == MATRIX[method, path]["anybody"], "cookies do not count"
