"""The gate that every request passes: readable bytes, our own pages for writes, and safe headers on every answer."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.error_pages import answer_problem
from app.core.errors import BadRequest, NotAllowed, Problem
from app.core.i18n import _
from app.settings import Settings

UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
MAX_HEADER_BYTES = 32 * 1024


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
        if scope["method"] in UNSAFE_METHODS and not self.may_write(scope["path"], Headers(scope=scope)):
            return NotAllowed(
                _(
                    "This did not come from a page of ours, so we did nothing. Open the page here and try again."
                )
            )
        return None

    def may_write(self, path: str, headers: Headers) -> bool:
        """A call with a bearer token carries no ambient authority; a script without one hears so from the API."""
        if headers.get("authorization", "").lower().startswith("bearer "):
            return True
        if path.startswith("/api/") and not any(name in headers for name in ("cookie", "origin", "sec-fetch-site")):
            return True
        return self.comes_from_our_pages(headers)

    def comes_from_our_pages(self, headers: Headers) -> bool:
        """Fetch Metadata, else Origin."""
        if site := headers.get("sec-fetch-site"):
            return site in ("same-origin", "none")
        if origin := headers.get("origin"):
            return origin == self.settings.origin or urlsplit(origin).netloc == headers.get("host")
        return False


def _unreadable(scope: Scope) -> bool:
    raw: Iterable[bytes] = (scope.get("raw_path") or b"", scope.get("query_string") or b"")
    return "\x00" in scope["path"] or "\ufffd" in scope["path"] or any(b"%00" in part for part in raw)
