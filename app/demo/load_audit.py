"""What the team did, as the audit keeps it: the same as residents read on timelines, under its own names."""

from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select

from app.activity.models import AuditEntry, TimelineEntry

NAMES = {
    "stage.idea": "pilot.started",
    "stage.stopped": "gate.stop",
    "gate.hold": "gate.hold",
    "partner.joined": "partner.added",
    "partner.left": "partner.let-go",
    "measured": "measurement.recorded",
    "update": "pilot.update",
    "changed": "pilot.changed",
}
FAMILIES = {"status": "triage.status", "stage": "gate.pass"}


def load_audit(session: Session) -> None:
    session.flush()
    told = select(TimelineEntry).where(col(TimelineEntry.by_city)).order_by(col(TimelineEntry.at))
    rows: list[dict[str, Any]] = [
        {
            "actor_id": entry.actor_id, "actor_role": "team" if entry.actor_id else "", "kind": name_of(entry.kind),
            "subject_kind": entry.subject_kind, "subject_id": str(entry.subject_id), "facts": {}, "at": entry.at,
        }
        for entry in session.exec(told)
    ]  # fmt: skip
    session.execute(insert(AuditEntry), rows)


def name_of(kind: str) -> str:
    return NAMES.get(kind) or FAMILIES.get(kind.partition(".")[0]) or kind
