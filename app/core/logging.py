"""Structured logs: one line per request, with an id, without personal data (no query, no address of a person)."""

import logging
import sys
import time
from secrets import token_hex

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import Processor

log = structlog.get_logger("buurtlab")
QUIET_PATHS = ("/static/", "/health/")


def set_up_logging(as_json: bool) -> None:
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *_told_by_all(), _renderer(as_json)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def take_in_other_logs(as_json: bool) -> None:
    """What the server and the libraries have to say comes out in the same form as what we say."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_told_by_all(),
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(as_json)],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def _told_by_all() -> list[Processor]:
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]


def _renderer(as_json: bool) -> Processor:
    return structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)


class RequestLog:
    """ASGI middleware: gives the request an id, logs what came of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self.app(scope, receive, send_with_id)
        finally:
            if not scope["path"].startswith(QUIET_PATHS) or status >= 500:
                milliseconds = round((time.perf_counter() - started) * 1000, 1)
                log.info("request", method=scope["method"], route=_route_of(scope), status=int(status), ms=milliseconds)
            structlog.contextvars.clear_contextvars()


def _route_of(scope: Scope) -> str:
    """The route's pattern, not the address: addresses can hold tokens."""
    route = scope.get("route")
    return getattr(route, "path_format", None) or getattr(route, "path", None) or "-"
