"""Following without an account: Atom and JSON Feed of everything, a theme, a neighbourhood, an issue, a pilot.

`?lang=` chooses the language of our own words, so that everybody who asks for one address gets the same.
"""

from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.i18n import LOCALES
from app.core.web import settings_of
from app.feeds import queries
from app.feeds.documents import Document, as_atom, as_json_feed
from app.issues.access import BareIssue
from app.pilots.access import VisiblePilot
from app.places.access import Area
from app.themes.access import SomeTheme

router = APIRouter()

WRITERS = {"atom": as_atom, "json": as_json_feed}
TYPES = {"atom": "application/atom+xml", "json": "application/feed+json"}
KEPT_SECONDS = 300


def read_format(form: str) -> str:
    if form not in WRITERS:
        raise NotFound
    return form


def read_language(request: Request, lang: Annotated[str, Query(max_length=5)] = "") -> str:
    return lang if lang in LOCALES else settings_of(request).default_locale


Format = Annotated[str, Depends(read_format)]
Language = Annotated[str, Depends(read_language)]


@router.get("/issues.{form}")
def feed_of_all(request: Request, session: SessionDep, form: Format, locale: Language) -> Response:
    return answer(request, queries.all_issues(session, locale), form)


@router.get("/themes/{slug}.{form}")
def feed_of_theme(request: Request, session: SessionDep, form: Format, theme: SomeTheme, locale: Language) -> Response:
    return answer(request, queries.issues_of_theme(session, theme, locale), form)


@router.get("/neighbourhoods/{code}.{form}")
def feed_of_neighbourhood(
    request: Request, session: SessionDep, form: Format, area: Area, locale: Language
) -> Response:
    return answer(request, queries.issues_of_neighbourhood(session, area, locale), form)


@router.get("/issues/{issue_id:int}.{form}")
def feed_of_issue(request: Request, session: SessionDep, form: Format, issue: BareIssue, locale: Language) -> Response:
    return answer(request, queries.one_issue(session, issue, locale), form)


@router.get("/pilots.{form}")
def feed_of_pilots(request: Request, session: SessionDep, form: Format, locale: Language) -> Response:
    return answer(request, queries.all_pilots(session, locale), form)


@router.get("/lessons.{form}")
def feed_of_lessons(request: Request, session: SessionDep, form: Format, locale: Language) -> Response:
    return answer(request, queries.all_lessons(session, locale), form)


@router.get("/pilots/{pilot_id:int}.{form}")
def feed_of_pilot(
    request: Request, session: SessionDep, form: Format, pilot: VisiblePilot, locale: Language
) -> Response:
    return answer(request, queries.one_pilot(session, pilot, locale), form)


def answer(request: Request, document: Document, form: str) -> Response:
    """304 for whoever has it already: by its content, else by its date."""
    body = WRITERS[form](document, settings_of(request).base_url.rstrip("/"), publisher_of(request))
    headers = {
        "ETag": f'W/"{sha256(body).hexdigest()[:24]}"',
        "Last-Modified": format_datetime(document.updated.replace(microsecond=0), usegmt=True),
        "Cache-Control": f"public, max-age={KEPT_SECONDS}",
    }
    if is_known(request, headers["ETag"], document):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=TYPES[form], headers=headers)


def publisher_of(request: Request) -> str:
    city = request.app.state.city(request)
    return f"Buurtlab {city.district or city.name}".strip()


def is_known(request: Request, etag: str, document: Document) -> bool:
    if known := request.headers.get("if-none-match"):
        return known.strip() == "*" or etag in [tag.strip() for tag in known.split(",")]
    since = request.headers.get("if-modified-since")
    try:
        return since is not None and document.updated.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False
