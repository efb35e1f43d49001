"""The page for writing an issue, for a phone without a connection: kept by the browser, the same for everybody."""

import json
import re
from hashlib import sha256
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.db import SessionDep
from app.core.memory import memory_of
from app.core.templates import STATIC
from app.core.web import go, render
from app.filing.uploads import MOST_PHOTOS
from app.places.queries import all_neighbourhoods
from app.themes.queries import all_themes

router = APIRouter()

KEPT_SECONDS = 60.0
FILE = re.compile(r"/(?:static/[\w./-]+|style\.css)\?v=[0-9a-f]+")
AREAS = "/map/areas.json"
"""What the map draws where there are no tiles."""
Lang = Annotated[Literal["nl", "en"], Query()]


@router.get("/issues/new/offline")
def show_offline_form(request: Request, session: SessionDep, lang: Lang = "nl") -> Response:
    """Asked for without cookies, and knows nobody. Whoever comes here on foot goes to the real one."""
    if request.headers.get("sec-fetch-mode") == "navigate":
        return go(request, "/issues/new")
    return offline_form(request, session, lang)


@router.get("/sw.js")
def show_service_worker(request: Request, session: SessionDep, lang: Lang = "nl") -> Response:
    """Another text whenever the page or one of its files changes: then browsers fetch all of it anew."""
    script = memory_of(request).recall(f"service worker {lang}", KEPT_SECONDS, lambda: write(request, session, lang))
    return Response(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def write(request: Request, session: Session, lang: str) -> str:
    html = bytes(offline_form(request, session, lang).body)
    files = [*sorted(set(FILE.findall(html.decode()))), AREAS]
    names = {
        "CACHE": f"buurtlab-{sha256(html).hexdigest()[:12]}",
        "PAGE": f"/issues/new/offline?lang={lang}",
        "FILES": files,
    }
    known = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in names.items())
    return known + "\n".join((STATIC / "js" / name).read_text() for name in ("queue.js", "worker.js"))


def offline_form(request: Request, session: Session, lang: str) -> Response:
    """Without anybody's name or draft; the script gives it a number."""
    request.state.viewer, request.state.locale = None, lang
    return render(
        request,
        "filing/new.html",
        draft="",
        typed={},
        errors={},
        photos=[],
        themes=all_themes(session),
        neighbourhoods=all_neighbourhoods(session),
        most_photos=MOST_PHOTOS,
        hints=None,
        is_offline=True,
    )
