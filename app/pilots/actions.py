"""What the city team does with pilots."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from sqlalchemy import delete, update
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
from app.issues.models import TRANSITIONS, Issue, IssueMerge, Status
from app.pilots.models import Pilot, PilotGoal, PilotIssue, PilotTheme, Stage
from app.pilots.queries import has_issues, is_in_a_pilot
from app.places.grid import distance_m

SMALLEST_RADIUS_M = 250


@dataclass(frozen=True)
class PilotArea:
    """A point in degrees (WGS 84) and metres around it; empty when the pilot is tied to no place."""

    lat: float | None = None
    lon: float | None = None
    radius_m: int | None = None


NOWHERE = PilotArea()


@dataclass(frozen=True)
class PilotText:
    """What the team writes about a pilot; without themes it takes those of its issues, without an area around them."""

    title: str
    problem: str
    theme_ids: Sequence[int] = ()
    goal_ids: Sequence[int] = ()
    area: PilotArea | None = None

    @property
    def language(self) -> str:
        return guess_language(f"{self.title} {self.problem}")


def start_pilot(session: Session, actor_id: int, issues: Sequence[Issue], about: PilotText) -> Pilot:
    """A new pilot at the stage of an idea; raises Conflict without an issue to grow from.

    Every issue that may go there is in a pilot from now on.
    """
    if not issues:
        raise Conflict(_("A pilot cannot exist without residents’ issues under it."))
    pilot = _write_pilot(session, actor_id, about, about.area or area_of(issues))
    theme_ids = about.theme_ids or sorted({issue.theme_id for issue in issues if issue.theme_id})
    put_themes_and_goals(session, pilot.id, theme_ids, about.goal_ids)
    for issue in issues:
        link_issue(session, actor_id, pilot, issue, from_the_start=True)
    tell(session, "pilot", pilot.id, f"stage.{Stage.IDEA}", actor_id=actor_id, by_city=True)
    write_down(session, "pilot.started", "pilot", pilot.id, actor_id=actor_id, role="team")
    return pilot


def _write_pilot(session: Session, actor_id: int, about: PilotText, area: PilotArea) -> Pilot:
    content = publish(session, Kind.PILOT, actor_id, about.language)
    thread = Thread()
    session.add(thread)
    session.flush()
    pilot = Pilot(
        content_id=content.id,
        thread_id=thread.id,
        title=about.title,
        problem=about.problem,
        language=about.language,
        lat=area.lat,
        lon=area.lon,
        radius_m=area.radius_m,
        search_stems=search_document(about.title, about.problem, about.language),
    )
    session.add(pilot)
    session.flush()
    return pilot


def put_themes_and_goals(session: Session, pilot_id: int, theme_ids: Sequence[int], goal_ids: Sequence[int]) -> None:
    """These and no others."""
    session.execute(delete(PilotTheme).where(col(PilotTheme.pilot_id) == pilot_id))
    session.execute(delete(PilotGoal).where(col(PilotGoal.pilot_id) == pilot_id))
    session.add_all(PilotTheme(pilot_id=pilot_id, theme_id=theme_id) for theme_id in theme_ids)
    session.add_all(PilotGoal(pilot_id=pilot_id, goal_id=goal_id) for goal_id in goal_ids)
    session.flush()


def area_of(issues: Sequence[Issue]) -> PilotArea:
    """The middle of the issues, and from there to the furthest; empty when none is on the map."""
    points = [(issue.lat, issue.lon) for issue in issues if issue.lat is not None and issue.lon is not None]
    if not points:
        return NOWHERE
    lat, lon = fmean(point[0] for point in points), fmean(point[1] for point in points)
    furthest = max(distance_m(lat, lon, *point) for point in points)
    return PilotArea(round(lat, 6), round(lon, 6), max(SMALLEST_RADIUS_M, round(furthest)))


def link_issue(session: Session, actor_id: int, pilot: Pilot, issue: Issue, *, from_the_start: bool = False) -> bool:
    """Linking twice is linking once: False. The issue's status follows where it may.

    Raises Conflict for a merged issue: the one that stays is linked instead.
    """
    if issue.status is Status.MERGED:
        raise Conflict(_("Issue %(number)s was merged. Link the issue that stays.", number=issue.id))
    at = now()
    if not insert_once(session, PilotIssue, pilot_id=pilot.id, issue_id=issue.id, linked_by=actor_id, linked_at=at):
        return False
    _mark_as_changed(session, pilot)
    said = _said_of(pilot, actor_id)
    if Status.IN_PILOT in TRANSITIONS[issue.status]:
        change_status(session, issue, Status.IN_PILOT, **said)
    else:
        tell(session, "issue", issue.id, "pilot.linked", by_city=True, **said)
    if not from_the_start:
        facts = {"issue": issue.id}
        tell(session, "pilot", pilot.id, "issue.linked", actor_id=actor_id, by_city=True, facts=facts)
        write_down(session, "pilot.issue-linked", "pilot", pilot.id, actor_id=actor_id, role="team", facts=facts)
    return True


def unlink_issue(session: Session, actor_id: int, pilot: Pilot, issue: Issue, text: str = "") -> bool:
    """False when it was not linked; raises Conflict for the last issue of a pilot.

    An issue that is in no other pilot goes back to the team's list of what it has seen. `text` says why, in public.
    """
    _mark_as_changed(session, pilot)  # the row is locked, so that two people cannot take the last two away at once
    link = delete(PilotIssue).where(col(PilotIssue.pilot_id) == pilot.id, col(PilotIssue.issue_id) == issue.id)
    if not count_changed(session, link):
        return False
    if not has_issues(session, pilot.id):
        raise Conflict(_("This is the only issue of the pilot, and a pilot cannot exist without one."))
    tell(session, "issue", issue.id, "pilot.unlinked", by_city=True, **_said_of(pilot, actor_id))
    if not is_in_a_pilot(session, issue.id):
        _back_to_acknowledged(session, issue, actor_id, text)
    facts, language = {"issue": issue.id}, guess_language(text) if text else ""
    tell(
        session, "pilot", pilot.id, "issue.unlinked", actor_id=actor_id, by_city=True, text=text, language=language,
        facts=facts,
    )  # fmt: skip
    write_down(session, "pilot.issue-unlinked", "pilot", pilot.id, actor_id=actor_id, role="team", facts=facts)
    return True


def _back_to_acknowledged(session: Session, issue: Issue, actor_id: int, text: str) -> None:
    """A merged issue has no status of its own now; what it gets back when the merge is undone must be right too."""
    if issue.status is Status.IN_PILOT:
        language = guess_language(text) if text else ""
        change_status(session, issue, Status.ACKNOWLEDGED, actor_id=actor_id, text=text, language=language)
    elif issue.status is Status.MERGED:
        standing = update(IssueMerge).where(
            col(IssueMerge.issue_id) == issue.id,
            col(IssueMerge.undone_at).is_(None),
            col(IssueMerge.earlier_status) == Status.IN_PILOT,
        )
        session.execute(standing.values(earlier_status=Status.ACKNOWLEDGED))


def _said_of(pilot: Pilot, actor_id: int) -> dict[str, Any]:
    """How the timeline of an issue names the pilot."""
    return {"actor_id": actor_id, "text": pilot.title, "language": pilot.language, "facts": {"pilot": pilot.id}}


def _mark_as_changed(session: Session, pilot: Pilot) -> None:
    pilot.updated_at = now()
    session.add(pilot)
    session.flush()
