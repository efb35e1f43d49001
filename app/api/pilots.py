"""Pilots: what problem, which issues, how far."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlalchemy import Row
from starlette.responses import Response

from app.accounts.access import Caller
from app.api import schemas
from app.api.approaches import describe_approach, describe_choice
from app.api.issues import NO_NUL
from app.api.lists import PageQuery, base_url_of, links_of
from app.api.themes import describe_goal
from app.approaches.queries import approaches_of, choice_of
from app.coalition.models import Partner
from app.coalition.queries import count_co_creators, partners_of
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import RowId, locale_of
from app.issues.models import Issue
from app.measures.models import Indicator, Measurement
from app.measures.queries import indicators_of
from app.pilots.models import Pilot, Stage
from app.pilots.queries import Which, issues_behind, pilot_with_counts, read_pilots

router = APIRouter(tags=["Pilots"])


class PilotQuery(PageQuery):
    stage: Stage | None = Field(default=None, description="Only pilots in this stage.")
    theme: str = Field("", max_length=60, pattern=r"^[a-z0-9-]*$", description="The slug of a theme.")
    neighbourhood: str = Field(
        "", max_length=20, pattern=NO_NUL, description="The code of a neighbourhood where one of its issues is."
    )


@router.get("/pilots")
def list_pilots(
    request: Request,
    response: Response,
    session: SessionDep,
    caller: Caller,
    query: Annotated[PilotQuery, Query()],
) -> schemas.PilotList:
    """Pilots by stage, theme or neighbourhood, newest first."""
    which = Which(query.stage or "", query.theme, query.neighbourhood)
    page = read_pilots(session, which, query.after, query.page_size)
    base = base_url_of(request)
    items = [schemas.Pilot(**facts_of(row, base)) for row in page.items]
    return schemas.PilotList(items=items, links=links_of(request, response, page.next))


@router.get("/pilots/{pilot_id}")
def get_pilot(request: Request, session: SessionDep, caller: Caller, pilot_id: RowId) -> schemas.PilotInFull:
    """One pilot: the approaches that compete for it, its goals, who makes it, what is measured, and its issues."""
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
        partners=[describe_partner(partner) for partner in partners_of(session, pilot_id)],
        co_creators=count_co_creators(session, pilot_id),
        indicators=[describe_indicator(indicator, base) for indicator in indicators_of(session, pilot_id)],
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


def describe_partner(partner: Partner) -> schemas.Partner:
    """Without the address of their contact, which is for the team."""
    return schemas.Partner(
        name=partner.name,
        kind=partner.kind,
        role=partner.role,
        website=partner.website or None,
        since=partner.added_at,
    )


def describe_indicator(indicator: Indicator, base: str) -> schemas.Indicator:
    return schemas.Indicator(
        id=indicator.id,
        name=indicator.name,
        unit=indicator.unit,
        source=indicator.source,
        better=indicator.better,
        target=indicator.target,
        baseline=describe_measurement(indicator.baseline),
        latest=describe_measurement(indicator.latest),
        measurements=len(indicator.measurements),
        url=f"{base}/pilots/{indicator.pilot_id}/measures/{indicator.id}",
    )


def describe_measurement(measured: Measurement | None) -> schemas.Measurement | None:
    return schemas.Measurement(date=measured.taken_on, value=measured.value) if measured else None
