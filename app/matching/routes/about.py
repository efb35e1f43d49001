"""How the linking works, and how well: for everybody, and as a record for the algorithm register."""

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import JSONResponse, Response

from app.accounts.access import Viewer
from app.core.db import SessionDep
from app.core.i18n import _, translate
from app.core.memory import memory_of
from app.core.web import SettingsDep, render
from app.matching.agreement import Agreement, agreement, in_words
from app.matching.engine.ranking import ENGINE
from app.matching.register import NAME, SECTIONS, SHORT, record

router = APIRouter()

MEASURED_EVERY_SECONDS = 300.0


@router.get("/about/matching")
def show_matching(request: Request, session: SessionDep, viewer: Viewer) -> Response:
    measured = measured_lately(request, session)
    lines = {"themes": in_words(measured.themes), "pilots": in_words(measured.pilots)}
    return render(request, "matching/about.html", name=NAME, short=SHORT, sections=SECTIONS, lines=lines, engine=ENGINE)


@router.get("/about/matching.json")
def show_record(request: Request, session: SessionDep, settings: SettingsDep) -> JSONResponse:
    measured = measured_lately(request, session)
    quality = translate(_("Themes: %(said)s", said=in_words(measured.themes)), "nl")
    return JSONResponse(record(request.app.state.city(request).name, settings, quality))


def measured_lately(request: Request, session: Session) -> Agreement:
    return memory_of(request).recall("agreement", MEASURED_EVERY_SECONDS, lambda: agreement(session))
