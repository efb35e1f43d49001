from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.activity.models import TimelineEntry


def timeline_of(session: Session, subject_kind: str, subject_id: int) -> Sequence[TimelineEntry]:
    """What happened, oldest first."""
    return session.exec(
        select(TimelineEntry)
        .where(TimelineEntry.subject_kind == subject_kind, TimelineEntry.subject_id == subject_id)
        .order_by(col(TimelineEntry.at), col(TimelineEntry.id))
    ).all()
