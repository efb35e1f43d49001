"""Logs say what happened and how long it took, and nothing about who or what."""

import json
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.accounts.actions import ask_to_sign_in
from app.core.db import Database
from app.settings import Settings
from tests.crowd import Phone
from tests.databases import DATABASES, fresh_database
from tests.live import serve_live
from tests.sample_photos import a_photo

EMAIL = "canary-person@canary-host.example"
CANARIES = [
    "canary-person",
    "canary-host",
    "canary-title",
    "canary-words",
    "canary-search",
    "canary-name",
    "canary-query",
]


@pytest.fixture(scope="module", params=DATABASES)
def logged(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[str], list[str]]]:
    """What a production server wrote during a walk, line by line; and the secrets that passed."""
    tmp_path = tmp_path_factory.mktemp("logs")
    with fresh_database(request, request.param, tmp_path) as url:
        settings = Settings(
            _env_file=None,
            environment="production",
            secret_key="a-key-for-this-test-of-more-than-32-characters",
            database_url=url,
            mail_url=f"file://{tmp_path}/mail",
            storage_url=f"file://{tmp_path}/photos",
        )
        log = tmp_path / "server.log"
        with serve_live(settings, log=log) as server:
            secrets = walk(Phone(server.url), settings)
        yield log.read_text().splitlines(), secrets


def walk(phone: Phone, settings: Settings) -> list[str]:
    """Signing in, filing, searching, mistakes; returns the keys that passed."""
    phone.post("/sign-in", {"email": EMAIL})
    phone.post("/sign-in", {"code": "000000"})
    database = Database(settings.database_url)
    with database.session() as session:
        _asked, keys = ask_to_sign_in(session, EMAIL, "nl", "/", "test", settings.secret_key)
        _other, link_keys = ask_to_sign_in(session, EMAIL, "nl", "/", "test", settings.secret_key)
    database.close()
    phone.get(f"/sign-in/link/{link_keys.token}")
    phone.post(f"/sign-in/link/{link_keys.token}")
    phone.cookies["sign-in"] = keys.cookie
    assert phone.post("/sign-in", {"code": keys.code}).status == 303
    phone.get("/issues/new")
    phone.post("/welcome", {"display_name": "canary-name", "locale": "nl"})
    form = {
        "title": "canary-title",
        "description": "canary-words",
        "address": "canary-words",
        "draft": "nonce-of-logs-00001",
    }
    filed = phone.post("/issues", form, [a_photo(64, 48)])
    assert filed.status == 303
    page = filed.location
    phone.post(f"{page.partition('-canary')[0]}/comments", {"body": "canary-words"})
    for path in ("/issues?q=canary-search", "/no/canary-query?canary-query=1", "/issues/%ff?canary-query", page, "/me"):
        phone.get(path)
    phone.post("/issues", {"title": "canary-title" * 50})
    phone.post("/issues/suggestions", {"title": "canary-words"})
    phone.send("POST", "/issues", b"canary-words", {"Content-Type": "multipart/form-data; boundary=x"})
    phone.send("GET", "/api/v1/issues?q=canary-search", b"", {"Authorization": "Bearer bl_canary-query"})
    secrets = [
        keys.code,
        keys.token,
        keys.cookie,
        link_keys.token,
        link_keys.code,
        phone.cookies["session"],
        phone.cookies["draft"],
    ]
    return [*secrets, *keys.cookie.split(".")]


def test_the_log_of_a_walk_names_nobody_and_nothing(logged: tuple[list[str], list[str]]) -> None:
    lines, secrets = logged
    assert len(lines) > 15
    for line in lines:
        for canary in [*CANARIES, *(secret for secret in secrets if len(secret) > 6)]:
            assert canary not in line, line
        assert not re.search(r"[\w.+-]+@[\w-]+\.\w+", line), line
        assert "?" not in line, line


def test_every_line_is_json_with_an_id_a_route_and_a_time(logged: tuple[list[str], list[str]]) -> None:
    lines, _secrets = logged
    requests = [entry for entry in map(json.loads, lines) if entry["event"] == "request"]
    assert len({entry["request_id"] for entry in requests}) == len(requests) > 15
    for entry in requests:
        assert set(entry) == {"event", "level", "timestamp", "request_id", "method", "route", "status", "ms"}
    routes = {entry["route"] for entry in requests}
    assert {"/sign-in", "/sign-in/link/{token}", "/issues", "/me"} <= routes


def test_an_error_of_the_database_does_not_quote_what_people_typed(database: Database) -> None:
    with database.engine.connect() as connection, pytest.raises(DBAPIError) as raised:
        connection.execute(text("SELECT * FROM no_such_table WHERE email = :email"), {"email": EMAIL})
    assert "canary" not in str(raised.value)
