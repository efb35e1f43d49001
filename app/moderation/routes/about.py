"""How moderation works here, with the numbers of the last twelve months."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import Viewer
from app.core.db import SessionDep
from app.core.memory import memory_of
from app.core.web import render
from app.moderation.figures import figures_of_the_year

router = APIRouter()

COUNTED_EVERY_SECONDS = 600.0


@router.get("/about/moderation")
def show_about(request: Request, session: SessionDep, viewer: Viewer) -> Response:
    figures = memory_of(request).recall(
        "moderation figures", COUNTED_EVERY_SECONDS, lambda: figures_of_the_year(session)
    )
    return render(request, "moderation/about.html", figures=figures)
