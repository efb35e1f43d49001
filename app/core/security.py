"""The gate that every request passes: readable bytes, our own pages for writes, and safe headers on every answer."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.error_pages import SENTENCES, answer_problem
from app.core.errors import BadRequest, NotAllowed, Problem, TooLarge
from app.core.i18n import _
from app.settings import Settings

UNSUBSCRIBE = "/unsubscribe/"
UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
MAX_HEADER_BYTES = 32 * 1024
MAX_PATH_BYTES = 2000
MAX_BODY_BYTES = 60 * 1024 * 1024


def content_security_policy(tiles_url: str) -> str:
    """Nothing inline and nothing from elsewhere, but the map tiles that the city configured."""
    tiles = f" {_host_of(tiles_url)}" if tiles_url else ""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' blob:{tiles}",
            "connect-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "frame-src 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ]
    )


def _host_of(tiles_url: str) -> str:
    parts = urlsplit(tiles_url.replace("{s}", "*"))
    return f"{parts.scheme}://{parts.netloc}"


def safe_headers(settings: Settings) -> dict[str, str]:
    headers = {
        "Content-Security-Policy": content_security_policy(settings.tiles_url),
        "X-Content-Type-Options": "nosniff",
        # `no-referrer` would make Chromium send `Origin: null` with our own forms.
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
    }
    if settings.over_https:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    return headers


class Gate:
    """ASGI middleware: refuses writes from other sites, adds the security headers."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.headers = safe_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        if problem := self.refusal(scope):
            await answer_problem(Request(scope), problem)(scope, receive, send_safely)
        else:
            await self.app(scope, receive, send_safely)

    def refusal(self, scope: Scope) -> Problem | None:
        """Why this request may not go on, or None."""
        if _unreadable(scope):
            return BadRequest(_("We cannot read this address."))
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADER_BYTES:
            return BadRequest(
                _("Your browser sent more than we can take in. Clear the cookies of this site and try again.")
            )
        return self.refusal_of_write(scope["path"], Headers(scope=scope)) if scope["method"] in UNSAFE_METHODS else None

    def refusal_of_write(self, path: str, headers: Headers) -> Problem | None:
        if not self.may_write(path, headers):
            return NotAllowed(
                _("This did not come from a page of ours, so we did nothing. Open the page here and try again.")
            )
        if declared_size(headers) > MAX_BODY_BYTES:
            return TooLarge(SENTENCES[413])
        return None

    def may_write(self, path: str, headers: Headers) -> bool:
        """Only the API takes tokens: they carry no ambient authority, and a script without one hears so there."""
        if path.startswith(UNSUBSCRIBE):
            return True  # a mail program presses the button by itself; what it may do is signed in the address
        if path.startswith("/api/"):
            if headers.get("authorization", "").lower().startswith("bearer "):
                return True
            if not any(name in headers for name in ("cookie", "origin", "sec-fetch-site")):
                return True
        return self.comes_from_our_pages(headers)

    def comes_from_our_pages(self, headers: Headers) -> bool:
        """Fetch Metadata, else Origin."""
        if site := headers.get("sec-fetch-site"):
            return site in ("same-origin", "none")
        if origin := headers.get("origin"):
            return origin == self.settings.origin or origin.partition("://")[2] == headers.get("host")
        return False


def declared_size(headers: Headers) -> int:
    """What the sender says the body measures, in bytes."""
    size = headers.get("content-length", "")
    return int(size) if size.isdecimal() and len(size) < 20 else 0


def _unreadable(scope: Scope) -> bool:
    raw: Iterable[bytes] = (scope.get("raw_path") or b"", scope.get("query_string") or b"")
    path = scope["path"]
    return (
        len(path) > MAX_PATH_BYTES  # Python refuses to read a number of thousands of digits, with an error
        or "\x00" in path
        or "\ufffd" in path
        or any(b"%00" in part for part in raw)
    )
