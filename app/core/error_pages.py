"""Errors as people meet them: a page, a notice that htmx shows, or problem+json under /api (RFC 9457)."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from app.core.errors import IdentityNeeded, Invalid, NotFound, Problem, SecondFactorNeeded, SignInNeeded
from app.core.forms import message_for
from app.core.i18n import Text, _, translate
from app.core.logging import log
from app.core.web import go, here_and_query, is_api, local_path, locale_of, render, wants_fragment

SENTENCES: dict[int, Text] = {
    404: NotFound().message,
    405: _("This address does not take that kind of request."),
    413: _("This is more than we can take in at once. Send fewer or smaller photos."),
    415: _("We cannot read this kind of content."),
}
OUR_FAULT = _(
    "Something went wrong on our side. It has been written down for us. Nothing of yours was saved this time."
)
NOT_DONE = _("This did not work, and nothing was changed. Go back and try again.")
UNREADABLE = _("Part of this address or form cannot be read. Go back and try again.")
NO_DATABASE = _("We cannot reach our records right now, so nothing was saved. Try again in a moment.")


def add_error_pages(app: FastAPI, see_viewer: Callable[[Request], None] = lambda _request: None) -> None:
    """`see_viewer` finds out who is there for an address that no route serves."""

    def answer_unserved(request: Request, error: HTTPException) -> Response:
        if not hasattr(request.state, "viewer"):
            see_viewer(request)
        return _answer_http(request, error)

    app.add_exception_handler(Problem, answer_problem)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, answer_unserved)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _answer_validation)  # type: ignore[arg-type]
    app.add_exception_handler(OperationalError, _answer_database)  # type: ignore[arg-type]
    app.add_exception_handler(InterfaceError, _answer_database)  # type: ignore[arg-type]
    app.add_exception_handler(DBAPIError, _answer_database)  # type: ignore[arg-type]
    app.add_exception_handler(ClientDisconnect, _answer_nobody)


def answer_problem(request: Request, problem: Problem) -> Response:
    if isinstance(problem, SignInNeeded) and not is_api(request):
        return go(request, "/sign-in?next=" + _address_for_after(request))
    if isinstance(problem, SecondFactorNeeded) and not is_api(request):
        return go(request, "/sign-in/second-factor?next=" + _address_for_after(request))
    if isinstance(problem, IdentityNeeded) and not is_api(request):
        return go(request, "/me/confirm?next=" + _address_for_after(request))
    return answer(request, problem.status, problem.message, problem.headers, getattr(problem, "errors", None))


def answer(
    request: Request,
    status: int,
    message: Text,
    headers: dict[str, str] | None = None,
    errors: dict[str, Text] | None = None,
) -> Response:
    if is_api(request):
        return _problem_json(request, status, message, headers, errors)
    if wants_fragment(request.headers):
        response: Response = render(request, "_parts/_problem.html", status=status, message=message)
        response.headers["HX-Retarget"] = "#messages"
        response.headers["HX-Reswap"] = "innerHTML"
    else:
        response = render(request, "error.html", status=status, code=int(status), message=message)
    response.headers.update(headers or {})
    response.headers["Cache-Control"] = "no-store"
    return response


def _problem_json(
    request: Request,
    status: int,
    message: Text,
    headers: dict[str, str] | None,
    errors: dict[str, Text] | None,
) -> Response:
    locale = locale_of(request)
    body: dict[str, object] = {
        "type": "about:blank",
        "status": int(status),
        "title": HTTPStatus(status).phrase,
        "detail": translate(message, locale),
    }
    if errors:
        body["errors"] = [{"field": field, "detail": translate(text, locale)} for field, text in errors.items()]
    return JSONResponse(body, int(status), headers, media_type="application/problem+json")


def _answer_http(request: Request, error: HTTPException) -> Response:
    sentence = SENTENCES.get(error.status_code, NOT_DONE)
    return answer(request, error.status_code, sentence, dict(error.headers or {}))


def _answer_validation(request: Request, error: RequestValidationError) -> Response:
    """A path that is not a number is a page that does not exist; in the API, input that cannot be read is 400."""
    mistakes = error.errors()
    if any(mistake["loc"][0] == "path" for mistake in mistakes):
        return answer_problem(request, NotFound())
    if is_api(request):
        return answer_problem(request, Invalid({str(each["loc"][-1]): message_for(each) for each in mistakes}))
    return answer(request, 400, UNREADABLE)


def _answer_database(request: Request, error: DBAPIError) -> Response:
    if isinstance(error, DataError):  # a number or a character that the database cannot hold
        return answer(request, 400, UNREADABLE)
    _forget_viewer(request)
    log.error("database", error=type(error.orig).__name__, route=request.scope["path"] if is_api(request) else "-")
    if isinstance(error, (OperationalError, InterfaceError)) or error.connection_invalidated:
        return answer(request, 503, NO_DATABASE, {"Retry-After": "5"})
    return answer(request, 500, OUR_FAULT)


def _answer_nobody(request: Request, error: Exception) -> Response:
    """Whose connection breaks off half-way hears nothing; it is no crash of ours either."""
    return Response(status_code=400)


def _forget_viewer(request: Request) -> None:
    """What was read of the person went with the transaction that failed; only their language is kept apart."""
    request.state.viewer = None
    request.state.forgot_viewer = True


def answer_crash(request: Request) -> Response:
    _forget_viewer(request)
    return answer(request, 500, OUR_FAULT)


def _address_for_after(request: Request) -> str:
    """Where to return after signing in: this page, or for a form the page it stands on, as far as that is known."""
    if request.method == "GET":
        return quote(here_and_query(request), safe="/")
    before = urlsplit(request.headers.get("referer", ""))
    is_ours = before.netloc == request.headers.get("host")
    return quote(local_path(f"{before.path}?{before.query}".rstrip("?")) if is_ours else "/", safe="/")
