"""Pilots: what problem, which issues, how far."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlalchemy import Row
from starlette.responses import Response

from app.accounts.access import Caller
from app.api import schemas
from app.api.approaches import describe_approach, describe_choice
from app.api.lists import PageQuery, base_url_of, links_of
from app.api.themes import describe_goal
from app.approaches.queries import approaches_of, choice_of
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import RowId, locale_of
from app.issues.models import Issue
from app.pilots.models import Pilot, Stage
from app.pilots.queries import issues_behind, pilot_with_counts, read_pilots

router = APIRouter(tags=["Pilots"])


class PilotQuery(PageQuery):
    stage: Stage | None = Field(default=None, description="Only pilots in this stage.")


@router.get("/pilots")
def list_pilots(
    request: Request,
    response: Response,
    session: SessionDep,
    caller: Caller,
    query: Annotated[PilotQuery, Query()],
) -> schemas.PilotList:
    """Pilots, newest first."""
    page = read_pilots(session, query.stage or "", query.after, query.page_size)
    base = base_url_of(request)
    items = [schemas.Pilot(**facts_of(row, base)) for row in page.items]
    return schemas.PilotList(items=items, links=links_of(request, response, page.next))


@router.get("/pilots/{pilot_id}")
def get_pilot(request: Request, session: SessionDep, caller: Caller, pilot_id: RowId) -> schemas.PilotInFull:
    """One pilot, with the approaches that compete for it, the goals it serves and the issues it grew from."""
    row = pilot_with_counts(session, pilot_id)
    if row is None:
        raise NotFound
    locale, base = locale_of(request), base_url_of(request)
    choice = choice_of(session, pilot_id)
    return schemas.PilotInFull(
        **facts_of(row, base),
        frozen_at=row[0].frozen_at,
        approaches=[describe_approach(approach, base) for approach in approaches_of(session, pilot_id)],
        choice=describe_choice(choice) if choice else None,
        goals=[describe_goal(goal, locale) for goal in row[0].goals],
        linked_issues=[describe_linked(issue, base) for issue in issues_behind(session, pilot_id)],
    )


def facts_of(row: Row[Any], base: str) -> dict[str, Any]:
    pilot: Pilot = row[0]
    return {
        "id": pilot.id,
        "title": pilot.title,
        "problem": pilot.problem,
        "language": pilot.language,
        "stage": pilot.stage,
        "themes": [theme.slug for theme in pilot.themes],
        "lat": pilot.lat,
        "lon": pilot.lon,
        "radius": pilot.radius_m,
        "issues": row.issues,
        "votes": row.votes,
        "created_at": pilot.created_at,
        "updated_at": pilot.updated_at,
        "url": f"{base}/pilots/{pilot.id}",
    }


def describe_linked(issue: Issue, base: str) -> schemas.LinkedIssue:
    return schemas.LinkedIssue(issue=issue.id, title=issue.title, url=f"{base}/issues/{issue.id}")
