"""What happened to an issue or a pilot, as everybody may read it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.activity.models import TimelineEntry
from app.activity.queries import timeline_of
from app.content.models import Content, Visibility
from app.core.paging import Page, decode_after, encode_after
from app.issues.models import Issue
from app.pilots.models import Pilot, Stage

CLAIMS = ("stage.", "gate.")
"""Where the city says how it goes: at a gate, or in a word of the team."""
SHOWN = 8
PER_PAGE = 30


def public_timeline(session: Session, subject_kind: str, subject_id: int) -> Sequence[TimelineEntry]:
    return as_public(session, timeline_of(session, subject_kind, subject_id))


def newest_entries(session: Session, pilot_id: int, after: str = "", size: int = PER_PAGE) -> Page[TimelineEntry]:
    """What happened to a pilot, newest first."""
    entries = _of_pilot(pilot_id)
    if after:
        entries = entries.where(col(TimelineEntry.id) < decode_after(after, (int,))[0])
    found = session.exec(entries.order_by(col(TimelineEntry.id).desc()).limit(size + 1)).all()
    shown = as_public(session, found[:size])
    return Page(shown, encode_after(found[size - 1].id) if len(found) > size else None)


def moves_of(session: Session, pilot_id: int) -> Sequence[tuple[Stage, datetime]]:
    """The stages it came to, oldest first: a handful in its whole life."""
    moved = _of_pilot(pilot_id).where(col(TimelineEntry.kind).startswith("stage.")).order_by(col(TimelineEntry.id))
    return [(Stage(entry.kind.removeprefix("stage.")), entry.at) for entry in session.exec(moved)]


def last_claim(session: Session, pilot_id: int) -> TimelineEntry | None:
    """What the city said last about how a pilot goes."""
    kind = col(TimelineEntry.kind)
    claims = or_(kind == "update", *(kind.startswith(claim) for claim in CLAIMS))
    said: Any = _of_pilot(pilot_id).where(claims, TimelineEntry.text != "", col(TimelineEntry.by_city))
    found: TimelineEntry | None = session.exec(said.order_by(col(TimelineEntry.id).desc()).limit(1)).first()
    return found


def _of_pilot(pilot_id: int) -> Any:
    return select(TimelineEntry).where(TimelineEntry.subject_kind == "pilot", TimelineEntry.subject_id == pilot_id)


def as_public(session: Session, timeline: Sequence[TimelineEntry]) -> Sequence[TimelineEntry]:
    """Without what names a pilot or leads to an issue or a lesson that is hidden. A status stays, without its words,
    and a stage, without its lesson.
    """
    timeline = _without_hidden_lessons(session, timeline)
    pilots = _hidden(session, Pilot, {entry.facts.get("pilot") for entry in timeline})
    issues = _hidden(session, Issue, {entry.facts.get("issue") for entry in timeline})
    told = []
    for entry in timeline:
        if entry.facts.get("pilot") not in pilots and entry.facts.get("issue") not in issues:
            told.append(entry)
        elif entry.kind.startswith("status."):
            told.append(TimelineEntry(**entry.model_dump(exclude={"text", "facts"})))
    return told


def _without_hidden_lessons(session: Session, timeline: Sequence[TimelineEntry]) -> Sequence[TimelineEntry]:
    """What tells of nothing else is left out."""
    hidden = _hidden_content(session, {entry.facts.get("content") for entry in timeline})
    if not hidden:
        return timeline
    return [
        entry if entry.facts.get("content") not in hidden else TimelineEntry(**entry.model_dump(exclude={"facts"}))
        for entry in timeline
        if entry.facts.get("content") not in hidden or not entry.kind.startswith("lesson.")
    ]


def _hidden_content(session: Session, numbers: set[Any]) -> set[int]:
    numbers.discard(None)
    if not numbers:
        return set()
    hidden = select(Content.id).where(col(Content.id).in_(numbers), Content.visibility != Visibility.VISIBLE)
    return set(session.exec(hidden).all())


def _hidden(session: Session, table: Any, numbers: set[Any]) -> set[int]:
    """Usually nothing points anywhere, and nothing is asked."""
    numbers.discard(None)
    if not numbers:
        return set()
    return set(session.exec(select(table.id).where(col(table.id).in_(numbers), ~col(table.visible))).all())
