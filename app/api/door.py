"""What holds for every answer under /api, also for one that never reaches a route."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.sent import MOST_BYTES, too_large
from app.core.error_pages import answer_problem
from app.core.security import declared_size, safe_headers
from app.settings import Settings

VERSION = "1.0.0"
ALWAYS = {
    "API-Version": VERSION,
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "API-Version, Link, Location, Retry-After",
    "Cache-Control": "no-store",
}


class Door:
    """ASGI middleware around the whole site, for the addresses under /api."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.safe_headers = safe_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def send_as_api(message: Message) -> None:
            if message["type"] == "http.response.start":
                _complete(MutableHeaders(scope=message), message["status"], "authorization" in headers)
            await send(message)

        if declared_size(headers) > MOST_BYTES:
            response = answer_problem(Request(scope), too_large())
            response.headers.update(self.safe_headers)
            await response(scope, receive, send_as_api)
        else:
            await self.app(scope, receive, send_as_api)


def _complete(headers: MutableHeaders, status: int, with_token: bool) -> None:
    headers.update(ALWAYS)
    headers.add_vary_header("Accept-Language")
    if status == 401:
        reason = ', error="invalid_token"' if with_token else ""
        headers["WWW-Authenticate"] = f'Bearer realm="Buurtlab"{reason}'
