"""Recording facts, in the transaction of whoever made them."""

from typing import Any

from sqlmodel import Session

from app.activity.models import AuditEntry, Fact, OutgoingMail, RecordedIn, TimelineEntry
from app.core.clock import now
from app.core.writes import insert_once


def tell(
    session: Session,
    subject_kind: str,
    subject_id: int,
    kind: str,
    *,
    actor_id: int | None = None,
    by_city: bool = False,
    text: str = "",
    language: str = "",
    facts: dict[str, Any] | None = None,
) -> TimelineEntry:
    """A public entry on the timeline of an issue or a pilot. What the city did, and every new status, is told on."""
    entry = TimelineEntry(
        subject_kind=subject_kind,
        subject_id=subject_id,
        kind=kind,
        actor_id=actor_id,
        by_city=by_city,
        text=text,
        language=language,
        facts=facts or {},
    )
    session.add(entry)
    if by_city or kind.startswith("status."):
        session.flush()
        let_hear(session, RecordedIn.TIMELINE, entry.id)
    return entry


def let_hear(
    session: Session,
    source: RecordedIn,
    source_id: int,
    person_id: int | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Whoever it concerns hears of it soon after this transaction is committed (`app.notifications`).

    With `person_id` it concerns that person only, and `facts` say what they are told.
    """
    insert_once(
        session, Fact, source=source, source_id=source_id, person_id=person_id, facts=facts or {},
        told_up_to=0, tries=0, at=now(), due_at=now(),
    )  # fmt: skip


def write_down(
    session: Session,
    kind: str,
    subject_kind: str,
    subject_id: int | str,
    *,
    actor_id: int | None,
    role: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    """An entry in the audit: who did what to what, from which role. `facts` hold no personal data."""
    session.add(
        AuditEntry(
            kind=kind,
            subject_kind=subject_kind,
            subject_id=str(subject_id),
            actor_id=actor_id,
            actor_role=role,
            facts=facts or {},
        )
    )


def post(
    session: Session,
    template: str,
    to: int | str,
    locale: str,
    context: dict[str, Any] | None = None,
    quotes: int | None = None,
) -> None:
    """Mail from `templates/mail/<template>.*`, which leaves soon after this transaction is committed.

    `to` is the number of a person, or an address. `context` is what JSON can hold. With `quotes`, the number of the
    content whose words it cites, it is not sent once that is hidden.
    """
    person_id, address = (to, None) if isinstance(to, int) else (None, to)
    session.add(
        OutgoingMail(
            template=template, person_id=person_id, address=address, locale=locale, context=context or {}, quotes=quotes
        )
    )
