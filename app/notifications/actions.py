"""What people do with what they are told: read it, and say how often they want mail."""

from collections.abc import Mapping

from sqlalchemy import update
from sqlmodel import Session, col

from app.accounts.models import Person
from app.core.clock import now
from app.core.writes import count_changed, insert_once
from app.following.models import Pace
from app.following.pace import next_mail
from app.notifications.models import MailChoice, Notice, NoticeKind
from app.notifications.queries import count_unread, unread_and_hidden

MAILED = (NoticeKind.CITY, NoticeKind.REPLY, NoticeKind.PILOT, NoticeKind.MERGE, NoticeKind.SOLVED)
"""The kinds that people choose a pace for."""


def mark_read(session: Session, person: Person, notice: Notice) -> None:
    unread = update(Notice).where(col(Notice.id) == notice.id, col(Notice.read_at).is_(None))
    if count_changed(session, unread.values(read_at=now())):
        _count_again(session, person)


def mark_all_read(session: Session, person: Person) -> None:
    unread = update(Notice).where(col(Notice.person_id) == person.id, col(Notice.read_at).is_(None))
    session.execute(unread.values(read_at=now()))
    _count_again(session, person)


def _count_again(session: Session, person: Person) -> None:
    """Not by subtracting: what was hidden meanwhile was counted, and is not to be seen."""
    count = count_unread(session, person.id)
    session.execute(update(Person).where(col(Person.id) == person.id).values(unread_notices=count))


def read_what_is_hidden(session: Session) -> int:
    """What nobody can read any more does not count as unread. Returns how many notices that were."""
    hidden = unread_and_hidden(session)
    session.execute(update(Notice).where(col(Notice.id).in_([each.id for each in hidden])).values(read_at=now()))
    for person_id in sorted({each.person_id for each in hidden}):
        count = count_unread(session, person_id)
        session.execute(update(Person).where(col(Person.id) == person_id).values(unread_notices=count))
    return len(hidden)


def choose_paces(session: Session, person_id: int, paces: Mapping[NoticeKind, Pace]) -> None:
    """Counts for what waits already, too."""
    for kind, pace in paces.items():
        if not insert_once(session, MailChoice, person_id=person_id, kind=kind, pace=pace):
            chosen = update(MailChoice).where(col(MailChoice.person_id) == person_id, col(MailChoice.kind) == kind)
            session.execute(chosen.values(pace=pace))
        waiting = update(Notice).where(
            col(Notice.person_id) == person_id, col(Notice.kind) == kind, col(Notice.mail_at).is_not(None)
        )
        session.execute(waiting.values(mail_at=next_mail(pace)))


def stop_mail(session: Session, person_id: int, kinds: tuple[NoticeKind, ...] = MAILED) -> None:
    choose_paces(session, person_id, dict.fromkeys(kinds, Pace.NEVER))
