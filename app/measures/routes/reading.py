"""What is measured, for everybody: on a page, and as open data."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.accounts.access import Viewer
from app.core.db import SessionDep
from app.core.spreadsheets import csv_file
from app.core.web import After, render, settings_of
from app.measures import queries
from app.measures.access import SomeIndicator
from app.measures.indicator_page import render_indicator
from app.measures.open_data import LICENCE, as_csv, as_json
from app.measures.shown import as_shown
from app.pilots.access import VisiblePilot, may_start_pilot

router = APIRouter(prefix="/pilots/{pilot_id}")

LICENSED = {"Link": f'<{LICENCE}>; rel="license"', "Access-Control-Allow-Origin": "*"}


@router.get("/measures")
def list_indicators(request: Request, session: SessionDep, viewer: Viewer, pilot: VisiblePilot) -> Response:
    found = queries.all_indicators_of(session, pilot.id)
    return render(
        request,
        "measures/index.html",
        pilot=pilot,
        indicators=[as_shown(each) for each in found if each.retired_at is None],
        retired=[each for each in found if each.retired_at is not None],
        may_edit=may_start_pilot(viewer),
    )


@router.get("/measures.csv")
def download_table(session: SessionDep, pilot: VisiblePilot) -> Response:
    sheet = as_csv(pilot, queries.all_indicators_of(session, pilot.id))
    return csv_file(sheet, f"pilot-{pilot.id}-measures.csv", LICENSED)


@router.get("/measures.json")
def read_data(request: Request, session: SessionDep, pilot: VisiblePilot) -> Response:
    found = queries.all_indicators_of(session, pilot.id)
    base_url = settings_of(request).base_url.rstrip("/")
    return JSONResponse(as_json(pilot, found, base_url), headers=LICENSED)


@router.get("/measures/{indicator_id}")
def show_indicator(
    request: Request,
    session: SessionDep,
    viewer: Viewer,
    pilot: VisiblePilot,
    indicator: SomeIndicator,
    after: After = "",
) -> Response:
    return render_indicator(request, viewer, pilot, indicator, {}, {}, after=after)
