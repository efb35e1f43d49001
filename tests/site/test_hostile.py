"""Bytes that no browser sends: 4xx, never 5xx, and the server goes on."""

import socket
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlmodel import Session, func, select

from app.accounts.models import Person
from app.core.paging import encode_after
from app.issues.models import Issue
from app.settings import Settings
from tests.browsing import ORIGIN, Browser
from tests.live import LiveServer, serve_live

FORM_TYPE = "application/x-www-form-urlencoded"
BOUNDARY = "multipart/form-data; boundary=b"
PLACE = "lat=52.105&lon=4.275"


def part(disposition: str, value: bytes = b"x", more: str = "") -> bytes:
    return f"--b\r\nContent-Disposition: {disposition}\r\n{more}\r\n".encode("latin-1") + value + b"\r\n"


BODIES: dict[str, tuple[str, bytes]] = {
    "no boundary": ("multipart/form-data", b"--b--"),
    "empty boundary": ("multipart/form-data; boundary=", b"--b--"),
    "huge boundary": ("multipart/form-data; boundary=" + "b" * 5000, b"--b--"),
    "no end": (BOUNDARY, part('form-data; name="title"')),
    "nothing": (BOUNDARY, b""),
    "garbage": (BOUNDARY, bytes(range(256)) * 8),
    "no name": (BOUNDARY, part("form-data") + b"--b--"),
    "no disposition": (BOUNDARY, b"--b\r\n\r\nx\r\n--b--"),
    "5,000 parts": (BOUNDARY, part('form-data; name="title"') * 5000 + b"--b--"),
    "5,000 files": (BOUNDARY, part('form-data; name="photos"; filename="x.jpg"') * 5000 + b"--b--"),
    "5,000 headers": (BOUNDARY, part('form-data; name="title"', more="X-Much: 1\r\n" * 5000) + b"--b--"),
    "a header of a megabyte": (
        BOUNDARY,
        part('form-data; name="title"', more=f"X: {'x' * 2**20}\r\n") + b"--b--",
    ),
    "a field of two megabytes": (BOUNDARY, part('form-data; name="title"', b"x" * 2**21) + b"--b--"),
    "charset undefined": (BOUNDARY + "; charset=undefined", part('form-data; name="title"') + b"--b--"),
    "charset idna": (BOUNDARY + "; charset=idna", part('form-data; name="title"', b"xn--\xff") + b"--b--"),
    "charset punycode": (
        BOUNDARY + "; charset=punycode",
        part('form-data; name="title"', b"\xff\xff-") + b"--b--",
    ),
    "charset utf-7": (BOUNDARY + "; charset=utf-7", part('form-data; name="title"', b"+2AA-") + b"--b--"),
    "charset hex": (BOUNDARY + "; charset=hex", part('form-data; name="title"', b"zz") + b"--b--"),
    "charset with NUL": (BOUNDARY + '; charset="utf\\0"', part('form-data; name="title"') + b"--b--"),
    "a file name that is a path": (
        BOUNDARY,
        part('form-data; name="photos"; filename="../../etc/passwd\x00.jpg"')
        + part('form-data; name="title"')
        + b"--b--",
    ),
    "bytes that are no text": (BOUNDARY, part('form-data; name="title"', b"\xff\xfe\x00") + b"--b--"),
    "5,000 fields": (FORM_TYPE, b"&".join(b"a=b" for _field in range(5000))),
    "a name of two megabytes": (FORM_TYPE, b"a" * 2**21 + b"=1"),
    "broken percents": (FORM_TYPE, b"title=%&description=%zz&lat=%u0031"),
    "a surrogate": (FORM_TYPE, b"title=%ED%A0%80abc&description=%ED%BF%BFabc"),
    "NUL only": (FORM_TYPE, b"title=%00%00%00&description=%00"),
    "not UTF-8": (FORM_TYPE, b"title=%ff%fe"),
    "json": ("application/json", b'{"title": "x"}'),
    "xml": ("text/xml", b"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>"),
    "an unknown type": ("\x80\xff", b"x"),
    "a number of 70 digits": (FORM_TYPE, b"title=abc&description=abcd&lat=" + b"9" * 70 + b"&lon=1"),
    "a number of 70,000 digits": (FORM_TYPE, b"title=abc&description=abcd&lat=" + b"9" * 70_000 + b"&lon=1"),
    "an address in nested brackets": (FORM_TYPE, b"title=abc&description=" + b"[" * 100_000),
}


@pytest.mark.parametrize("path", ["/issues", "/drafts/photos", "/sign-in"])
def test_a_broken_form_is_refused_and_never_breaks_us(author: Browser, session: Session, path: str) -> None:
    for kind, (content_type, body) in BODIES.items():
        headers: Any = {b"Content-Type": content_type.encode("latin-1")}
        answer = author.post(path, content=body, headers=headers)
        assert 400 <= answer.status_code < 500, (kind, answer.status_code, answer.text)
        assert "<h1" in answer.text, kind
    assert session.exec(select(func.count()).select_from(Issue)).one() == 0


def test_nul_and_the_like_do_not_reach_what_is_published(author: Browser, session: Session) -> None:
    body = f"title=Los%00se+tegel%E2%80%AE&description=Hij+ligt%0B+los%1B&{PLACE}"
    filed = author.post("/issues", content=body.encode(), headers={"Content-Type": FORM_TYPE})
    assert filed.status_code == 303
    issue = session.exec(select(Issue)).one()
    assert (issue.title, issue.description) == ("Losse tegel", "Hij ligt los")


def test_a_text_that_nobody_can_see_is_no_text(author: Browser, session: Session) -> None:
    nothing = "\u200b\u2060\ufeff\u200b"
    for wrong in ({"title": nothing}, {"description": nothing}):
        form = {"title": "Losse tegel", "description": "Hij ligt los.", "address": "Hier", **wrong}
        assert author.post("/issues", data=form).status_code == 422
    assert author.post("/welcome", data={"display_name": nothing, "locale": "nl"}).status_code == 422


LONG = "9" * 70
ADDRESSES = [
    f"/issues/{LONG}",
    f"/issues/{LONG}-x",
    f"/issues/{'9' * 1900}-x",
    f"/issues/{'9' * 5000}",
    f"/issues/{'9' * 5000}-x",
    f"/pilots/{'9' * 5000}-x",
    f"/pilots/{LONG}",
    f"/comments/{LONG}/replies",
    "/issues/-1",
    "/issues/0",
    "/issues/1.5",
    "/issues/1e9",
    "/issues/%D9%A1",
    "/issues/%00",
    "/issues/%ff%fe",
    "/photos/%2e%2e%2f%2e%2e%2fetc%2fpasswd-large.jpg",
    f"/photos/{'a' * 300}-large.jpg",
    "/photos/-large.jpg",
    "/static/%2e%2e/%2e%2e/etc/passwd",
    "/static/..%5c..%5capp",
    f"/static/{'a' * 1500}",
    "/static/css",
    "/themes/%27%3B%20DROP%20TABLE%20issue",
    f"/neighbourhoods/{'a' * 1000}",
    f"/drafts/{'a' * 1000}/photos",
    f"/sign-in/link/{'a' * 1000}",
    "/issues/new/",
    "/%2f%2fevil.example",
]


def test_an_address_that_was_never_ours_is_not_found(author: Browser) -> None:
    for address in ADDRESSES:
        answer = author.get(address)
        assert answer.status_code in (400, 404), (address, answer.status_code)
        assert "<h1" in answer.text, address


def position(*numbers: Any) -> str:
    return encode_after(*numbers)


QUERIES = [
    "/issues?after=" + position(10**70, 10**70),
    "/issues?after=" + position(2**62, 2**62),
    "/issues?after=" + position(5, float("inf")),
    "/issues?after=" + position(float("nan"), 1),
    "/issues?after=" + position("x", "y"),
    "/issues?after=" + position("١٢", 1),
    "/issues?sort=top&after=" + position(1e300, 5, 1e300),
    "/issues?sort=top&after=" + position(float("nan"), 5, 5),
    "/issues?sort=top&after=" + position(2**40, 2**40, 2**40),
    "/issues?sort=rising&after=" + position(float("inf"), 5, 9),
    "/issues?sort=rising&after=" + position(1.5, 5, 2**52),
    "/issues?sort=near&lat=52.1&lon=4.27&after=" + position(1e308, 2**60),
    "/issues?sort=near&lat=52.1&lon=4.27&after=" + position(float("nan"), 3),
    "/issues?after=%ff",
    "/issues?after=W10",
    "/issues?after=e30",
    "/issues?after=" + "W" * 300,
    "/issues?q=%22%20OR%201%3D1%20--",
    "/issues?q=NEAR(a%20b)%20AND%20*",
    "/issues?q=%27%27%26%26%7C%7C!%3A*",
    "/issues?q=%ff%fe",
    "/issues?q=" + "a%20" * 60,
    "/issues?status=%27;--&theme=%22&neighbourhood=%27",
    "/issues?sort=near&lat=nan&lon=inf",
    "/issues?sort=near&lat=1e400&lon=4",
    "/issues?sort=near&lat=90&lon=180",
    "/issues?sort=near&lat=-90&lon=-180",
    "/issues?" + "a=b&" * 3000,
    "/issues?q=a&q=b&q[]=c&q[x]=d",
    "/issues/map/points.json?bbox=nan,nan,nan,nan",
    "/issues/map/points.json?bbox=" + "9" * 100,
    "/issues/map/points.json?bbox=1e999,1,1,1",
    "/issues/new?draft=" + "x" * 3000,
    "/issues/new?draft=%27%22%3C",
    "/sign-in?next=" + "/" * 3000,
    "/sign-in?again=maybe",
    "/themes/mobility?after=" + position(2**62, 1),
    "/pilots?after=" + position(2**62),
    "/pilots?stage=%27",
]


def test_a_query_that_people_edited_is_answered(author: Browser) -> None:
    for query in QUERIES:
        answer = author.get(query)
        assert answer.status_code in (200, 303, 400, 404), (query, answer.status_code)


NUMBERS = [(2**62, 2**62), (2**62,), (10**70,), (1e300, 1), (float("inf"), 5), ("x",), ()]


def test_a_made_up_place_in_a_discussion_is_answered(visitor: Browser, places: dict[str, Any]) -> None:
    for sort, numbers in product(["old", "new", "top"], NUMBERS):
        for path in (f"/issues/{places['issue_id']}", f"/comments/{places['comment_id']}/replies"):
            answer = visitor.get(f"{path}?sort={sort}&after={position(*numbers)}")
            assert answer.status_code in (200, 400, 404), (path, sort, numbers)


HEADERS: list[dict[str, str]] = [
    {"Cookie": 'sign-in="a\\000b.c"; draft="a\\000b"; session="\\000"'},
    {"Cookie": "sign-in=" + "x" * 8000 + ".y; locale=\xff\xfe; notice=<script>"},
    {"Cookie": "=;;;=; a; =b; sign-in=.; session="},
    {"Accept-Language": "nl;q=nan,en;q=inf," + "x;q=1e999," * 50},
    {"Accept-Language": "*;q=*, -;-, nl-NL-x-" + "a" * 400},
    {"Accept-Language": "i-klingon,_,@,.,nl_NL.UTF-8@euro"},
    {"User-Agent": "\xff" * 2000},
    {"Host": "evil.example:99999"},
    {"Host": "[::1"},
    {"Host": ""},
    {"Range": "bytes=0-0,1-1,-99999999999999999999"},
    {"If-Modified-Since": "yesterday", "If-None-Match": '"' * 100},
    {"Authorization": "Bearer \xff\xfe"},
    {"Authorization": "Basic Og=="},
    {"X-Forwarded-For": "'; DROP TABLE person --, ::ffff:1.2.3.4, [::1]:80, unknown"},
    {"HX-Request": "true", "HX-Target": "\xff", "HX-Current-URL": "http://["},
    {"Origin": "http://[", "Referer": "http://["},
    {"Content-Length": "0", "Expect": "100-continue"},
]


READ = ("/", "/issues", "/sign-in", "/sign-in/waiting", "/issues/new", "/static/logo.svg", "/photos/x-large.jpg")


def test_strange_headers_are_no_reason_to_fail(
    browser_of: Callable[[Person | None], Browser], places: dict[str, Any]
) -> None:
    for strange in HEADERS:
        visitor = browser_of(None)
        headers: Any = {name.encode(): value.encode("latin-1") for name, value in strange.items()}
        for path in READ:
            answer = visitor.get(path, headers=headers)
            assert answer.status_code < 500, (path, strange)
        for path in ("/sign-in", f"/issues/{places['issue_id']}/vote"):
            from_here: Any = {b"Origin": ORIGIN.encode(), **headers}
            answer = visitor.post(path, data={"code": "123456"}, headers=from_here)
            assert answer.status_code < 500, (path, strange)


@pytest.fixture(scope="module")
def server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Raw bytes meet the same server on either database; one will do."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "buurtlab.db").write_bytes(sqlite_template.read_bytes())
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{folder}/buurtlab.db",
        mail_url=f"file://{folder}/mail",
        storage_url=f"file://{folder}/photos",
        rate_limits="off",
    )
    with serve_live(settings, log=folder / "server.log") as running:
        yield running


def status_of(server: LiveServer, request: bytes) -> int:
    """The status of the first answer to raw bytes; 0 when the server hangs up without one."""
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as line:
        try:
            line.sendall(request)
            line.shutdown(socket.SHUT_WR)
            answer = line.recv(4096)
        except (BrokenPipeError, ConnectionResetError):
            return 0
    return int(answer.split(b" ")[1]) if answer.startswith(b"HTTP/1.") else 0


OWN = b"Host: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
POST = b"POST /sign-in HTTP/1.1\r\n" + OWN + b"Content-Type: application/x-www-form-urlencoded\r\n"
RAW: dict[str, bytes] = {
    "two lengths": POST + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\na=b&c",
    "two lengths in one": POST + b"Content-Length: 3, 5\r\n\r\na=b&c",
    "length and chunks": POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "strange coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a bad chunk": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n0\r\n\r\n",
    "a negative length": POST + b"Content-Length: -1\r\n\r\n",
    "a length that is no number": POST + b"Content-Length: many\r\n\r\n",
    "a length of 30 digits": POST + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n",
    "trace": b"TRACE / HTTP/1.1\r\n" + OWN + b"\r\n",
    "connect": b"CONNECT evil.example:443 HTTP/1.1\r\n" + OWN + b"\r\n",
    "an unknown method": b"BREW /pot HTTP/1.1\r\n" + OWN + b"\r\n",
    "no version": b"GET /\r\n\r\n",
    "a strange version": b"GET / HTTP/9.9\r\n" + OWN + b"\r\n",
    "a raw NUL in the path": b"GET /issues/\x00 HTTP/1.1\r\n" + OWN + b"\r\n",
    "raw bytes in the path": b"GET /issues/\xff\xfe HTTP/1.1\r\n" + OWN + b"\r\n",
    "a NUL in a header": b"GET / HTTP/1.1\r\n" + OWN + b"X: a\x00b\r\n\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\n" + OWN + b"nonsense\r\n\r\n",
    "a space before the colon": b"GET / HTTP/1.1\r\n" + OWN + b"X : a\r\n\r\n",
    "a folded header": b"GET /no HTTP/1.1\r\n" + OWN + b"X: a\r\n b\r\n\r\n",
    "another site's whole address": b"GET http://evil.example/no HTTP/1.1\r\n" + OWN + b"\r\n",
    "a header of 64 kB": b"GET / HTTP/1.1\r\n" + OWN + b"X: " + b"x" * 65536 + b"\r\n\r\n",
    "5,000 headers": b"GET / HTTP/1.1\r\n" + OWN + b"X: 12345678\r\n" * 5000 + b"\r\n",
    "a path of 60 kB": b"GET /" + b"9" * 60_000 + b" HTTP/1.1\r\n" + OWN + b"\r\n",
    "an upgrade to nothing": b"GET /no HTTP/1.1\r\n" + OWN + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    "http/2 at once": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(64)),
    "half a request": b"POST /sign-in HTTP/1.1\r\n" + OWN + b"Content-Length: 100\r\n\r\nemail=",
}


@pytest.mark.parametrize("kind", RAW)
def test_raw_nonsense_is_refused_and_the_server_goes_on(server: LiveServer, kind: str) -> None:
    status = status_of(server, RAW[kind])
    assert status == 0 or 400 <= status < 500, status
    assert status_of(server, b"GET /health/live HTTP/1.1\r\n" + OWN + b"\r\n") == 200


def test_the_log_of_all_this_shows_no_crash(server: LiveServer) -> None:
    log = (Path(server.settings.database_url.removeprefix("sqlite:///")).parent / "server.log").read_text()
    assert "Traceback" not in log
    assert "crash" not in log


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "chunked"])
def test_more_than_the_limit_is_a_page_that_says_so(server: LiveServer, declared: bool) -> None:
    place = urlsplit(server.url)
    size = 61 * 1024 * 1024
    head = b"POST /issues HTTP/1.1\r\n" + OWN + b"Content-Type: multipart/form-data; boundary=b\r\n"
    start = b'--b\r\nContent-Disposition: form-data; name="photos"; filename="x.jpg"\r\n\r\n'
    with socket.create_connection((place.hostname, place.port), timeout=30) as line:
        if declared:
            line.sendall(head + f"Content-Length: {size}\r\n\r\n".encode() + start)
        else:
            line.sendall(
                head + b"Transfer-Encoding: chunked\r\n\r\n" + f"{len(start):x}\r\n".encode() + start + b"\r\n"
            )
        block = b"x" * 2**20
        for _block in range(size // len(block)):
            line.sendall(block if declared else f"{len(block):x}\r\n".encode() + block + b"\r\n")
        answer = line.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"text/html" in answer
