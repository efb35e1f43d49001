"""What we keep, why and how long; and how accessible the site is. Built from what the site goes by, so it is true."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import Viewer
from app.core.db import SessionDep
from app.core.web import render, settings_of
from app.privacy.accessibility import EXAMINED_ON, SHORTCOMINGS, STATUSES
from app.privacy.cookies import COOKIES
from app.privacy.retention import RULES

router = APIRouter()


@router.get("/about/privacy")
def show_privacy(request: Request, session: SessionDep, viewer: Viewer) -> Response:
    settings = settings_of(request)
    return render(
        request,
        "privacy/about.html",
        rules=[(rule, rule.lasts(settings)) for rule in RULES],
        cookies=COOKIES,
        tiles_host=urlsplit(settings.tiles_url.replace("{s}.", "")).netloc,
        contact=settings.contact,
    )


@router.get("/about/accessibility")
def show_accessibility(request: Request, session: SessionDep, viewer: Viewer) -> Response:
    settings = settings_of(request)
    return render(
        request,
        "privacy/accessibility.html",
        level=settings.accessibility_status,
        level_in_words=STATUSES[settings.accessibility_status],
        statement=settings.accessibility_statement,
        shortcomings=SHORTCOMINGS,
        examined_on=EXAMINED_ON,
        contact=settings.contact,
    )
