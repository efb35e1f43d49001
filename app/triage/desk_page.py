"""The page of one issue at the team's desk, put together; every change there answers with it."""

from typing import Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.models import Person
from app.core.errors import Conflict
from app.core.i18n import Text
from app.core.rooms import rooms_of
from app.core.web import go, locale_of, render, wants_fragment
from app.filing.entering import has_phone
from app.issues.merged import standing_merge
from app.issues.models import Issue
from app.issues.slugs import issue_path
from app.matching.links import links_of
from app.matching.opinions import opinions_about
from app.pilots.timeline import public_timeline
from app.places.city_map import drawn_place
from app.themes.queries import current_themes
from app.triage import queries
from app.triage.actions import offered_statuses
from app.triage.queue import Queue, next_in_queue, previous_in_queue

PAGE = "triage/show.html"
DECIDING = "triage/_deciding.html"


def desk_path(issue_id: int, queue: Queue) -> str:
    return f"/team/issues/{issue_id}{queue.query}"


def room_of(issue_id: int) -> str:
    return f"issue:{issue_id}"


def show_desk(
    request: Request,
    session: Session,
    member: Person,
    issue_id: int,
    queue: Queue,
    *,
    status: int = 200,
    typed: dict[str, str] | None = None,
    errors: dict[str, Text] | None = None,
    too_late: Conflict | None = None,
    touched: str = "",
) -> Response:
    """The whole page; htmx gets the side where things are decided. `touched` names what was just decided about."""
    issue = queries.issue_as_it_is_now(session, issue_id)
    return render(
        request,
        PAGE,
        DECIDING,
        status=status,
        queue=queue,
        typed=typed or {},
        errors=errors or {},
        too_late=too_late.message if too_late else None,
        last_to_act=queries.last_to_act(session, issue_id, member.id) if too_late else None,
        touched=touched,
        issue=issue,
        drawing=drawn_place(request, session, issue.lat, issue.lon),
        path=issue_path(issue.id, issue.title),
        next_id=next_in_queue(session, queue, issue_id),
        previous_id=previous_in_queue(session, queue, issue_id),
        has_phone=has_phone(session, issue_id),
        **_on_the_desk(request, session, member, issue),
    )


def _on_the_desk(request: Request, session: Session, member: Person, issue: Issue) -> dict[str, Any]:
    links = links_of(session, issue.id)
    here = rooms_of(request).who_is_in([room_of(issue.id)]).get(room_of(issue.id), [])
    names = queries.names_of(session, queries.deciders(links) | set(here))
    return {
        "themes": queries.theme_suggestions(issue, links, names, locale_of(request)),
        "pilots": queries.pilot_suggestions(links, names),
        "cards": queries.card_suggestions(links, names),
        "similar": queries.similar_suggestions(links, names),
        "other_themes": current_themes(session),
        "other_pilots": queries.pilots_to_choose(session),
        "opinions": opinions_about(session, issue.id),
        "statuses": offered_statuses(issue),
        "timeline": public_timeline(session, "issue", issue.id),
        "notes": queries.notes_on(session, issue.id),
        "merge": standing_merge(session, issue.id),
        "others": others_among(here, names, member),
    }


def others_among(here: list[int], names: dict[int, str], member: Person) -> list[str]:
    """Names of the colleagues who are there, too."""
    return [names[person_id] for person_id in here if person_id != member.id and person_id in names]


def show_after(
    request: Request, session: Session, member: Person, issue_id: int, queue: Queue, touched: str = ""
) -> Response:
    """After a change: htmx gets the side where things are decided, as it is now; others go to the page."""
    if not wants_fragment(request.headers):
        return go(request, desk_path(issue_id, queue), "saved")
    session.flush()
    return show_desk(request, session, member, issue_id, queue, touched=touched)
