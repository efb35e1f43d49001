"""What a form about a pilot means in this city: its themes, goals and area, and whether it names a solution."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlmodel import Session, col, select

from app.core.forms import Submission
from app.core.i18n import _
from app.issues.models import Issue, Status
from app.issues.queries import visible_issues
from app.pilots.actions import NOWHERE, PilotArea, PilotText, area_of
from app.pilots.forms import AboutPilot, Area
from app.pilots.history import needs_reason
from app.pilots.models import Pilot
from app.pilots.solutions import solutions_named
from app.places.grid import distance_m
from app.places.queries import neighbourhood_with_code
from app.themes.models import Goal, Theme


def settle_pilot(
    session: Session, submission: Submission[Any], issues: Sequence[Issue], before: PilotArea | None = None
) -> PilotText | None:
    """None when something is wrong with it, which is then said beside the field. Asks once about a named solution."""
    if not submission.ok:
        return None
    form: AboutPilot = submission.data
    area = _settle_area(session, submission, issues, before)
    theme_ids, goal_ids = _settle_goals(session, form.themes, form.goals)
    named = solutions_named(f"{form.title} {form.problem}")
    if named and not form.meant:
        submission.refuse(
            "problem",
            _(
                "You name a solution: %(words)s. What is it for? Write down that problem instead.",
                words=", ".join(named),
            ),
        )
    return PilotText(form.title, form.problem, theme_ids, goal_ids, area) if submission.ok else None


def settle_reason(submission: Submission[Any], pilot: Pilot, about: PilotText | None) -> bool:
    """False when the problem is frozen and the reason for changing it is missing, which is then said beside it."""
    if about is not None and needs_reason(pilot, about) and not submission.data.reason:
        submission.refuse("reason", _("An approach was chosen for this problem, so say why you change it."))
    return submission.ok


def _settle_area(
    session: Session, submission: Submission[Any], issues: Sequence[Issue], before: PilotArea | None
) -> PilotArea:
    form = submission.data
    match form.area:
        case Area.NEIGHBOURHOOD:
            return _around_neighbourhood(session, submission)
        case Area.POINT:
            if form.lat is None or form.lon is None:
                submission.refuse("lat", _("A point needs both numbers: latitude and longitude."))
            return PilotArea(form.lat, form.lon, round(form.radius_m))
        case Area.NONE:
            return NOWHERE
        case Area.SAME if before is not None:
            return before
        case _:
            return area_of(issues)


def _around_neighbourhood(session: Session, submission: Submission[Any]) -> PilotArea:
    """The circle around its box."""
    area = neighbourhood_with_code(session, submission.data.neighbourhood)
    if area is None:
        submission.refuse("neighbourhood", _("Choose a neighbourhood from the list."))
        return NOWHERE
    lat, lon = (area.south + area.north) / 2, (area.west + area.east) / 2
    return PilotArea(round(lat, 6), round(lon, 6), round(distance_m(lat, lon, area.north, area.east)))


def _settle_goals(session: Session, themes: Collection[int], goals: Collection[int]) -> tuple[list[int], list[int]]:
    """Numbers of rows that there are; a goal brings its theme along."""
    known = session.exec(select(Goal.id, Goal.theme_id).where(col(Goal.id).in_(goals))).all()
    wanted = {*themes, *(theme_id for _goal_id, theme_id in known)}
    found = session.exec(select(Theme.id).where(col(Theme.id).in_(wanted)).order_by(col(Theme.id))).all()
    return [theme_id or 0 for theme_id in found], sorted(goal_id or 0 for goal_id, _theme_id in known)


def settle_issues(session: Session, submission: Submission[Any], numbers: Sequence[int]) -> Sequence[Issue]:
    """The issues with these numbers; who is not there, or was merged, is named beside the field."""
    found = visible_issues(session, numbers)
    missing = sorted(set(numbers) - {issue.id for issue in found})
    merged = [issue.id for issue in found if issue.status is Status.MERGED]
    if missing:
        said = ", ".join(map(str, missing))
        submission.refuse("issues", _("There is no issue with this number: %(numbers)s.", numbers=said))
    if merged:
        said = ", ".join(map(str, merged))
        submission.refuse("issues", _("Merged with another issue: %(numbers)s. Take the one that stays.", numbers=said))
    return found
