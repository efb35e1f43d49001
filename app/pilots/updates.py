"""The team's word on how a pilot goes: told to everybody behind its issues. It stays; a new word corrects it."""

from datetime import date, datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.activity.actions import tell, write_down
from app.activity.models import TimelineEntry
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.language import guess_language
from app.core.writes import count_changed
from app.pilots.forms import UpdateForm
from app.pilots.models import Pilot

OVERTAKEN = _("Something happened to this pilot in the meantime. Look at it, then send yours if it still fits.")


def tell_update(session: Session, actor_id: int, pilot: Pilot, form: UpdateForm) -> None:
    """Sent twice, it is said once; raises Conflict when something happened to the pilot meanwhile."""
    if not _go_on(session, pilot, form.seen, form.next_step, form.next_on):
        if _was_just_said(session, actor_id, pilot.id, form.text):
            return
        raise Conflict(OVERTAKEN)
    language = guess_language(form.text)
    tell(session, "pilot", pilot.id, "update", actor_id=actor_id, by_city=True, text=form.text, language=language)
    write_down(session, "pilot.update", "pilot", pilot.id, actor_id=actor_id, role="team")


def _go_on(session: Session, pilot: Pilot, seen: datetime, next_step: str, next_on: date | None) -> bool:
    unchanged = update(Pilot).where(col(Pilot.id) == pilot.id, col(Pilot.updated_at) == seen)
    return bool(count_changed(session, unchanged.values(updated_at=now(), next_step=next_step, next_on=next_on)))


def _was_just_said(session: Session, actor_id: int, pilot_id: int, text: str) -> bool:
    last = session.exec(
        select(TimelineEntry)
        .where(TimelineEntry.subject_kind == "pilot", TimelineEntry.subject_id == pilot_id)
        .order_by(col(TimelineEntry.id).desc())
        .limit(1)
    ).first()
    return last is not None and (last.actor_id, last.kind, last.text) == (actor_id, "update", text)
