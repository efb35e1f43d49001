"""What happened to an issue or a pilot, as everybody may read it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.activity.models import TimelineEntry
from app.activity.queries import timeline_of
from app.issues.models import Issue
from app.pilots.models import Pilot


CLAIMS = ("stage.", "gate.")
"""Where the city says how it goes: at a gate, or in a word of the team."""


def last_claim(session: Session, pilot_id: int) -> TimelineEntry | None:
    """What the city said last about how a pilot goes."""
    kind = col(TimelineEntry.kind)
    said = select(TimelineEntry).where(
        TimelineEntry.subject_kind == "pilot",
        TimelineEntry.subject_id == pilot_id,
        or_(kind == "update", *(kind.startswith(claim) for claim in CLAIMS)),
        TimelineEntry.text != "",
        col(TimelineEntry.by_city),
    )
    return session.exec(said.order_by(col(TimelineEntry.id).desc()).limit(1)).first()


def public_timeline(session: Session, subject_kind: str, subject_id: int) -> Sequence[TimelineEntry]:
    return as_public(session, timeline_of(session, subject_kind, subject_id))


def as_public(session: Session, timeline: Sequence[TimelineEntry]) -> Sequence[TimelineEntry]:
    """Without what names a pilot or leads to an issue that is hidden now; a status stays, without its words."""
    pilots = _hidden(session, Pilot, {entry.facts.get("pilot") for entry in timeline})
    issues = _hidden(session, Issue, {entry.facts.get("issue") for entry in timeline})
    told = []
    for entry in timeline:
        if entry.facts.get("pilot") not in pilots and entry.facts.get("issue") not in issues:
            told.append(entry)
        elif entry.kind.startswith("status."):
            told.append(TimelineEntry(**entry.model_dump(exclude={"text", "facts"})))
    return told


def _hidden(session: Session, table: Any, numbers: set[Any]) -> set[int]:
    """Usually nothing points anywhere, and nothing is asked."""
    numbers.discard(None)
    if not numbers:
        return set()
    return set(session.exec(select(table.id).where(col(table.id).in_(numbers), ~col(table.visible))).all())
