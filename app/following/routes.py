"""The button to follow: on issues, pilots, themes and neighbourhoods."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Resident, Viewer
from app.accounts.keys import new_id
from app.accounts.models import Person
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.limits import limiter_of, network_of
from app.core.web import done, go
from app.filing.access import hand_over_owner_key, network_key_of, owner_key_or_new
from app.filing.drafts import keep_draft
from app.filing.following import begin_following
from app.filing.models import DraftKind
from app.following import actions
from app.following.forms import DigestForm
from app.following.limits import FOLLOWS_PER_NETWORK, FOLLOWS_PER_PERSON
from app.following.models import Pace
from app.issues.access import BareIssue
from app.issues.following import stop_following
from app.issues.slugs import issue_path
from app.pilots.access import VisiblePilot
from app.places.access import Area
from app.themes.access import SomeTheme

router = APIRouter()

Paced = Annotated[Submission[DigestForm], Depends(form_of(DigestForm))]


@router.post("/issues/{issue_id}/follow")
def follow_issue(request: Request, session: SessionDep, viewer: Viewer, issue: BareIssue) -> Response:
    return begin(request, session, viewer, "issue", issue.id, issue_path(issue.id, issue.title))


@router.post("/issues/{issue_id}/follow/withdrawal")
def unfollow_issue(request: Request, session: SessionDep, resident: Resident, issue: BareIssue) -> Response:
    stop_following(session, resident.id, issue.id)
    return show_button(request, f"/issues/{issue.id}", issue_path(issue.id, issue.title), follows=False)


@router.post("/pilots/{pilot_id}/follow")
def follow_pilot(request: Request, session: SessionDep, viewer: Viewer, pilot: VisiblePilot) -> Response:
    return begin(request, session, viewer, "pilot", pilot.id, f"/pilots/{pilot.id}")


@router.post("/pilots/{pilot_id}/follow/withdrawal")
def unfollow_pilot(request: Request, session: SessionDep, resident: Resident, pilot: VisiblePilot) -> Response:
    actions.stop_following_pilot(session, resident.id, pilot.id)
    return show_button(request, f"/pilots/{pilot.id}", f"/pilots/{pilot.id}", follows=False)


@router.post("/themes/{slug}/follow")
def follow_theme(
    request: Request, session: SessionDep, viewer: Viewer, theme: SomeTheme, submission: Paced
) -> Response:
    return begin(request, session, viewer, "theme", theme.slug, f"/themes/{theme.slug}", pace_in(submission))


@router.post("/themes/{slug}/follow/withdrawal")
def unfollow_theme(request: Request, session: SessionDep, resident: Resident, theme: SomeTheme) -> Response:
    actions.stop_watching(session, resident.id, theme_id=theme.id)
    return show_button(request, f"/themes/{theme.slug}", f"/themes/{theme.slug}", follows=False)


@router.post("/neighbourhoods/{code}/follow")
def follow_neighbourhood(
    request: Request, session: SessionDep, viewer: Viewer, area: Area, submission: Paced
) -> Response:
    page = f"/neighbourhoods/{area.code}"
    return begin(request, session, viewer, "neighbourhood", area.code, page, pace_in(submission))


@router.post("/neighbourhoods/{code}/follow/withdrawal")
def unfollow_neighbourhood(request: Request, session: SessionDep, resident: Resident, area: Area) -> Response:
    actions.stop_watching(session, resident.id, neighbourhood_id=area.id)
    return show_button(request, f"/neighbourhoods/{area.code}", f"/neighbourhoods/{area.code}", follows=False)


def pace_in(submission: Submission[DigestForm]) -> Pace:
    return submission.data.pace if submission.ok else Pace.WEEKLY


def begin(
    request: Request,
    session: Session,
    viewer: Person | None,
    kind: str,
    which: int | str,
    page: str,
    pace: Pace = Pace.WEEKLY,
) -> Response:
    wanted = {kind: which, "pace": pace}
    if viewer is None:
        return keep_until_signed_in(request, session, wanted, page)
    limiter_of(request).count(FOLLOWS_PER_PERSON, str(viewer.id))
    begin_following(session, viewer, wanted)
    return show_button(request, f"/{kind}s/{which}", page, follows=True)


def show_button(request: Request, address: str, page: str, follows: bool) -> Response:
    notice = "following" if follows else "not-following"
    return done(request, page, "following/_follow.html", notice, follow_at=address, follows=follows)


def keep_until_signed_in(request: Request, session: Session, wanted: dict[str, int | str], page: str) -> Response:
    limiter_of(request).count(FOLLOWS_PER_NETWORK, network_of(request))
    key, network = owner_key_or_new(request), network_key_of(request)
    keep_draft(session, new_id(), DraftKind.FOLLOW, key, network, wanted, waits=True)
    response = go(request, "/sign-in?next=" + page, "follow-kept")
    hand_over_owner_key(request, response)
    return response
