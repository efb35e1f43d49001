"""The JSON API: an application of its own under /api/v1, with its own documentation."""

from functools import cache, partial

from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic.alias_generators import to_camel
from starlette.datastructures import State
from starlette.responses import Response

from app.api import comments, issues, lessons, matches, pilots, places, themes, votes
from app.api.documentation import document
from app.api.door import VERSION
from app.core.error_pages import add_error_pages, answer, answer_crash
from app.core.errors import NotAcceptable
from app.core.i18n import _
from app.core.logging import log
from app.core.paging import NoSuchPage
from app.settings import Settings

PREFIX = "/api/v1"
READABLE = {"*/*", "application/*", "application/json", "application/problem+json"}
ROUTERS = [
    issues.router,
    votes.router,
    comments.router,
    matches.router,
    themes.router,
    places.router,
    pilots.router,
    lessons.router,
]


def create_api(settings: Settings, state: State) -> FastAPI:
    """To be mounted at PREFIX; works with what the site has in its `state`: database, limits, settings."""
    api = FastAPI(
        title="Buurtlab",
        summary="Issues, votes, comments, matches and pilots of a living lab.",
        version=VERSION,
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        servers=[{"url": PREFIX}],
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        root_path_in_servers=False,
        generate_unique_id_function=_name_of,
        dependencies=[Depends(check_accept)],
    )
    api.state = state
    for router in ROUTERS:
        api.include_router(router)
    add_error_pages(api)
    api.add_exception_handler(405, answer_wrong_method)
    api.add_exception_handler(NoSuchPage, answer_no_such_page)
    api.add_exception_handler(Exception, answer_own_crash)
    api.openapi = cache(partial(document, api, settings))  # type: ignore[method-assign]
    return api


def _name_of(route: APIRoute) -> str:
    return to_camel(route.name)


def check_accept(request: Request) -> None:
    """Raises NotAcceptable for a caller that wants anything but JSON."""
    accepted = [part.strip().lower() for part in request.headers.get("accept", "").split(",")]
    ranges = {part.partition(";")[0].strip() for part in accepted if not _refused(part)}
    if accepted != [""] and not ranges & READABLE:
        raise NotAcceptable(_("We answer in JSON only: accept application/json."))


def _refused(part: str) -> bool:
    weight = part.partition(";q=")[2].strip()
    return weight != "" and not weight.strip("0.")


def answer_wrong_method(request: Request, error: Exception) -> Response:
    """405 with every method of the address; OPTIONS asks for just that, from a browser before it reads."""
    allowed = _methods_of(request)
    headers = {"Allow": ", ".join(allowed)}
    if request.method == "OPTIONS":
        reading = ", ".join(method for method in allowed if method in ("GET", "HEAD", "OPTIONS"))
        preflight = {"Access-Control-Allow-Methods": reading, "Access-Control-Max-Age": "86400"}
        return Response(status_code=204, headers=headers | preflight)
    return answer(request, 405, _("This address does not take that kind of request."), headers)


def _methods_of(request: Request) -> list[str]:
    path = request.url.path.removeprefix(PREFIX)
    methods = {"OPTIONS"}
    for context in iter_route_contexts(request.app.routes):
        if context.path_regex.match(path):
            methods |= context.methods or set()
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


def answer_no_such_page(request: Request, error: Exception) -> Response:
    """An address that was not handed out, like any other: 404."""
    return answer(request, 404, NoSuchPage().message)


def answer_own_crash(request: Request, error: Exception) -> Response:
    log.error("crash", error=type(error).__name__, exc_info=error)
    return answer_crash(request)
