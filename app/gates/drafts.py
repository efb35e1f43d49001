"""Half-finished answers: saved by whoever is at it, and never over what somebody else saved meanwhile."""

from sqlalchemy import delete, update
from sqlmodel import Session, col

from app.activity.actions import write_down
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.writes import count_changed, insert_once
from app.gates.answers import PREPARED
from app.gates.models import Answers, GateDraft
from app.pilots.models import Pilot, Stage

SAVED_MEANWHILE = _(
    "A colleague saved answers in the meantime. Theirs are below yours where they differ; save again if yours "
    "should stand."
)


def save_answers(session: Session, actor_id: int, pilot: Pilot, gate: Stage, answers: Answers, seen: int) -> None:
    """Raises Conflict when somebody saved other answers since this person looked."""
    known = session.get(GateDraft, (pilot.id, gate), populate_existing=True)
    if known is not None and known.answers == answers:
        return
    keep_answers(session, actor_id, pilot.id, gate, answers, seen)
    facts = {"gate": gate.value}
    write_down(session, "gate.answers-saved", "pilot", pilot.id, actor_id=actor_id, role="team", facts=facts)


def keep_answers(session: Session, actor_id: int, pilot_id: int, gate: Stage, answers: Answers, seen: int) -> None:
    """The same for whoever decides, which is written down by itself."""
    words = {"answers": answers, "saved_by": actor_id, "saved_at": now()}
    if not seen:
        saved = insert_once(session, GateDraft, pilot_id=pilot_id, gate=gate, version=1, **words)
    else:
        mine = update(GateDraft).where(col(GateDraft.pilot_id) == pilot_id, col(GateDraft.gate) == gate)
        unchanged = mine.where(col(GateDraft.version) == seen)
        saved = bool(count_changed(session, unchanged.values(version=seen + 1, **words)))
    if not saved:
        raise Conflict(SAVED_MEANWHILE)


def forget_answers(session: Session, pilot_id: int) -> None:
    """All that was being prepared for any gate of this pilot."""
    session.execute(delete(GateDraft).where(col(GateDraft.pilot_id) == pilot_id))


def without_decision(answers: Answers) -> Answers:
    """What stays saved after a hold: the answers, not the words of the decision."""
    return {key: answer for key, answer in answers.items() if key not in PREPARED}
