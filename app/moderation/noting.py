"""What moderators write to each other, and looking at who reported something."""

from dataclasses import dataclass

from sqlmodel import Session

from app.accounts.models import Person
from app.activity.actions import write_down
from app.moderation.models import Flag, Note


def write_note(session: Session, moderator: Person, content_id: int, body: str) -> None:
    session.add(Note(content_id=content_id, person_id=moderator.id, body=body))
    write_down(session, "moderation.note", "content", content_id, actor_id=moderator.id, role="moderator")


@dataclass(frozen=True)
class Contact:
    """Who reported it; a visitor may have left an address, or nothing."""

    flag: Flag
    name: str
    address: str


def look_at_contact(session: Session, moderator: Person, flag_id: int) -> Contact | None:
    """Every look is in the audit."""
    flag = session.get(Flag, flag_id)
    if flag is None:
        return None
    person = session.get(Person, flag.person_id) if flag.person_id else None
    write_down(session, "moderation.contact-seen", "flag", flag.id, actor_id=moderator.id, role="moderator")
    if person is None:
        return Contact(flag, "", flag.address or "")
    return Contact(flag, person.display_name, person.email or "")
