"""Voting for an issue: putting the vote there twice is still one vote."""

from fastapi import APIRouter, Request

from app.accounts.access import ApiResident, ApiWriter
from app.api import schemas
from app.core.db import SessionDep
from app.core.limits import limiter_of
from app.issues import actions
from app.issues.access import BareIssue
from app.issues.limits import VOTES_PER_PERSON

router = APIRouter(tags=["Votes"])


@router.put("/issues/{issue_id}/vote")
def cast_vote(request: Request, session: SessionDep, writer: ApiWriter, issue: BareIssue) -> schemas.Vote:
    """I have this too."""
    limiter_of(request).count(VOTES_PER_PERSON, str(writer.id))
    tally = actions.cast_vote(session, writer.id, issue)
    return schemas.Vote(votes=tally.count, mine=tally.mine)


@router.delete("/issues/{issue_id}/vote")
def withdraw_vote(request: Request, session: SessionDep, resident: ApiResident, issue: BareIssue) -> schemas.Vote:
    """Withdraw the vote."""
    limiter_of(request).count(VOTES_PER_PERSON, str(resident.id))
    tally = actions.withdraw_vote(session, resident.id, issue)
    return schemas.Vote(votes=tally.count, mine=tally.mine)
