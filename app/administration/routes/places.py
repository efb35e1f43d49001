"""Neighbourhoods of the city."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Admin, require_active
from app.administration.city_forms import NeighbourhoodForm, NoForm
from app.administration.places import rename_neighbourhood, upload_neighbourhoods
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.forms import Submission, form_of
from app.core.i18n import Text, _
from app.core.web import go, render
from app.places.queries import all_neighbourhoods, neighbourhood_with_code

router = APIRouter(prefix="/admin/neighbourhoods")

Renamed = Annotated[Submission[NeighbourhoodForm], Depends(form_of(NeighbourhoodForm))]
Uploaded = Annotated[Submission[NoForm], Depends(form_of(NoForm))]
MOST_SAID = 50


@router.get("")
def list_neighbourhoods(request: Request, session: SessionDep, admin: Admin) -> Response:
    return render_list(request, session, {}, {}, [])


@router.post("")
def upload(request: Request, session: SessionDep, admin: Admin, submission: Uploaded) -> Response:
    if not submission.files:
        return render_list(request, session, {}, {"areas": _("Choose a GeoJSON file.")}, [], 422)
    problems = upload_neighbourhoods(session, require_active(admin).id, submission.files[0].file.read())
    if problems:
        errors = {"areas": _("Nothing was taken over. Look below at what is wrong.")}
        return render_list(request, session, {}, errors, problems[:MOST_SAID], 422)
    return go(request, "/admin/neighbourhoods", "saved")


@router.post("/{code}")
def rename(request: Request, session: SessionDep, admin: Admin, code: str, submission: Renamed) -> Response:
    area = neighbourhood_with_code(session, code[:20])
    if area is None:
        raise NotFound
    if not submission.ok:
        errors = {f"name-{area.code}": message for message in submission.errors.values()}
        return render_list(request, session, submission.typed, errors, [], 422)
    form = submission.data
    rename_neighbourhood(session, require_active(admin).id, area, form.name, form.seen)
    return go(request, "/admin/neighbourhoods", "saved")


def render_list(
    request: Request,
    session: Session,
    typed: dict[str, str],
    errors: dict[str, Text],
    problems: list[Text],
    status: int = 200,
) -> Response:
    return render(
        request,
        "administration/neighbourhoods.html",
        status=status,
        neighbourhoods=all_neighbourhoods(session),
        typed=typed,
        errors=errors,
        problems=problems,
    )
