"""What somebody wanted to follow before signing in."""

from typing import Any

from sqlmodel import Session

from app.accounts.models import Person
from app.following.actions import follow_pilot, watch_neighbourhood, watch_theme
from app.following.models import Pace
from app.issues.following import follow
from app.issues.queries import bare_issue
from app.issues.slugs import issue_path
from app.pilots.queries import visible_pilot
from app.places.queries import neighbourhood_with_code
from app.themes.queries import theme_with_slug


def begin_following(session: Session, person: Person, wanted: dict[str, Any]) -> str | None:
    """The page of it; None when it is not there any more. `wanted` names it, and how often a digest is to come."""
    kind, which = next(named for named in wanted.items() if named[0] != "pace")
    pace = Pace(wanted.get("pace", Pace.WEEKLY))
    match kind:
        case "issue":
            return _follow_issue(session, person, int(which))
        case "pilot":
            return _follow_pilot(session, person, int(which))
        case "theme":
            return _watch_theme(session, person, str(which), pace)
        case _:
            return _watch_neighbourhood(session, person, str(which), pace)


def _follow_issue(session: Session, person: Person, issue_id: int) -> str | None:
    issue = bare_issue(session, issue_id)
    if issue is None:
        return None
    follow(session, person.id, issue.id)
    return issue_path(issue.id, issue.title)


def _follow_pilot(session: Session, person: Person, pilot_id: int) -> str | None:
    pilot = visible_pilot(session, pilot_id)
    if pilot is None:
        return None
    follow_pilot(session, person.id, pilot.id)
    return f"/pilots/{pilot.id}"


def _watch_theme(session: Session, person: Person, slug: str, pace: Pace) -> str | None:
    theme = theme_with_slug(session, slug)
    if theme is None:
        return None
    watch_theme(session, person.id, theme.id, pace)
    return f"/themes/{theme.slug}"


def _watch_neighbourhood(session: Session, person: Person, code: str, pace: Pace) -> str | None:
    area = neighbourhood_with_code(session, code)
    if area is None:
        return None
    watch_neighbourhood(session, person.id, area.id, pace)
    return f"/neighbourhoods/{area.code}"
