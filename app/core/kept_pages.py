"""Pages for visitors, answered from memory as long as nothing in the database has changed.

Closed by default: a page is kept only when its route says that it is the same for everybody (`render(…, kept=True)`),
and is given only to who sent nothing that could make it another one. It counts for the snapshot of the database that
was read before the page was made, so what is hidden is gone at once, in every process. What hangs on the clock
("3 hours ago") may be `SECONDS` old.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import clock
from app.core.i18n import best_locale
from app.core.snapshots import Snapshots

SECONDS = 30
MOST_PAGES = 500
MOST_BYTES = 4_000_000
LONGEST_ADDRESS = 500
OTHERWISE = (b"cookie", b"authorization", b"range", b"if-", b"hx-", b"content-length", b"transfer-encoding")
"""Beginnings of headers that may make it another page, or another answer."""
KNOWN_TO_VARY = {"hx-request", "accept-language", "cookie", "accept-encoding"}
MARK = "is_for_everybody"


@dataclass(frozen=True)
class KeptPage:
    """The answer as it left, compressed where that was asked for; `route` is for the log."""

    snapshot: Hashable
    made_at: datetime
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    route: Any

    def is_good(self, snapshot: Hashable) -> bool:
        return self.snapshot == snapshot and 0 <= (clock.now() - self.made_at).total_seconds() < SECONDS


class Shelf:
    """What is kept: so many pages and bytes, and what was not asked for longest goes first."""

    def __init__(self, most_pages: int = MOST_PAGES, most_bytes: int = MOST_BYTES) -> None:
        self.most_pages, self.most_bytes = most_pages, most_bytes
        self.pages: OrderedDict[Hashable, KeptPage] = OrderedDict()
        self.bytes = 0

    def find(self, address: Hashable) -> KeptPage | None:
        """Also one that is no longer good: it tells that the page at this address is one that is kept."""
        page = self.pages.get(address)
        if page is not None:
            self.pages.move_to_end(address)
        return page

    def put(self, address: Hashable, page: KeptPage) -> None:
        self._take(address)
        self.pages[address] = page
        self.bytes += len(page.body)
        while len(self.pages) > self.most_pages or self.bytes > self.most_bytes:
            self._take(next(iter(self.pages)))

    def _take(self, address: Hashable) -> None:
        if taken := self.pages.pop(address, None):
            self.bytes -= len(taken.body)


class KeptPages:
    """ASGI middleware, outside the compression and inside everything that belongs to one request."""

    def __init__(self, app: ASGIApp, snapshots: Snapshots, default_locale: str) -> None:
        self.app = app
        self.snapshots = snapshots
        self.default_locale = default_locale
        self.shelf = Shelf()
        self.in_the_making: dict[Hashable, asyncio.Future[KeptPage | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not asks_like_anybody(scope):
            await self.app(scope, receive, send)
            return
        snapshot = await self.snapshots.read()
        if snapshot is None:
            await self.app(scope, receive, send)
            return
        address = self.address_of(scope)
        page = self.shelf.find(address)
        if page is not None and not page.is_good(snapshot):
            page = await self.being_made(address, snapshot)
        if page is not None:
            await give(page, scope, send)
        else:
            await self.make(scope, receive, send, address, snapshot)

    def address_of(self, scope: Scope) -> Hashable:
        headers = Headers(scope=scope)
        locale = best_locale(headers.get("accept-language", ""), self.default_locale)
        return scope["path"], scope["query_string"], locale, "gzip" in headers.get("accept-encoding", "")

    async def being_made(self, address: Hashable, snapshot: Hashable) -> KeptPage | None:
        """After a write everybody wants the same page anew: one makes it, and who comes meanwhile waits for that."""
        making = self.in_the_making.get((asyncio.get_running_loop(), address, snapshot))
        return await asyncio.shield(making) if making else None

    async def make(self, scope: Scope, receive: Receive, send: Send, address: Hashable, snapshot: Hashable) -> None:
        made: asyncio.Future[KeptPage | None] = asyncio.get_running_loop().create_future()
        number = (asyncio.get_running_loop(), address, snapshot)
        self.in_the_making.setdefault(number, made)

        def keep(page: KeptPage | None) -> None:
            if page is not None:
                self.shelf.put(address, page)
            if self.in_the_making.get(number) is made:
                del self.in_the_making[number]
            if not made.done():
                made.set_result(page)

        scope.setdefault("state", {})["snapshot"] = snapshot
        try:
            await self.app(scope, receive, Copier(scope, send, snapshot, keep))
        finally:
            keep(None)


class Copier:
    """Passes an answer on; `keep` gets a copy before the last of it leaves, so that a slow reader holds up nobody."""

    def __init__(self, scope: Scope, send: Send, snapshot: Hashable, keep: Callable[[KeptPage], None]) -> None:
        self.scope, self.send, self.snapshot, self.keep = scope, send, snapshot, keep
        self.began_at = clock.now()
        self.headers: tuple[tuple[bytes, bytes], ...] | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.headers = tuple(message["headers"]) if may_be_kept(self.scope, message) else None
        elif self.headers is not None and not message.get("more_body"):
            route = self.scope.get("route")
            self.keep(KeptPage(self.snapshot, self.began_at, self.headers, message["body"], route))
        else:
            self.headers = None
        await self.send(message)


def mark_for_everybody(state: Any) -> None:
    """What is answered to this request is the same for every visitor: no name, no number of a form, no secret."""
    setattr(state, MARK, True)


def snapshot_of(request: Request) -> Hashable | None:
    """Under which the answer to this request would be kept; None when it cannot be."""
    return getattr(request.state, "snapshot", None)


def asks_like_anybody(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or len(scope["query_string"]) > LONGEST_ADDRESS:
        return False
    return not any(name.startswith(OTHERWISE) for name, _value in scope["headers"])


def may_be_kept(scope: Scope, message: Message) -> bool:
    """Marked by its route, and nothing about it speaks against it."""
    headers = Headers(raw=message["headers"])
    varies = {name.strip().lower() for name in headers.get("vary", "*").split(",")}
    return (
        bool(scope.get("state", {}).get(MARK))
        and message["status"] == 200
        and headers.get("content-type", "").startswith("text/html")
        and "set-cookie" not in headers
        and "cache-control" not in headers
        and varies <= KNOWN_TO_VARY
    )


async def give(page: KeptPage, scope: Scope, send: Send) -> None:
    if page.route is not None:
        scope["route"] = page.route
    await send({"type": "http.response.start", "status": 200, "headers": list(page.headers)})
    await send({"type": "http.response.body", "body": page.body})
