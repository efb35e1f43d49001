"""Many people at once, over real connections to a server of its own."""

import http.client
import socket
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from secrets import token_hex
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

T = TypeVar("T")
TIMEOUT = 60.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


@dataclass
class Phone:
    """A browser in somebody's hand: it keeps its cookies, and each request has a connection of its own."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self.send("GET", path, b"", {})

    def post(
        self,
        path: str,
        form: Mapping[str, object] | None = None,
        photos: Sequence[bytes] = (),
        **headers: str,
    ) -> Answer:
        content_type, body = encode(form or {}, photos)
        return self.send("POST", path, body, {"Content-Type": content_type, **headers})

    def send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=TIMEOUT)
        try:
            connection.request(method, path, body, {**self._own_headers(), **headers})
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
        self._keep_cookies(answer)
        return answer

    def post_and_vanish(self, path: str, form: Mapping[str, object]) -> None:
        """Sends everything and resets the connection without waiting for an answer."""
        content_type, body = encode(form, ())
        place = urlsplit(self.url)
        lines = {"Host": place.netloc, "Content-Type": content_type, "Content-Length": str(len(body))}
        lines |= self._own_headers()
        head = f"POST {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        with socket.create_connection((place.hostname, place.port), timeout=TIMEOUT) as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            line.sendall(head.encode() + b"\r\n" + body)

    def _own_headers(self) -> dict[str, str]:
        own = {"Origin": self.url, "Accept": "text/html", "Accept-Language": "en", **self.headers}
        if self.cookies:
            own["Cookie"] = "; ".join(f"{name}={value}" for name, value in list(self.cookies.items()))
        return own

    def _keep_cookies(self, answer: Answer) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _is, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]


def encode(form: Mapping[str, object], photos: Sequence[bytes]) -> tuple[str, bytes]:
    """Content type and body, multipart when there are photos."""
    if not photos:
        return "application/x-www-form-urlencoded", urlencode({k: str(v) for k, v in form.items()}).encode()
    boundary = token_hex(16)
    parts = [_part(f'name="{name}"', str(value).encode()) for name, value in form.items()]
    parts += [
        _part(f'name="photos"; filename="photo{n}.jpg"', photo, "Content-Type: image/jpeg\r\n")
        for n, photo in enumerate(photos)
    ]
    opening, end = f"--{boundary}\r\n".encode(), f"--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", b"".join(opening + part for part in parts) + end


def _part(disposition: str, value: bytes, more: str = "") -> bytes:
    return f"Content-Disposition: form-data; {disposition}\r\n{more}\r\n".encode() + value + b"\r\n"


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Runs all calls in threads that start together; what they return, in order."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))
