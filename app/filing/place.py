"""Where the problem is: rounded before it is stored, within the city, in a neighbourhood."""

from dataclasses import dataclass

from sqlmodel import Session

from app.core.forms import Submission
from app.core.i18n import _
from app.filing.forms import IssueForm
from app.issues.models import Precision
from app.places.grid import around_here, cell_of
from app.places.queries import has_neighbourhoods, neighbourhood_at

WHERE_IS_IT = _("Tell us where it is: use your location, the map, or a street or spot in words.")


@dataclass(frozen=True)
class Place:
    lat: float | None = None
    lon: float | None = None
    cell: int | None = None
    neighbourhood_id: int | None = None


def settle_place(session: Session, submission: Submission[IssueForm]) -> Place:
    """The place to store; what is wrong with it is said beside the field."""
    form = submission.data
    if form.lat is None and form.lon is None:
        if not form.address:
            submission.refuse("address", WHERE_IS_IT)
        return Place()
    if form.lat is None or form.lon is None:
        submission.refuse("lat", _("A point needs both numbers: latitude and longitude."))
        return Place()
    return _place_on_map(session, submission, form.lat, form.lon)


def _place_on_map(session: Session, submission: Submission[IssueForm], lat: float, lon: float) -> Place:
    area = neighbourhood_at(session, lat, lon)
    if area is None and has_neighbourhoods(session):
        submission.refuse("lat", _("This place is outside our city. Choose a place inside the drawn neighbourhoods."))
        return Place()
    if submission.data.precision is Precision.AREA:
        lat, lon = around_here(lat, lon)
    lat, lon = round(lat, 6), round(lon, 6)
    return Place(lat, lon, cell_of(lat, lon), area.id if area else None)
