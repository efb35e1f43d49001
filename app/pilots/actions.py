"""What the city team does with pilots."""

from collections.abc import Sequence
from statistics import fmean
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from app.activity.actions import tell, write_down
from app.content.actions import publish
from app.content.models import Kind
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.language import guess_language, search_document
from app.core.writes import count_changed, insert_once
from app.discussions.models import Thread
from app.issues.actions import change_status
from app.issues.models import TRANSITIONS, Issue, Status
from app.pilots.models import Pilot, PilotIssue, PilotTheme, Stage
from app.pilots.queries import has_issues, is_in_a_pilot
from app.places.grid import distance_m

SMALLEST_RADIUS_M = 250


def start_pilot(session: Session, actor_id: int, issues: Sequence[Issue], title: str, problem: str) -> Pilot:
    """A new pilot at the stage of an idea; raises Conflict without an issue to grow from.

    Themes and area come from the issues; every issue that may go there is in a pilot from now on.
    """
    if not issues:
        raise Conflict(_("A pilot cannot exist without residents' issues under it."))
    pilot = _write_pilot(session, actor_id, issues, title, problem)
    for theme_id in {issue.theme_id for issue in issues if issue.theme_id}:
        session.add(PilotTheme(pilot_id=pilot.id, theme_id=theme_id))
    for issue in issues:
        link_issue(session, actor_id, pilot, issue)
    tell(session, "pilot", pilot.id, f"stage.{Stage.IDEA}", actor_id=actor_id, by_city=True)
    write_down(session, "pilot.started", "pilot", pilot.id, actor_id=actor_id, role="team")
    return pilot


def _write_pilot(session: Session, actor_id: int, issues: Sequence[Issue], title: str, problem: str) -> Pilot:
    language = guess_language(f"{title} {problem}")
    content = publish(session, Kind.PILOT, actor_id, language)
    thread = Thread()
    session.add(thread)
    session.flush()
    lat, lon, radius_m = area_of(issues)
    pilot = Pilot(
        content_id=content.id,
        thread_id=thread.id,
        title=title,
        problem=problem,
        language=language,
        lat=lat,
        lon=lon,
        radius_m=radius_m,
        search_stems=search_document(title, problem, language),
    )
    session.add(pilot)
    session.flush()
    return pilot


def area_of(issues: Sequence[Issue]) -> tuple[float | None, float | None, int | None]:
    """The middle of the issues in degrees, and the metres from there to the furthest; empty when none is on the map."""
    points = [(issue.lat, issue.lon) for issue in issues if issue.lat is not None and issue.lon is not None]
    if not points:
        return None, None, None
    lat, lon = fmean(point[0] for point in points), fmean(point[1] for point in points)
    furthest = max(distance_m(lat, lon, *point) for point in points)
    return round(lat, 6), round(lon, 6), max(SMALLEST_RADIUS_M, round(furthest))


def link_issue(session: Session, actor_id: int, pilot: Pilot, issue: Issue) -> bool:
    """Linking twice is linking once: False. The issue's status follows where it may."""
    at = now()
    if not insert_once(session, PilotIssue, pilot_id=pilot.id, issue_id=issue.id, linked_by=actor_id, linked_at=at):
        return False
    _mark_as_changed(session, pilot)
    said = _said_of(pilot, actor_id)
    if Status.IN_PILOT in TRANSITIONS[issue.status]:
        change_status(session, issue, Status.IN_PILOT, **said)
    else:
        tell(session, "issue", issue.id, "pilot.linked", by_city=True, **said)
    return True


def unlink_issue(session: Session, actor_id: int, pilot: Pilot, issue: Issue) -> bool:
    """False when it was not linked; raises Conflict for the last issue of a pilot.

    An issue that is in no other pilot goes back to the team's list of what it has seen.
    """
    _mark_as_changed(session, pilot)  # the row is locked, so that two people cannot take the last two away at once
    link = delete(PilotIssue).where(col(PilotIssue.pilot_id) == pilot.id, col(PilotIssue.issue_id) == issue.id)
    if not count_changed(session, link):
        return False
    if not has_issues(session, pilot.id):
        raise Conflict(_("This is the only issue of the pilot, and a pilot cannot exist without one."))
    said = _said_of(pilot, actor_id)
    tell(session, "issue", issue.id, "pilot.unlinked", by_city=True, **said)
    if issue.status is Status.IN_PILOT and not is_in_a_pilot(session, issue.id):
        change_status(session, issue, Status.ACKNOWLEDGED, actor_id=actor_id)
    return True


def _said_of(pilot: Pilot, actor_id: int) -> dict[str, Any]:
    """How the timeline of an issue names the pilot."""
    return {"actor_id": actor_id, "text": pilot.title, "language": pilot.language, "facts": {"pilot": pilot.id}}


def _mark_as_changed(session: Session, pilot: Pilot) -> None:
    pilot.updated_at = now()
    session.add(pilot)
    session.flush()
