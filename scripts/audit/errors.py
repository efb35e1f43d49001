"""A page for each way in which something can go wrong: it does so in a copy of the city that is broken on purpose."""

import http.client
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from app.core.signing import sign
from scripts.audit.city import City
from scripts.audit.pages import Page
from tests.live import LiveServer, serve_live

MANY = 200
STATUSES = {400, 403, 404, 405, 409, 413, 422, 429, 500, 503}


def error_pages(city: City, locale: str) -> list[Page]:
    with serving_broken_copy(city) as server, httpx2.Client(base_url=server.url, timeout=60) as client:
        client.headers.update({"Accept-Language": locale, "Connection": "close"})
        found = [*refused(city, server, client), *broken(city, server, client)]
    missing = STATUSES - {status for status, _page in found}
    assert not missing, f"these did not happen: {missing}"
    return [page for _status, page in found]


@contextmanager
def serving_broken_copy(city: City) -> Iterator[LiveServer]:
    """Here rates are limited, a card cannot be read, and the votes are gone."""
    original = city.server.settings.database_url.removeprefix("sqlite:///")
    copy = original.replace("demo.db", "broken.db")
    with closing(sqlite3.connect(original)) as whole, closing(sqlite3.connect(copy)) as broken:
        whole.backup(broken)
        broken.execute("UPDATE imported_card SET document = '{}'")
        broken.execute("DROP TABLE IF EXISTS comment_support")
        broken.commit()
    update = {"database_url": f"sqlite:///{copy}", "rate_limits": "on"}
    log = Path(copy).with_name("broken.log")
    with serve_live(city.server.settings.model_copy(update=update), log=log) as server:
        yield server


def refused(city: City, server: LiveServer, client: httpx2.Client) -> Iterator[tuple[int, Page]]:
    own, settings = city.places["own"], city.server.settings
    closed = sign(settings.secret_key, "solved", f"1.{own}.1")
    for who in ("visitor", "team"):
        yield ask(city, client, who, "GET", "/no-such-page")
    yield ask(city, client, "visitor", "GET", "/sign-out")
    yield ask(city, client, "visitor", "GET", f"/issues/{own}/solved/{closed}")
    yield ask(city, client, "visitor", "GET", "/issues?sort=" + "x" * 99)
    yield ask(city, client, "suspended", "POST", f"/issues/{own}/comments", data={"body": "Ik mag dit niet."})
    yield ask(city, client, "resident", "POST", "/issues", content=b"a,b", headers={"Content-Type": "text/csv"})
    yield too_large(server, client.headers["Accept-Language"])
    for _time in range(MANY):
        answer = ask(city, client, "visitor", "POST", "/sign-in", data={"email": "vaak@example.nl"})
        if answer[0] == 429:
            yield answer
            return


def broken(city: City, server: LiveServer, client: httpx2.Client) -> Iterator[tuple[int, Page]]:
    yield ask(city, client, "visitor", "GET", f"/cards/{city.places['card']}")
    yield ask(city, client, "resident", "GET", f"/issues/{city.places['own']}")


def ask(city: City, client: httpx2.Client, who: str, method: str, address: str, **more: object) -> tuple[int, Page]:
    cookies = "; ".join(f"{name}={value}" for name, value in city.people[who].items())
    headers = {"Cookie": cookies, "Origin": str(client.base_url).rstrip("/"), **more.pop("headers", {})}  # type: ignore[dict-item]
    answer = client.request(method, address, headers=headers, follow_redirects=method == "GET", **more)  # type: ignore[arg-type]
    return answer.status_code, Page(address, address, who, answer=answer.text)


def too_large(server: LiveServer, locale: str) -> tuple[int, Page]:
    """It is enough to say that a lot will come."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    headers = {"Origin": server.url, "Accept-Language": locale, "Content-Type": "application/x-www-form-urlencoded"}
    connection.putrequest("POST", "/issues")
    for name, value in {**headers, "Content-Length": str(10**9)}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    return answer.status, Page("/issues", "/issues", "visitor", answer=answer.read().decode())
