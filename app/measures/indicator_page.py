"""The page of one indicator, which forms of the team come back to."""

from fastapi import Request
from starlette.responses import Response

from app.accounts.models import Person
from app.core.i18n import Text
from app.core.web import render
from app.measures.models import Indicator
from app.measures.queries import read_measurements
from app.measures.shown import as_shown
from app.pilots.access import may_start_pilot
from app.pilots.models import Pilot


def render_indicator(
    request: Request,
    viewer: Person | None,
    pilot: Pilot,
    indicator: Indicator,
    typed: dict[str, str],
    errors: dict[str, Text],
    status: int = 200,
    after: str = "",
) -> Response:
    return render(
        request,
        "measures/show.html",
        "measures/_measurements.html",
        status=status,
        pilot=pilot,
        indicator=indicator,
        shown=as_shown(indicator),
        page=read_measurements(indicator, after),
        may_edit=may_start_pilot(viewer) and indicator.retired_at is None,
        typed=typed,
        errors=errors,
        is_first=not after,
    )
