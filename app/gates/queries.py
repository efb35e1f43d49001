from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.gates.models import GateDecision


def decisions_of(session: Session, pilot_id: int) -> Sequence[GateDecision]:
    """Newest first; a pilot has a handful in its whole life, and every one of them is part of its history."""
    return session.exec(
        select(GateDecision).where(GateDecision.pilot_id == pilot_id).order_by(col(GateDecision.number).desc())
    ).all()
