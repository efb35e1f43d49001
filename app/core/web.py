"""Answers: a whole page, a fragment for htmx, or the way to another page. Every HX- header lives here."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import Depends, Path, Query, Request
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.core.i18n import LOCALES, best_locale
from app.core.kept_pages import mark_for_everybody
from app.core.templates import render_template
from app.settings import Settings

LOCALE_COOKIE = "locale"
NOTICE_COOKIE = "notice"
VARY = "HX-Request, Accept-Language, Cookie"
YEAR = 365 * 24 * 3600
FOR_THIS_BROWSER = "private, no-cache"

RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
After = Annotated[str, Query(max_length=300)]
"""Where the page of a list begins, as the page before it said (`app.core.paging`)."""


def settings_of(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


SettingsDep = Annotated[Settings, Depends(settings_of)]


def wants_fragment(headers: Headers) -> bool:
    """True when htmx will swap the answer into a page it already has."""
    return (
        headers.get("HX-Request") == "true"
        and "HX-Boosted" not in headers
        and "HX-History-Restore-Request" not in headers
    )


def locale_of(request: Request) -> str:
    """The reader's language: of the account, else as chosen (not in the API), else as the browser prefers."""
    viewer = getattr(request.state, "viewer", None)
    if viewer is not None:
        return str(viewer.locale)
    if known := getattr(request.state, "locale", None):
        return str(known)
    chosen = None if is_api(request) else request.cookies.get(LOCALE_COOKIE)
    if chosen in LOCALES:
        return chosen
    return best_locale(request.headers.get("accept-language", ""), settings_of(request).default_locale)


def is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def render(
    request: Request, page: str, fragment: str | None = None, /, status: int = 200, kept: bool = False, **context: Any
) -> HTMLResponse:
    """A page, or only the named fragment of it when htmx asks.

    `kept`: it is the same for every visitor, and may be answered from memory until something changes
    (`app.core.kept_pages`): nothing personal, no number of a form, no limit that counts.
    """
    name = fragment if fragment and wants_fragment(request.headers) else page
    html = render_template(name, locale_of(request), **page_context(request), **context)
    response = HTMLResponse(html, status_code=status, headers={"Vary": VARY})
    if kept and not request.cookies and getattr(request.state, "viewer", None) is None:
        mark_for_everybody(request.state)
    if request.cookies:
        response.headers["Cache-Control"] = FOR_THIS_BROWSER
    if NOTICE_COOKIE in request.cookies and name == page:
        response.delete_cookie(NOTICE_COOKIE)
    return response


def render_part(request: Request, fragment: str, /, **context: Any) -> HTMLResponse | None:
    """The fragment where htmx asks for it; what only the whole page needs is then not even read."""
    return render(request, fragment, fragment, **context) if wants_fragment(request.headers) else None


def instead_of(selector: str, response: Response) -> Response:
    """htmx swaps this answer for what the selector finds, not for what the form named; browsers show it as a page."""
    response.headers["HX-Retarget"] = selector
    return response


def done(
    request: Request, go_to: str, fragment: str | None = None, notice: str | None = None, /, **context: Any
) -> Response:
    """After a change: the fragment for htmx, else the way to the page that shows it.

    `notice` is the name of a sentence in `templates/_parts/_notice.html`, shown once on the next page.
    """
    if fragment and wants_fragment(request.headers):
        return render(request, fragment, fragment, **context)
    return go(request, go_to, notice)


def go(request: Request, to: str, notice: str | None = None) -> Response:
    """To another page of ours (303), for browsers with and without htmx."""
    response: Response
    if wants_fragment(request.headers):
        response = Response(status_code=204, headers={"HX-Redirect": to})
    else:
        response = RedirectResponse(to, status_code=303)
    if notice:
        set_cookie(request, response, NOTICE_COOKIE, notice, max_age=60)
    return response


def moved(request: Request, to: str) -> Response:
    """To the address that the page has now. Browsers ask again each time, since a title can be changed back."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(to + query, status_code=301, headers={"Vary": VARY, "Cache-Control": "no-cache"})


def page_context(request: Request) -> Mapping[str, Any]:
    """What every template may use, besides its own inputs."""
    settings = settings_of(request)
    return {
        "viewer": getattr(request.state, "viewer", None),
        "forgot_viewer": getattr(request.state, "forgot_viewer", False),
        "city": request.app.state.city(request),
        "here": request.url.path,
        "here_and_query": here_and_query(request),
        "notice": request.cookies.get(NOTICE_COOKIE, ""),
        "base_url": settings.base_url.rstrip("/"),
        "in_development": settings.in_development,
        "style_address": request.app.state.style.address,
        "tiles_url": settings.tiles_url,
        "tiles_attribution": settings.tiles_attribution,
    }


def here_and_query(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def set_cookie(request: Request, response: Response, name: str, value: str, max_age: int) -> None:
    """A cookie only we read: HttpOnly, Lax, and Secure over HTTPS."""
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings_of(request).over_https,
    )
    response.headers["Cache-Control"] = FOR_THIS_BROWSER


def forget_cookie(request: Request, response: Response, name: str) -> None:
    settings = settings_of(request)
    response.delete_cookie(
        cookie_name(settings, name), path="/", secure=settings.over_https, httponly=True, samesite="lax"
    )


def cookie_name(settings: Settings, name: str) -> str:
    """`__Host-` pins the cookie to this host (RFC 6265bis); browsers take it over HTTPS only."""
    return f"__Host-{name}" if settings.over_https else name


def local_path(address: str | None, default: str = "/") -> str:
    """Where to go next, only within this site; anything else becomes `default`."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return default
    if any(ord(character) < 33 or character == "\\" for character in address) or len(address) > 2000:
        return default
    parts = urlsplit(address)
    safe = "/?&=%+:,;@~!$'()*#-._"
    return quote(address, safe, errors="replace") if not parts.netloc and not parts.scheme else default
