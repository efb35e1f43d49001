"""What was hidden for a time comes back when the time is over."""

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.content.models import Kind, Visibility
from app.core.clock import now
from app.core.db import Database
from app.core.writes import count_changed
from app.moderation.models import Case, Decision, Verdict
from app.moderation.subjects import subject_of
from app.moderation.visibility import give_name_back, set_visibility

AT_ONCE = 100


def end_what_was_temporary(database: Database) -> int:
    """Returns how many came back."""
    with database.session() as session:
        over = select(Decision.id).where(col(Decision.hidden_until) <= now(), col(Decision.ended_at).is_(None))
        numbers = session.exec(over.order_by(col(Decision.id)).limit(AT_ONCE)).all()
    return sum(_end(database, number) for number in numbers)


def _end(database: Database, decision_id: int) -> bool:
    with database.session() as session:
        ending = update(Decision).where(col(Decision.id) == decision_id, col(Decision.ended_at).is_(None))
        if not count_changed(session, ending.values(ended_at=now())):
            return False
        return _restore(session, session.get_one(Decision, decision_id))


def _restore(session: Session, decision: Decision) -> bool:
    """Only what this very decision hid: a later one has its own say."""
    newest = update(Case).where(col(Case.content_id) == decision.content_id, col(Case.last_decision_id) == decision.id)
    still_newest = count_changed(session, newest.values(last_decision_id=decision.id))
    subject = subject_of(session, decision.content_id)
    if not still_newest or decision.verdict is not Verdict.HIDE or subject is None:
        return False
    if subject.kind is Kind.DISPLAY_NAME:
        give_name_back(session, decision)
    return set_visibility(session, subject.content, Visibility.VISIBLE)
