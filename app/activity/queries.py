from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from app.activity.models import TimelineEntry

# Asked by every page of an issue: putting a statement together takes longer than running it.
TIMELINE: Any = (
    select(TimelineEntry)
    .where(TimelineEntry.subject_kind == bindparam("kind"), TimelineEntry.subject_id == bindparam("number"))
    .order_by(col(TimelineEntry.at), col(TimelineEntry.id))
)


def timeline_of(session: Session, subject_kind: str, subject_id: int) -> Sequence[TimelineEntry]:
    """What happened, oldest first."""
    return session.scalars(TIMELINE, {"kind": subject_kind, "number": subject_id}).all()
