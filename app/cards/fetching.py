"""Asking another city for its cards, without trusting it: what is slow, huge or leads elsewhere ends in a `Refused`.

An address is looked up once, checked, and connected to as it was checked; so is every address that an answer leads to.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from app.cards.document import is_link

SECONDS = 20.0
MOST_BYTES = 5 * 1024 * 1024
MOST_REDIRECTS = 3
LONGEST_ETAG = 200
WAIT_SECONDS = 8.0  # for one answer of a network
PIECE = 64 * 1024
REDIRECTS = (301, 302, 303, 307, 308)
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Buurtlab", "Connection": "close"}


class Why(StrEnum):
    """What kept us from reading a feed; `app.cards.words` has the sentences."""

    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    ADDRESS = "address"
    REDIRECTS = "redirects"
    SLOW = "slow"
    LARGE = "large"
    STATUS = "status"
    NOT_JSON = "not-json"
    NOT_A_FEED = "not-a-feed"
    NEWER = "newer"
    MANY = "many"


class Refused(Exception):
    """`detail` is a number at most: nothing that the other side wrote gets onto our pages this way."""

    def __init__(self, why: Why, detail: int | None = None) -> None:
        super().__init__(why)
        self.code = f"{why} {detail}" if detail is not None else why.value


@dataclass(frozen=True)
class Fetched:
    """`body` is None when nothing changed since the ETag that was sent."""

    body: bytes | None
    etag: str = ""


class Budget:
    """What one try may take in all, however many pages it reads."""

    def __init__(self, seconds: float = SECONDS, most_bytes: int = MOST_BYTES) -> None:
        self._until = time.monotonic() + seconds
        self._bytes = most_bytes

    def seconds_left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise Refused(Why.SLOW)
        return left

    def take(self, size: int) -> None:
        self._bytes -= size
        if self._bytes < 0:
            raise Refused(Why.LARGE)


@dataclass(frozen=True)
class Fetcher:
    """`is_careful` as in production: only https. In development also http, and addresses on this machine."""

    is_careful: bool

    def fetch(self, address: str, budget: Budget, etag: str = "") -> Fetched:
        for _step in range(MOST_REDIRECTS + 1):
            with self._answer(address, budget, etag) as answer:
                if answer.status not in REDIRECTS:
                    return _read(answer, budget)
                address = urljoin(address, answer.headers.get("Location") or "")
        raise Refused(Why.REDIRECTS)

    @contextmanager
    def _answer(self, address: str, budget: Budget, etag: str) -> Iterator[HTTPResponse]:
        parts = self._check(address)
        connection = _Connection(parts, self._look_up(parts), budget)
        watch = threading.Timer(budget.seconds_left(), connection.cut)
        watch.daemon = True
        watch.start()
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", target, headers={**HEADERS, **({"If-None-Match": etag} if etag else {})})
            yield connection.getresponse()
        except ssl.SSLCertVerificationError:
            raise Refused(Why.CERTIFICATE) from None
        except (OSError, HTTPException, ValueError) as error:
            is_slow = connection.was_cut or isinstance(error, TimeoutError)
            raise Refused(Why.SLOW if is_slow else Why.UNREACHABLE) from None
        finally:
            watch.cancel()
            connection.close()

    def _check(self, address: str) -> SplitResult:
        if not is_link(address):
            raise Refused(Why.ADDRESS)
        parts = urlsplit(address)
        if parts.scheme != "https" and self.is_careful:
            raise Refused(Why.ADDRESS)
        return parts

    def _look_up(self, parts: SplitResult) -> list[Any]:
        """Where to connect; one forbidden address among several is enough to go nowhere.

        How long looking up a name may take is up to the system.
        """
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise Refused(Why.UNREACHABLE) from None
        if not found or not all(self._may_reach(str(each[4][0])) for each in found):
            raise Refused(Why.ADDRESS)
        return found

    def _may_reach(self, address: str) -> bool:
        reached = unwrapped(ip_address(address.partition("%")[0]))
        if reached.is_loopback:
            return not self.is_careful
        if isinstance(reached, IPv6Address) and reached not in PUBLIC_IPV6:
            return False
        return reached.is_global and not reached.is_multicast


def unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one stands for, where it leads to one (mapped, 6to4, NAT64)."""
    if isinstance(address, IPv4Address):
        return address
    if address.packed.startswith(NAT64):
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or address


NAT64 = bytes.fromhex("0064ff9b0000000000000000")
PUBLIC_IPV6 = IPv6Network("2000::/3")


class _Connection(HTTPConnection):
    """To an address that was looked up and checked before. May be cut from another thread."""

    def __init__(self, parts: SplitResult, found: list[Any], budget: Budget) -> None:
        self.default_port = 443 if parts.scheme == "https" else 80
        super().__init__(parts.hostname or "", parts.port)
        self._found = found
        self._is_safe = parts.scheme == "https"
        self._budget = budget
        self.was_cut = False

    def connect(self) -> None:
        self.sock = plain = self._reach()
        plain.settimeout(min(WAIT_SECONDS, self._budget.seconds_left()))
        if self._is_safe:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)

    def _reach(self) -> socket.socket:
        last: OSError = OSError("no address")
        for family, kind, protocol, _name, where in self._found[:4]:
            opened = socket.socket(family, kind, protocol)
            try:
                opened.settimeout(min(WAIT_SECONDS, self._budget.seconds_left()))
                opened.connect(where)
                return opened
            except OSError as error:
                opened.close()
                last = error
        raise last

    def cut(self) -> None:
        """Whoever sends a byte now and then would keep every single wait short; this ends the whole."""
        self.was_cut = True
        if self.sock is not None:
            with suppress(OSError):
                # Not that of the encrypted socket, which would take away what the other thread reads from.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def _read(answer: HTTPResponse, budget: Budget) -> Fetched:
    if answer.status == 304:
        return Fetched(None)
    if answer.status != 200:
        raise Refused(Why.STATUS, answer.status)
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(Why.NOT_JSON)
    body = bytearray()
    while piece := answer.read1(PIECE):
        budget.take(len(piece))
        budget.seconds_left()
        body += piece
    budget.seconds_left()
    return Fetched(bytes(body), _etag(answer))


def _etag(answer: HTTPResponse) -> str:
    etag = answer.headers.get("ETag", "")
    return etag if len(etag) <= LONGEST_ETAG and etag.isascii() and etag.isprintable() else ""
