from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.gates.models import GateDecision, GateDraft
from app.issues.models import Issue, Status
from app.pilots.models import ROAD, Pilot, PilotIssue, Stage

MOST_DECISIONS = 100
GOES_ON = ROAD[:-1]


def decisions_of(session: Session, pilot_id: int, at_most: int = MOST_DECISIONS) -> Sequence[GateDecision]:
    """Newest first."""
    return session.exec(
        select(GateDecision)
        .where(GateDecision.pilot_id == pilot_id)
        .order_by(col(GateDecision.number).desc())
        .limit(at_most)
    ).all()


def last_decision(session: Session, pilot_id: int) -> GateDecision | None:
    return next(iter(decisions_of(session, pilot_id, 1)), None)


def saved_answers(session: Session, pilot_id: int, gate: Stage) -> GateDraft | None:
    """As they are now, also when they were read before."""
    return session.get(GateDraft, (pilot_id, gate), populate_existing=True)


def issues_that_need_a_word(session: Session, pilot: Pilot, at_most: int = 50) -> Sequence[Issue]:
    """After its end: what is still said to be in a pilot, though no pilot goes on with it; most supported first."""
    if pilot.stage in GOES_ON:
        return []
    link: Any = aliased(PilotIssue)
    goes_on = (
        select(link.issue_id)
        .join(Pilot, col(Pilot.id) == link.pilot_id)
        .where(link.issue_id == Issue.id, col(Pilot.stage).in_(GOES_ON))
    )
    return session.exec(
        select(Issue)
        .join(PilotIssue, col(PilotIssue.issue_id) == Issue.id)
        .where(PilotIssue.pilot_id == pilot.id, Issue.status == Status.IN_PILOT, col(Issue.visible))
        .where(~goes_on.exists())
        .order_by(col(Issue.vote_count).desc(), col(Issue.id))
        .limit(at_most)
    ).all()
