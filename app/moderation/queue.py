"""The queue of moderators: what was flagged and waits, or what was decided."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, func, select

from app.core.paging import PAGE_SIZE, Page, decode_after, encode_after
from app.moderation.models import Appeal, Case, Decision, Flag, Ground
from app.moderation.subjects import Subject, subjects_of


@dataclass(frozen=True)
class Queue:
    """What a moderator asks for; everything may be left open. `done`: what was decided, newest first."""

    kind: str = ""
    ground: str = ""
    state: str = "open"

    @property
    def is_done(self) -> bool:
        return self.state == "done"


@dataclass(frozen=True)
class InQueue:
    """One line of the queue."""

    case: Case
    subject: Subject
    grounds: Sequence[Ground]
    since: datetime | None
    decision: Decision | None


def read_queue(session: Session, queue: Queue, after: str = "", size: int = PAGE_SIZE) -> Page[InQueue]:
    """Grouped per item: the one that waits longest first."""
    order = col(Case.last_decision_id) if queue.is_done else col(Case.first_flag_id)
    statement = select(Case).where(_asked_for(queue))
    if after:
        position, content_id = decode_after(after, (int, int))
        later = order < position if queue.is_done else order > position
        statement = statement.where(or_(later, and_(order == position, col(Case.content_id) > content_id)))
    ordered = statement.order_by(order.desc() if queue.is_done else order, col(Case.content_id))
    rows = session.exec(ordered.limit(size + 1)).all()
    shown = rows[:size]
    last = shown[-1] if shown else None
    position = (last.last_decision_id if queue.is_done else last.first_flag_id or 0) if last else 0
    following = encode_after(position, last.content_id) if last and len(rows) > size else None
    return Page(_lines(session, shown), following)


def _asked_for(queue: Queue) -> ColumnElement[bool]:
    if queue.is_done:
        asked = and_(col(Case.last_decision_id) > 0, col(Case.open_flags) == 0)
    else:
        asked = col(Case.first_flag_id).is_not(None)
    if queue.kind:
        asked = and_(asked, col(Case.kind) == queue.kind)
    if queue.ground:
        on_it = select(Flag.id).where(Flag.content_id == Case.content_id, Flag.ground == queue.ground)
        decided = select(Decision.id).where(Decision.id == Case.last_decision_id, Decision.ground == queue.ground)
        is_open = on_it.where(col(Flag.decision_id).is_(None))
        asked = and_(asked, decided.exists() if queue.is_done else is_open.exists())
    return asked


def _lines(session: Session, cases: Sequence[Case]) -> list[InQueue]:
    subjects = subjects_of(session, [case.content_id for case in cases])
    flags = _open_flags_on(session, [case.content_id for case in cases])
    numbers = [case.last_decision_id for case in cases if case.last_decision_id]
    decisions = {each.id: each for each in session.exec(select(Decision).where(col(Decision.id).in_(numbers)))}
    lines = []
    for case in cases:
        if subject := subjects.get(case.content_id):
            grounds, since = flags.get(case.content_id, ([], None))
            lines.append(InQueue(case, subject, grounds, since, decisions.get(case.last_decision_id)))
    return lines


def _open_flags_on(session: Session, content_ids: Collection[int]) -> dict[int, tuple[list[Ground], datetime | None]]:
    """Per item the grounds that were given, most often first, and since when."""
    rows = session.exec(
        select(Flag.content_id, Flag.ground, func.count(), func.min(Flag.created_at))
        .where(col(Flag.content_id).in_(content_ids), col(Flag.decision_id).is_(None))
        .group_by(col(Flag.content_id), col(Flag.ground))
        .order_by(func.count().desc(), col(Flag.ground))
    )
    found: dict[int, tuple[list[Ground], datetime | None]] = {}
    for content_id, ground, _count, first in rows:
        grounds, since = found.get(content_id, ([], None))
        found[content_id] = ([*grounds, Ground(ground)], min(first, since) if since else first)
    return found


def count_waiting(session: Session) -> tuple[int, int]:
    """How many items wait for a decision, and how many objections for an answer."""
    items = session.exec(select(func.count()).where(col(Case.first_flag_id).is_not(None))).one()
    appeals = session.exec(select(func.count()).where(col(Appeal.answered_at).is_(None))).one()
    return items, appeals
