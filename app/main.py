"""The application: settings, middleware, routes, error pages."""

import os
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI, Request
from sqlalchemy.exc import DBAPIError
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import app.api.application
import app.api.door
import app.home.components
import app.home.dev
import app.tables
from app.accounts.access import see_who_got_lost
from app.core.allocation import leave_in_peace_what_stays, let_threads_share_memory
from app.core.db import Database
from app.core.error_pages import add_error_pages, answer_crash
from app.core.head import HeadLikeGet
from app.core.kept_pages import KeptPages, snapshot_of
from app.core.limits import Limiter
from app.core.logging import RequestLog, log, set_up_logging, take_in_other_logs
from app.core.memory import Memory
from app.core.rooms import Rooms
from app.core.security import MAX_BODY_BYTES, Gate, safe_headers
from app.core.storage import storage_from_url
from app.core.style import read_style
from app.core.templates import STATIC, asset
from app.filing.uploads import new_photo_queue
from app.jobs import Workplace, work
from app.pages import all_pages
from app.places.queries import the_city
from app.settings import Settings, get_settings

CITY_KEPT_SECONDS = 10.0


@dataclass(frozen=True)
class CityName:
    """What every page says about the city it serves."""

    name: str = ""
    district: str = ""
    is_invented: bool = False


def create_app(settings: Settings | None = None, worker: bool = False) -> FastAPI:
    """The site; with `worker` it also runs the background jobs while it serves."""
    settings = settings or get_settings()
    settings.refuse_unsafe()
    set_up_logging(as_json=not settings.in_development)
    site = FastAPI(
        title="Buurtlab",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    site.state.settings = settings
    site.state.database = Database(settings.database_url)
    site.state.storage = storage_from_url(settings.storage_url)
    site.state.limiter = Limiter(site.state.database, settings)
    site.state.photo_queue = new_photo_queue()
    site.state.memory = Memory()
    site.state.rooms = Rooms(site.state.database, settings.database_url)
    site.state.city = _city_of(site.state.database, site.state.memory)
    site.state.style = read_style(settings.style)
    site.state.runs_worker = worker
    site.router.routes.extend(all_pages())
    if settings.in_development:
        site.include_router(app.home.dev.router)
        site.include_router(app.home.components.router)
    site.mount(app.api.application.PREFIX, app.api.application.create_api(settings, site.state), name="api")
    site.mount("/static", KeptFiles(directory=STATIC), name="static")
    add_error_pages(site, see_who_got_lost)
    site.add_exception_handler(Exception, _crash_page(settings))
    site.add_middleware(RequestBodyLimitMiddleware, max_body_size=MAX_BODY_BYTES)
    site.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    site.add_middleware(KeptPages, snapshots=site.state.database.snapshots, default_locale=settings.default_locale)
    site.add_middleware(Gate, settings=settings)
    site.add_middleware(app.api.door.Door, settings=settings)
    site.add_middleware(HeadLikeGet)
    site.add_middleware(RequestLog)
    return site


@asynccontextmanager
async def _lifespan(site: FastAPI) -> AsyncIterator[None]:
    stop = threading.Event()
    state = site.state
    worker = threading.Thread(
        target=work,
        args=(Workplace(state.database, state.storage, state.limiter, state.settings), stop),
        name="worker",
        daemon=True,
    )
    if state.runs_worker:
        worker.start()
    yield
    stop.set()
    if state.runs_worker:
        worker.join(timeout=10)
    state.database.close()


def _city_of(database: Database, memory: Memory) -> Callable[[Request], CityName]:
    """The city's name hardly ever changes; asking for it on every page would be a query per page.

    On a page that will be kept it is of the same snapshot as the rest.
    """

    def ask() -> CityName:
        try:
            with database.session() as session:
                row = the_city(session)
                return CityName(row.name, row.district, row.is_invented) if row else CityName()
        except DBAPIError as error:
            log.warning("city not known", error=type(error).__name__)
            return CityName()

    def answer(request: Request) -> CityName:
        snapshot = snapshot_of(request)
        return memory.recall(("city", snapshot is None), CITY_KEPT_SECONDS, ask, snapshot)

    return answer


def _crash_page(settings: Settings) -> Callable[[Request, Exception], Response]:
    """The outermost handler stands outside the middleware, so it sets the headers itself."""

    def answer(request: Request, error: Exception) -> Response:
        log.error("crash", error=type(error).__name__, exc_info=error)
        response = answer_crash(request)
        response.headers.update(safe_headers(settings))
        response.headers["X-Request-Id"] = getattr(request.state, "request_id", "")
        return response

    return answer


class KeptFiles(StaticFiles):
    """Static files, which browsers keep for a year when the address carries the checksum.

    Of this very file: while a new version is rolled out, a page of the new one may ask the old one for it.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            fresh = asset(path).partition("?")[2].encode() == scope.get("query_string", b"")
            response.headers["Cache-Control"] = (
                "public, max-age=31536000, immutable" if fresh else "public, max-age=3600"
            )
        return response


def create_served_app() -> FastAPI:
    """For `buurtlab serve`: every process runs the worker loop, and a lease lets one of them work."""
    let_threads_share_memory()
    settings = get_settings()
    take_in_other_logs(as_json=not settings.in_development)
    site = create_app(settings, worker=os.environ.get("BUURTLAB_RUNS_WORKER") == "1")
    leave_in_peace_what_stays()
    return site
