"""The gate holds at every door: headers on every answer, writes from our own pages only, reads that change nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlmodel import Session, SQLModel, select

from app.accounts.actions import ask_to_sign_in, grant_roles
from app.accounts.models import Person, Role
from app.core.db import Database
from app.core.security import UNSUBSCRIBE
from app.main import create_app
from app.settings import Settings
from tests.browsing import ORIGIN, Browser
from tests.conftest import Cast
from tests.sample_photos import a_photo
from tests.site.everywhere import FORMS, NONCE, address_of, routes_of

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
API = "/api/v1"
JSON = {"Accept": "application/json"}
ELSEWHERE: list[dict[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://127.0.0.1:8000.evil.example"},
    {"Origin": "http://127.0.0.1:9999"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Origin": ""},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "nonsense"},
    {"Origin": "https://evil.example", "Authorization": "Bearer anything"},
    {},
]


@pytest.fixture
def somebody(
    browser_of: Callable[[Person | None], Browser], cast: Cast, session: Session, places: dict[str, Any]
) -> Browser:
    """The author of everything, with every role, and with the key of the draft."""
    person = grant_roles(session, cast.author.email or "", list(Role), "nl")
    session.commit()
    session.refresh(person, ["roles"])
    browser = browser_of(person)
    browser.cookies.set("draft", "owner-key")
    return browser


@pytest.fixture
def live_places(session: Session, settings: Settings, author: Browser, places: dict[str, Any]) -> dict[str, Any]:
    """Also a link that can still be used, and a photo that can be seen."""
    _asked, keys = ask_to_sign_in(session, "nieuw@example.nl", "nl", "/", "test", settings.secret_key)
    session.commit()
    author.cookies.set("draft", "owner-key")
    upload = {"photos": ("photo.jpg", a_photo(64, 48), "image/jpeg")}
    shown = author.htmx("POST", "/drafts/photos", data={"draft": NONCE}, files=upload).text
    key = shown.partition("/photos/")[2].partition("-")[0]
    return {**places, "token": keys.token, "key": key, "name": f"{key}-large.jpg"}


def api_routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    mounted = next(route.app for route in app.routes if getattr(route, "path", "") == API)
    for method, path in routes_of(mounted):
        yield method, API + path


def all_routes(app: FastAPI) -> list[tuple[str, str]]:
    return [*routes_of(app), *api_routes(app)]


def address(path: str, places: dict[str, Any]) -> str:
    values = {"theme": "mobility", "code": "BU00000001", **places}
    return address_of(path, values)


def rows_of(database: Database) -> dict[str, list[str]]:
    """All that the database holds, by table."""
    with database.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in SQLModel.metadata.sorted_tables
        }


def is_unsafe(method: str) -> bool:
    return method not in ("GET", "HEAD", "OPTIONS")


def check_headers(response: Response) -> None:
    for name, value in HEADERS.items():
        assert response.headers.get(name) == value, (str(response.url), response.status_code, name)
    policy = dict(part.strip().partition(" ")[::2] for part in response.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("frame-src", "frame-ancestors", "base-uri")} == {"'none'"}
    assert policy["form-action"] == "'self'"
    assert not any(word in " ".join(policy.values()) for word in ("unsafe", "data:", "http:", "*"))
    assert "geolocation=(self)" in response.headers["permissions-policy"]
    assert response.headers["x-request-id"]
    assert "server" not in response.headers


def test_no_write_passes_that_does_not_come_from_our_pages(
    app: FastAPI, database: Database, somebody: Browser, places: dict[str, Any]
) -> None:
    """Every unsafe route, signing in included; and no row has changed afterwards."""
    unsafe = [(method, path) for method, path in all_routes(app) if is_unsafe(method)]
    assert len(unsafe) > 20
    before = rows_of(database)
    del somebody.headers["Origin"]
    for method, path in unsafe:
        for headers in ELSEWHERE:
            sent = {**headers, "Accept": "*/*"}
            answer = somebody.request(method, address(path, places), data=FORMS.get(path), headers=sent)
            with_token = path.startswith(API) and "Authorization" in headers
            signed = path.startswith(UNSUBSCRIBE)  # a mail program presses that button; this address is not signed
            expected = (404,) if signed else (401, 415) if with_token else (403,)
            assert answer.status_code in expected, (method, path, headers)
            check_headers(answer)
    assert rows_of(database) == before


def test_the_same_writes_pass_from_our_own_pages(app: FastAPI, somebody: Browser, places: dict[str, Any]) -> None:
    """So that the test above refuses for the reason it names."""
    del somebody.headers["Origin"]
    for method, path in routes_of(app):
        if not is_unsafe(method) or path.startswith("/sign-out"):
            continue
        for headers in ({"Origin": ORIGIN}, {"Sec-Fetch-Site": "same-origin"}):
            answer = somebody.request(method, address(path, places), data=FORMS.get(path), headers=headers)
            assert answer.status_code < 500
            assert answer.status_code != 403, (method, path)


@pytest.mark.parametrize("who", ["visitor", "somebody"])
def test_reading_changes_no_row(
    who: str, request: pytest.FixtureRequest, app: FastAPI, database: Database, live_places: dict[str, Any]
) -> None:
    browser: Browser = request.getfixturevalue(who)
    before = all_but_the_audit(database)
    reads = [path for method, path in all_routes(app) if method == "GET"]
    assert len(reads) > 20
    for path in reads:
        for method in ("GET", "HEAD"):
            answer = browser.request(method, address(path, live_places))
            assert answer.status_code < 500, (method, path)
            check_headers(answer)
    assert all_but_the_audit(database) == before


def all_but_the_audit(database: Database) -> dict[str, list[str]]:
    """That somebody on the staff read what is personal is itself written down."""
    return {table: rows for table, rows in rows_of(database).items() if table != "audit_entry"}


def test_head_answers_like_get_without_the_body(somebody: Browser, app: FastAPI, live_places: dict[str, Any]) -> None:
    for method, path in all_routes(app):
        if method != "GET":
            continue
        got = somebody.get(address(path, live_places))
        head = somebody.head(address(path, live_places))
        assert head.status_code == got.status_code, path
        assert head.headers.get("content-type") == got.headers.get("content-type")
        assert head.content == b""


def test_ten_looks_do_not_use_up_a_link(visitor: Browser, live_places: dict[str, Any]) -> None:
    link = f"/sign-in/link/{live_places['token']}"
    for _look in range(5):
        assert visitor.get(link).status_code == 200
        assert visitor.head(link).status_code == 200
    assert "link_approved" not in visitor.post(link).text
    assert visitor.get(link).status_code == 200


ANSWERS: dict[str, tuple[int, Callable[[Browser], Response]]] = {
    "page": (200, lambda browser: browser.get("/")),
    "fragment": (200, lambda browser: browser.htmx("GET", "/issues")),
    "redirect": (303, lambda browser: browser.post("/sign-out")),
    "moved by htmx": (204, lambda browser: browser.htmx("POST", "/sign-out")),
    "json": (200, lambda browser: browser.get("/issues/map/points.json?bbox=4,52,5,53")),
    "geojson": (200, lambda browser: browser.get("/map/areas.json")),
    "health": (200, lambda browser: browser.get("/health/ready")),
    "text": (200, lambda browser: browser.get("/robots.txt")),
    "api": (200, lambda browser: browser.get(f"{API}/issues", headers=JSON)),
    "api schema": (200, lambda browser: browser.get(f"{API}/openapi.json", headers=JSON)),
    "style sheet": (200, lambda browser: browser.get("/static/css/base.css")),
    "picture": (200, lambda browser: browser.get("/static/icons.svg")),
    "not modified": (
        304,
        lambda browser: browser.get(
            "/static/logo.svg", headers={"If-None-Match": browser.get("/static/logo.svg").headers["etag"]}
        ),
    ),
    "no such page": (404, lambda browser: browser.get("/no/such/page")),
    "no such file": (404, lambda browser: browser.get("/static/no-such-file.css")),
    "out of the folder": (404, lambda browser: browser.get("/static/%2e%2e/app/settings.py")),
    "no such issue": (404, lambda browser: browser.get("/issues/999999")),
    "no such issue for htmx": (404, lambda browser: browser.htmx("POST", "/issues/999999/vote")),
    "no such call": (404, lambda browser: browser.get(f"{API}/nothing")),
    "wrong method": (405, lambda browser: browser.put("/issues")),
    "trace": (405, lambda browser: browser.request("TRACE", "/")),
    "nothing in the form": (422, lambda browser: browser.post("/sign-in", data={"email": ""})),
    "from elsewhere": (
        403,
        lambda browser: browser.post("/sign-in", headers={"Origin": "https://evil.example"}),
    ),
    "unreadable": (400, lambda browser: browser.get("/issues/%00")),
    "too long a path": (400, lambda browser: browser.get("/issues/" + "9" * 5000 + "-x")),
    "too many headers": (400, lambda browser: browser.get("/", headers={"X-Much": "x" * 40_000})),
    "not a form": (
        400,
        lambda browser: browser.post("/issues", content=b"x", headers={"Content-Type": "multipart/form-data"}),
    ),
    "too large": (
        413,
        lambda browser: browser.post("/issues", content=b"", headers={"Content-Length": str(10**9)}),
    ),
    "too large for the api": (
        413,
        lambda browser: browser.post(f"{API}/issues", content=b"", headers={"Content-Length": str(10**9)}),
    ),
    "no token": (401, lambda browser: browser.post(f"{API}/issues", json={}, headers=JSON)),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_has_the_headers_and_can_be_read(
    visitor: Browser, places: dict[str, Any], kind: str
) -> None:
    status, ask = ANSWERS[kind]
    answer = ask(visitor)
    assert answer.status_code == status, answer.text
    check_headers(answer)
    if status >= 400:
        check_readable(answer)


def check_readable(answer: Response) -> None:
    """A page, a notice or problem+json, never bare words."""
    kind = answer.headers["content-type"]
    if answer.request.url.path.startswith("/api/"):
        assert kind == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
    elif "hx-request" in answer.request.headers:
        assert "hx-retarget" in answer.headers
    else:
        assert kind.startswith("text/html")
        assert "<h1" in answer.text


def test_a_crash_is_a_page_with_headers_and_an_id(settings: Settings) -> None:
    site = create_app(settings)

    def crash() -> None:
        raise RuntimeError("canary-of-a-crash")

    site.router.add_api_route("/crash", crash)
    with Browser(site) as browser:
        answer = browser.get("/crash")
        assert answer.status_code == 500
        check_headers(answer)
        check_readable(answer)
        assert "canary" not in answer.text
        for_htmx = browser.htmx("GET", "/crash")
        assert for_htmx.status_code == 500
        assert for_htmx.headers["hx-retarget"] == "#messages"
    site.state.database.close()


def test_a_crash_of_the_api_is_a_problem(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("canary-of-a-crash")

    site = create_app(settings)
    monkeypatch.setattr("app.api.themes.themes_with_goals", crash)
    with Browser(site) as browser:
        answer = browser.get(f"{API}/themes", headers=JSON)
        assert answer.status_code == 500
        check_headers(answer)
        check_readable(answer)
        assert "canary" not in answer.text
    site.state.database.close()


def test_over_https_browsers_are_told_to_stay_there(settings: Settings) -> None:
    secure = settings.model_copy(update={"base_url": "https://buurtlab.example"})
    site = create_app(secure)
    with Browser(site) as browser:
        for path in ("/", "/no/such/page", "/static/logo.svg", f"{API}/issues"):
            told = browser.get(path).headers["strict-transport-security"]
            assert told == "max-age=63072000; includeSubDomains"
        asked = browser.post(
            "/sign-in", data={"email": "nieuw@example.nl"}, headers={"Origin": "https://buurtlab.example"}
        )
        (cookie,) = [line for line in asked.headers.get_list("set-cookie") if "sign-in" in line]
        assert cookie.startswith("__Host-sign-in=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    site.state.database.close()


def test_tiles_of_the_map_open_the_policy_for_that_host_only(settings: Settings) -> None:
    site = create_app(settings.model_copy(update={"tiles_url": "https://tiles.example/{z}/{x}/{y}.png"}))
    with Browser(site) as browser:
        policy = browser.get("/no/such/page").headers["content-security-policy"]
    assert "img-src 'self' blob: https://tiles.example;" in policy
    assert policy.count("tiles.example") == 1
    site.state.database.close()


def test_a_known_address_of_the_mail_is_our_own_whatever_host_is_asked_for(
    visitor: Browser, settings: Settings, tmp_path: Any
) -> None:
    """A forged Host or X-Forwarded-Host must not end up in the link that is mailed."""
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Origin": "http://evil.example"}
    assert visitor.post("/sign-in", data={"email": "nieuw@example.nl"}, headers=forged).status_code == 303
    (mail,) = (tmp_path / "mail").glob("*.eml")
    assert "evil.example" not in mail.read_text()
    assert settings.base_url in mail.read_text()
