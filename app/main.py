"""The application: settings, middleware, routes, error pages."""

import os
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache

from fastapi import APIRouter, FastAPI, Request
from sqlalchemy.exc import DBAPIError
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import app.accounts.routes.confirm
import app.accounts.routes.me
import app.accounts.routes.my_second_factor
import app.accounts.routes.second_factor
import app.accounts.routes.sign_in
import app.administration.routes.audit
import app.administration.routes.places
import app.administration.routes.roles
import app.administration.routes.rules
import app.administration.routes.themes
import app.api.application
import app.api.door
import app.approaches.routes.choosing
import app.approaches.routes.comparing
import app.approaches.routes.proposing
import app.cards.routes.feeds
import app.cards.routes.library
import app.cards.routes.publishing
import app.coalition.routes.letters
import app.coalition.routes.partners
import app.coalition.routes.residents
import app.feeds.routes
import app.filing.routes.drafts
import app.filing.routes.filing
import app.filing.routes.offline
import app.following.routes
import app.gates.routes
import app.home.components
import app.home.dev
import app.home.health
import app.home.routes
import app.home.style
import app.home.well_known
import app.issues.routes.comments
import app.issues.routes.issues
import app.issues.routes.merged
import app.issues.routes.votes
import app.lessons.routes
import app.matching.routes.about
import app.matching.routes.desk
import app.matching.routes.opinions
import app.matching.routes.thesaurus
import app.measures.routes.indicators
import app.measures.routes.reading
import app.measures.routes.recording
import app.moderation.routes.about
import app.moderation.routes.appeals
import app.moderation.routes.desk
import app.moderation.routes.flags
import app.moderation.routes.me
import app.notifications.routes.alerts
import app.notifications.routes.notices
import app.notifications.routes.undelivered
import app.notifications.routes.unsubscribe
import app.pilots.routes.board
import app.pilots.routes.fitting
import app.pilots.routes.growing
import app.pilots.routes.pilots
import app.pilots.routes.summary
import app.pilots.routes.updates
import app.places.routes
import app.privacy.routes.about
import app.privacy.routes.address
import app.privacy.routes.data
import app.solved.routes
import app.tables
import app.themes.routes
import app.triage.routes.decisions
import app.triage.routes.desk
import app.triage.routes.entering
import app.triage.routes.merging
import app.triage.routes.queue
import app.verdicts.routes
from app.core.allocation import let_threads_share_memory
from app.core.db import Database
from app.core.error_pages import add_error_pages, answer_crash
from app.core.head import HeadLikeGet
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
from app.places.queries import the_city
from app.settings import Settings, get_settings

CITY_KEPT_SECONDS = 10.0

# What comes first wins: `/issues/new` must not be taken for an issue's address.
ROUTERS = [
    app.cards.routes.publishing.router,
    app.feeds.routes.router,
    app.home.routes.router,
    app.home.health.router,
    app.home.well_known.router,
    app.home.style.router,
    app.accounts.routes.sign_in.router,
    app.accounts.routes.me.router,
    app.accounts.routes.confirm.router,
    app.privacy.routes.about.router,
    app.privacy.routes.data.router,
    app.privacy.routes.address.router,
    app.accounts.routes.second_factor.router,
    app.accounts.routes.my_second_factor.router,
    app.administration.routes.roles.router,
    app.administration.routes.themes.router,
    app.administration.routes.places.router,
    app.administration.routes.rules.router,
    app.administration.routes.audit.router,
    app.cards.routes.feeds.router,
    app.cards.routes.library.router,
    app.filing.routes.filing.router,
    app.filing.routes.drafts.router,
    app.filing.routes.offline.router,
    app.issues.routes.merged.router,
    app.issues.routes.issues.router,
    app.issues.routes.votes.router,
    app.issues.routes.comments.router,
    app.matching.routes.about.router,
    app.matching.routes.thesaurus.router,
    app.matching.routes.desk.router,
    app.matching.routes.opinions.router,
    app.moderation.routes.flags.router,
    app.moderation.routes.me.router,
    app.moderation.routes.appeals.router,
    app.moderation.routes.desk.router,
    app.moderation.routes.about.router,
    app.following.routes.router,
    app.notifications.routes.notices.router,
    app.notifications.routes.alerts.router,
    app.notifications.routes.unsubscribe.router,
    app.notifications.routes.undelivered.router,
    app.approaches.routes.proposing.router,
    app.approaches.routes.comparing.router,
    app.approaches.routes.choosing.router,
    app.coalition.routes.residents.router,
    app.measures.routes.indicators.router,
    app.measures.routes.recording.router,
    app.measures.routes.reading.router,
    app.coalition.routes.partners.router,
    app.coalition.routes.letters.router,
    app.gates.routes.router,
    app.lessons.routes.router,
    app.pilots.routes.growing.router,
    app.pilots.routes.fitting.router,
    app.pilots.routes.board.router,
    app.pilots.routes.summary.router,
    app.pilots.routes.updates.router,
    app.pilots.routes.pilots.router,
    app.solved.routes.router,
    app.verdicts.routes.router,
    app.themes.routes.router,
    app.places.routes.router,
    app.triage.routes.merging.router,
    app.triage.routes.queue.router,
    app.triage.routes.entering.router,
    app.triage.routes.desk.router,
    app.triage.routes.decisions.router,
]


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
    site.router.routes.extend(_pages())
    if settings.in_development:
        site.include_router(app.home.dev.router)
        site.include_router(app.home.components.router)
    site.mount(app.api.application.PREFIX, app.api.application.create_api(settings, site.state), name="api")
    site.mount("/static", KeptFiles(directory=STATIC), name="static")
    add_error_pages(site)
    site.add_exception_handler(Exception, _crash_page(settings))
    site.add_middleware(RequestBodyLimitMiddleware, max_body_size=MAX_BODY_BYTES)
    site.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    site.add_middleware(Gate, settings=settings)
    site.add_middleware(app.api.door.Door, settings=settings)
    site.add_middleware(HeadLikeGet)
    site.add_middleware(RequestLog)
    return site


@cache
def _pages() -> Sequence[BaseRoute]:
    """The pages, put together once per process: several sites, as tests make them, share what FastAPI works out."""
    together = APIRouter()
    for router in ROUTERS:
        together.include_router(router)
    return together.routes


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
    """The city's name hardly ever changes; asking for it on every page would be a query per page."""

    def ask() -> CityName:
        try:
            with database.session() as session:
                row = the_city(session)
                return CityName(row.name, row.district, row.is_invented) if row else CityName()
        except DBAPIError as error:
            log.warning("city not known", error=type(error).__name__)
            return CityName()

    return lambda _request: memory.recall("city", CITY_KEPT_SECONDS, ask)


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
    return create_app(settings, worker=os.environ.get("BUURTLAB_RUNS_WORKER") == "1")
