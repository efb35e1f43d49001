"""One tap: I have this too."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import Viewer, require_active
from app.accounts.keys import new_id
from app.core.db import SessionDep
from app.core.limits import limiter_of, network_of
from app.core.web import done, go
from app.filing.access import hand_over_owner_key, network_key_of, owner_key_or_new
from app.filing.drafts import keep_draft
from app.filing.models import DraftKind
from app.issues import actions
from app.issues.access import BareIssue
from app.issues.limits import VOTES_PER_NETWORK, VOTES_PER_PERSON
from app.issues.slugs import issue_path

router = APIRouter()


@router.post("/issues/{issue_id}/vote")
def cast_vote(request: Request, session: SessionDep, viewer: Viewer, issue: BareIssue) -> Response:
    if viewer is None:
        return keep_vote(request, session, issue)
    limiter_of(request).count(VOTES_PER_PERSON, str(viewer.id))
    tally = actions.cast_vote(session, require_active(viewer).id, issue)
    return done(request, issue_path(issue.id, issue.title), "issues/_votes.html", "voted", issue=issue, tally=tally)


@router.post("/issues/{issue_id}/vote/withdrawal")
def withdraw_vote(request: Request, session: SessionDep, viewer: Viewer, issue: BareIssue) -> Response:
    if viewer is None:
        return go(request, "/sign-in?next=" + issue_path(issue.id, issue.title))
    limiter_of(request).count(VOTES_PER_PERSON, str(viewer.id))
    tally = actions.withdraw_vote(session, viewer.id, issue)
    return done(request, issue_path(issue.id, issue.title), "issues/_votes.html", issue=issue, tally=tally)


def keep_vote(request: Request, session: SessionDep, issue: BareIssue) -> Response:
    """A signed-out vote waits for its person and is cast when they have signed in."""
    limiter_of(request).count(VOTES_PER_NETWORK, network_of(request))
    keep_draft(
        session,
        new_id(),
        DraftKind.VOTE,
        owner_key_or_new(request),
        network_key_of(request),
        {"issue": issue.id},
        waits=True,
    )
    response = go(request, "/sign-in?next=" + issue_path(issue.id, issue.title), "vote-kept")
    hand_over_owner_key(request, response)
    return response
