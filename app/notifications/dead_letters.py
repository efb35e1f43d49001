"""Mail that could not be delivered, for administrators: what and when, but the address only when they ask."""

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.activity.actions import write_down
from app.activity.models import GIVEN_UP, OutgoingMail
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.paging import PAGE_SIZE, Page, decode_after, encode_after
from app.core.writes import count_changed


def undelivered(session: Session, after: str = "") -> Page[OutgoingMail]:
    """Given up, or tried in vain at least once, newest first."""
    failed = col(OutgoingMail.outcome).in_(GIVEN_UP) | (
        col(OutgoingMail.due_at).is_not(None) & (col(OutgoingMail.error) != "")
    )
    statement = select(OutgoingMail).where(failed)
    if after:
        statement = statement.where(col(OutgoingMail.id) < decode_after(after, (int,))[0])
    rows = session.exec(statement.order_by(col(OutgoingMail.id).desc()).limit(PAGE_SIZE + 1)).all()
    shown = rows[:PAGE_SIZE]
    return Page(shown, encode_after(shown[-1].id) if len(rows) > PAGE_SIZE else None)


def try_again(session: Session, admin: Person, mail: OutgoingMail) -> None:
    """Raises Conflict when it is on its way already, or has gone."""
    given_up = update(OutgoingMail).where(col(OutgoingMail.id) == mail.id, col(OutgoingMail.outcome).in_(GIVEN_UP))
    if not count_changed(session, given_up.values(outcome=None, ended_at=None, due_at=now())):
        raise Conflict(_("This mail is being tried already."))
    write_down(session, "mail.tried-again", "mail", mail.id, actor_id=admin.id, role="admin")


def look_up_address(session: Session, admin: Person, mail: OutgoingMail) -> str:
    """Whoever sees the address of a resident is written down."""
    facts = {"person": mail.person_id} if mail.person_id else {}
    write_down(session, "mail.address-seen", "mail", mail.id, actor_id=admin.id, role="admin", facts=facts)
    if mail.person_id is None:
        return mail.address or ""
    return session.exec(select(Person.email).where(Person.id == mail.person_id)).first() or ""


def mail_with_number(session: Session, mail_id: int) -> OutgoingMail | None:
    return session.get(OutgoingMail, mail_id)
