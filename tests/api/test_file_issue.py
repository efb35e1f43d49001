import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, func, select

from app.accounts.models import Person
from app.activity.models import TimelineEntry
from app.core.clock import now
from app.filing.limits import ISSUES_PER_PERSON
from app.issues.models import Issue
from app.main import create_app
from app.matching.models import ThemeMatch
from app.settings import Settings
from tests.api.checking import Caller
from tests.browsing import Browser
from tests.conftest import Cast
from tests.crowd import Answer, Phone, at_once
from tests.factories import ELSEWHERE, INSIDE, hide
from tests.live import LiveServer

GOOD: dict[str, Any] = {
    "title": "Donker fietspad",
    "description": "Na zonsondergang zie je hier niets.",
    "lat": INSIDE[0],
    "lon": INSIDE[1],
}


def count(session: Session, table: type) -> int:
    session.rollback()
    return session.exec(select(func.count()).select_from(table)).one()


def errors_of(refused: Any) -> dict[str, str]:
    assert refused.status_code == 400, refused.text
    return {error["field"]: error["detail"] for error in refused.json()["errors"]}


def test_an_issue_is_filed_and_matched(bram: Caller, session: Session) -> None:
    filed = bram.post("/issues", json={**GOOD, "theme": "mobility", "source": "business", "nobody": "knows"})
    assert filed.status_code == 201
    told = filed.json()
    assert filed.headers["location"] == f"/api/v1/issues/{told['id']}"
    assert bram.get(filed.headers["location"]).json() == told
    assert (told["author"], told["theme"], told["language"]) == ({"displayName": "Bram"}, "mobility", "nl")
    assert count(session, TimelineEntry) == 1
    assert count(session, ThemeMatch) > 0


def test_a_place_that_is_around_here_is_rounded(bram: Caller) -> None:
    told = bram.post("/issues", json={**GOOD, "precision": "area"}).json()
    assert (told["lat"], told["lon"]) != INSIDE
    assert abs(told["lat"] - INSIDE[0]) < 0.001


def test_words_for_a_place_are_enough_and_null_is_nothing(bram: Caller) -> None:
    details = dict.fromkeys(("lat", "lon", "precision", "theme", "source", "language"))
    filed = bram.post("/issues", json={**GOOD, **details, "address": "bij de bibliotheek"})
    assert filed.status_code == 201
    assert filed.json()["address"] == "bij de bibliotheek"


def test_nobody_files_without_a_token(
    anybody: Caller, app: FastAPI, resident: Browser, session: Session, cast: Cast
) -> None:
    refusals = [
        anybody.post("/issues", json=GOOD),
        anybody.send_text("POST", "/issues", "{"),
        anybody.post("/issues", json=GOOD, headers={"Authorization": "Basic YnJhbTpicmFt"}),
        anybody.post("/issues", json=GOOD, headers={"Authorization": "Bearer bl_wrong"}),
        anybody.post("/issues", json=GOOD, headers={"Authorization": "Bearer"}),
    ]
    assert [refused.status_code for refused in refusals] == [401] * 5
    assert "invalid_token" in refusals[3].headers["www-authenticate"]
    assert "invalid_token" not in refusals[0].headers["www-authenticate"]
    signed_in = resident.post("/api/v1/issues", json=GOOD, headers={"Accept": "application/json"})
    assert signed_in.status_code == 401, "a session cookie counts for nothing here"
    assert count(session, Issue) == 0


def test_a_cookie_from_elsewhere_is_refused_at_the_gate(resident: Browser, session: Session) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        refused = resident.post("/api/v1/issues", json=GOOD, headers=headers)
        assert refused.status_code == 403
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["api-version"]
    del resident.headers["Origin"]
    assert resident.post("/api/v1/issues", json=GOOD).status_code == 403
    assert count(session, Issue) == 0


def test_who_is_suspended_does_not_file(
    app: FastAPI, cast: Cast, token_of: Callable[[Person], str], session: Session
) -> None:
    refused = Caller(app, token_of(cast.suspended)).post("/issues", json=GOOD)
    assert refused.status_code == 403
    assert "suspended until" in refused.json()["detail"]
    assert count(session, Issue) == 0


def test_everything_that_is_wrong_is_said_at_once(bram: Caller, session: Session) -> None:
    assert errors_of(bram.post("/issues", json={})).keys() == {"title", "description", "address"}
    many = errors_of(bram.post("/issues", json={"title": "x", "lat": ELSEWHERE[0], "lon": 5, "theme": "no"}))
    assert many.keys() == {"title", "description", "lat", "theme"}
    assert many["title"] == "This is too short. Use at least 3 characters."
    assert "outside our city" in many["lat"]
    strange = {"title": 5, "description": "x" * 50_000, "lat": "52", "lon": True, "precision": "near"}
    assert errors_of(bram.post("/issues", json=strange)).keys() == set(strange)
    assert errors_of(bram.post("/issues", json={**GOOD, "lon": None})).keys() == {"lat"}
    assert errors_of(bram.post("/issues", json={**GOOD, "title": " \u200b \u0000 "})).keys() == {"title"}
    assert count(session, Issue) == 0


def test_errors_are_said_in_the_language_asked_for(bram: Caller) -> None:
    dutch = bram.post("/issues", json=GOOD, headers={"Content-Type": "text/plain", "Accept-Language": "nl"})
    english = bram.post("/issues", json=GOOD, headers={"Content-Type": "text/plain", "Accept-Language": "en"})
    assert dutch.headers["vary"] == english.headers["vary"] == "Accept-Language"
    assert english.json()["detail"] == "Send JSON, with the header “Content-Type: application/json”."


def test_only_json_is_read(bram: Caller, session: Session) -> None:
    text = json.dumps(GOOD)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        assert bram.send_text("POST", "/issues", text, **{"Content-Type": kind}).status_code == 415, kind
    for kind in ("application/json; charset=utf-8", "application/merge-patch+json", "Application/JSON"):
        assert bram.send_text("POST", "/issues", text, **{"Content-Type": kind}).status_code == 201, kind


def test_what_is_not_a_json_object_is_refused(bram: Caller, session: Session) -> None:
    broken: list[str | bytes] = ["", "{", "[]", "5", "null", '"text"', "[" * 100_000, "{'title': 1}"]
    broken += [b"\xff\xfe{}", b'{"title": "\xc3\x28"}', '{"title": "\\ud800", "description": "abc"}']
    for body in broken:
        refused = bram.send_text("POST", "/issues", body)
        assert refused.status_code == 400, body
        assert refused.json()["detail"] == "This is not a JSON object that we can read."
    assert count(session, Issue) == 0


def test_strange_numbers_are_refused(bram: Caller) -> None:
    for number in ("NaN", "Infinity", "1e999", "9" * 5000, "-" + "9" * 70):
        body = json.dumps({**GOOD, "lat": "#"}).replace('"#"', number)
        assert bram.send_text("POST", "/issues", body).status_code == 400, number[:20]


def test_more_than_is_taken_in_is_refused(bram: Caller, anybody: Caller) -> None:
    for caller in (bram, anybody):
        assert caller.send_text("POST", "/issues", b"x" * 300_000).status_code == 413
        chunked = caller.request(
            "POST",
            "/issues",
            content=iter([b"x" * 200_000] * 2),
            headers={"Content-Type": "application/json"},
        )
        assert chunked.status_code == 413
        declared = caller.send_text("POST", "/issues", b"{}", **{"Content-Length": str(10**10)})
        assert declared.status_code == 413


def test_control_characters_are_left_out(bram: Caller) -> None:
    told = bram.post("/issues", json={**GOOD, "title": "Een\u0000 lamp\u202e is  stuk\n"}).json()
    assert told["title"] == "Een lamp is stuk"


def test_twice_with_the_same_key_is_once(bram: Caller, session: Session) -> None:
    key: Any = {"Idempotency-Key": "the key: “whatever” / 12".encode()}
    first = bram.post("/issues", json=GOOD, headers=key)
    text = json.dumps({**GOOD, "other": 1}, indent=4)
    spaced = bram.post("/issues", content=text, headers={**key, "Content-Type": "application/json"})
    assert first.status_code == spaced.status_code == 201
    assert first.json() == spaced.json()
    assert first.headers["location"] == spaced.headers["location"]
    assert count(session, Issue) == 1
    assert bram.post("/issues", json=GOOD, headers={"Idempotency-Key": "another"}).json()["id"] != first.json()["id"]
    assert bram.post("/issues", json=GOOD).status_code == 201
    assert count(session, Issue) == 3


def test_the_same_key_for_something_else_is_refused(bram: Caller, session: Session) -> None:
    key = {"Idempotency-Key": "k"}
    first = bram.post("/issues", json=GOOD, headers=key).json()
    other = bram.post("/issues", json={**GOOD, "title": "Een ander vraagstuk"}, headers=key)
    assert other.status_code == 409
    assert "Idempotency-Key" in other.json()["detail"]
    assert bram.post("/issues", json=GOOD, headers=key).json() == first
    assert count(session, Issue) == 1


def test_a_key_belongs_to_its_person(
    bram: Caller, app: FastAPI, cast: Cast, token_of: Callable[[Person], str], session: Session
) -> None:
    key = {"Idempotency-Key": "1"}
    mine = bram.post("/issues", json=GOOD, headers=key).json()
    theirs = Caller(app, token_of(cast.author)).post("/issues", json=GOOD, headers=key).json()
    assert mine["id"] != theirs["id"]
    assert theirs["author"] == {"displayName": "Anna"}


def test_a_refused_call_does_not_use_up_its_key(bram: Caller) -> None:
    key = {"Idempotency-Key": "k"}
    assert bram.post("/issues", json={**GOOD, "title": "x"}, headers=key).status_code == 400
    assert bram.post("/issues", json=GOOD, headers=key).status_code == 201


def test_a_key_has_255_characters_at_most(bram: Caller) -> None:
    refused = bram.post("/issues", json=GOOD, headers={"Idempotency-Key": "k" * 256})
    assert errors_of(refused).keys() == {"Idempotency-Key"}
    assert bram.post("/issues", json=GOOD, headers={"Idempotency-Key": "k" * 255}).status_code == 201


def test_a_repeated_call_does_not_bring_back_what_was_hidden(bram: Caller, session: Session) -> None:
    key = {"Idempotency-Key": "k"}
    filed = bram.post("/issues", json=GOOD, headers=key).json()
    issue = session.get(Issue, filed["id"])
    assert issue is not None
    hide(session, issue)
    assert bram.post("/issues", json=GOOD, headers=key).status_code == 404


@pytest.fixture
def post_at_once(
    live: LiveServer, cast: Cast, token_of: Callable[[Person], str]
) -> Callable[[str, list[dict[str, Any]]], list[Answer]]:
    """Sends all bodies at the same moment with the same key."""
    phone = Phone(live.url, headers={"Authorization": f"Bearer {token_of(cast.resident)}"})
    headers = {"Content-Type": "application/json", "Idempotency-Key": "same"}

    def post(path: str, bodies: list[dict[str, Any]]) -> list[Answer]:
        sent = [json.dumps(body).encode() for body in bodies]
        return at_once([lambda body=body: phone.send("POST", path, body, headers) for body in sent])  # type: ignore[misc]

    phone.headers["Accept"] = "application/json"
    return post


def test_the_same_call_many_times_at_once_is_one(
    post_at_once: Callable[[str, list[dict[str, Any]]], list[Answer]], session: Session
) -> None:
    answers = post_at_once("/api/v1/issues", [GOOD] * 12)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert count(session, Issue) == 1


def test_two_calls_at_once_with_one_key_give_one_issue_and_a_refusal(
    post_at_once: Callable[[str, list[dict[str, Any]]], list[Answer]], session: Session
) -> None:
    other = {**GOOD, "title": "Een ander vraagstuk"}
    answers = post_at_once("/api/v1/issues", [GOOD, other] * 6)
    assert sorted(answer.status for answer in answers) == [201] * 6 + [409] * 6
    assert count(session, Issue) == 1


def test_filing_is_limited_together_with_the_pages(
    settings: Settings,
    session: Session,
    cast: Cast,
    token_of: Callable[[Person], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = now()
    monkeypatch.setattr("app.core.clock.now", lambda: moment)
    site = create_app(settings.model_copy(update={"rate_limits": "on"}))
    caller = Caller(site, token_of(cast.resident))
    for _time in range(ISSUES_PER_PERSON.times):
        assert caller.post("/issues", json={}).status_code == 400
    refused = caller.post("/issues", json=GOOD, headers={"X-Forwarded-For": "203.0.113.5"})
    assert refused.status_code == 429
    assert count(session, Issue) == 0
    assert Caller(site, token_of(cast.author)).post("/issues", json=GOOD).status_code == 201
    site.state.database.close()
