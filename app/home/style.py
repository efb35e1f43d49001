"""The style sheet of the city, if it has one of its own."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.errors import NotFound
from app.core.style import Style

router = APIRouter()

FOR_EVER, FOR_AN_HOUR = "public, max-age=31536000, immutable", "public, max-age=3600"


@router.get("/style.css")
async def show_style(request: Request, v: str = "") -> Response:
    style: Style = request.app.state.style
    if not style.css:
        raise NotFound
    headers = {"Cache-Control": FOR_EVER if v == style.version else FOR_AN_HOUR}
    return Response(style.css, media_type="text/css", headers=headers)
