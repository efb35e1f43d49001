"""What the team writes to those who make a pilot together, looked up when it leaves: only who still takes part."""

from typing import Any

from sqlmodel import Session

from app.accounts.models import Person
from app.activity.models import OutgoingMail
from app.coalition.models import CoalitionLetter, CoCreator
from app.coalition.queries import partner_of
from app.core.language import guess_language
from app.notifications.links import unsubscribe_path
from app.pilots.models import Pilot
from app.pilots.queries import visible_pilot
from app.settings import Settings

COALITION = "coalition-"
"""With the number of the pilot: what a link to leave it stands for."""


def write_coalition_letter(session: Session, settings: Settings, mail: OutgoingMail) -> dict[str, Any] | None:
    letter = session.get(CoalitionLetter, mail.context["letter"])
    pilot = visible_pilot(session, letter.pilot_id) if letter else None
    if letter is None or pilot is None or not _takes_part(session, pilot, mail):
        return None
    leave_at = unsubscribe_path(settings, mail.person_id, f"{COALITION}{pilot.id}") if mail.person_id else ""
    written_in = guess_language(letter.text)
    said = {"subject": letter.subject, "text": letter.text, "written_in": written_in, "title": pilot.title}
    return {**said, "path": f"/pilots/{pilot.id}/coalition", "contact": settings.contact, "unsubscribe_at": leave_at}


def _takes_part(session: Session, pilot: Pilot, mail: OutgoingMail) -> bool:
    if mail.person_id is None:
        partner = partner_of(session, pilot.id, mail.context["partner"])
        return partner is not None and partner.email == mail.address
    person = session.get(Person, mail.person_id)
    has_joined = session.get(CoCreator, (pilot.id, mail.person_id)) is not None
    return person is not None and has_joined and not person.is_suspended
