"""From notices to mail: what is due for a person goes into one mail, claimed and written in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.activity.actions import post
from app.core.clock import now
from app.core.db import Database
from app.core.writes import count_changed
from app.following.models import Alert
from app.following.pace import next_mail
from app.issues.models import Issue
from app.notifications.models import Notice
from app.notifications.new_issues import is_there_any

AT_ONCE = 200
SETTLED_AFTER = timedelta(minutes=1)
"""An issue that was begun earlier may be committed later than its neighbour; a digest waits for it."""


def gather_mail(database: Database) -> int:
    """Returns how many mails were written."""
    written = 0
    for person_id in _people_with_due_notices(database):
        with database.session() as session:
            written += mail_notices(session, person_id)
    for person_id in _people_with_due_alerts(database):
        with database.session() as session:
            written += mail_digest(session, person_id)
    return written


def _people_with_due_notices(database: Database) -> Sequence[int]:
    with database.session() as session:
        return session.exec(
            select(Notice.person_id).where(col(Notice.mail_at) <= now()).distinct().limit(AT_ONCE)
        ).all()


def mail_notices(session: Session, person_id: int) -> bool:
    """True for one of any number of workers."""
    due = update(Notice).where(col(Notice.person_id) == person_id, col(Notice.mail_at) <= now())
    ids = session.execute(due.values(mail_at=None).returning(col(Notice.id))).scalars().all()
    person = session.get(Person, person_id)
    if not ids or person is None or person.email is None:
        return False
    post(session, "notices", person.id, person.locale, {"notices": sorted(ids)})
    return True


def _people_with_due_alerts(database: Database) -> Sequence[int]:
    with database.session() as session:
        return session.exec(select(Alert.person_id).where(col(Alert.due_at) <= now()).distinct().limit(AT_ONCE)).all()


def mail_digest(session: Session, person_id: int) -> bool:
    """All alerts of a person that are due, in one mail; none when nothing new was filed."""
    newest = newest_settled(session)
    told = [
        [alert.id, alert.told_up_to, max(newest, alert.told_up_to)]
        for alert in session.exec(
            select(Alert).where(Alert.person_id == person_id, col(Alert.due_at) <= now()).order_by(col(Alert.id))
        )
        if _claim(session, alert, newest) and is_there_any(session, alert, alert.told_up_to, newest)
    ]
    person = session.get(Person, person_id)
    if not told or person is None or person.email is None:
        return False
    post(session, "digest", person.id, person.locale, {"alerts": told})
    return True


def _claim(session: Session, alert: Alert, newest: int) -> bool:
    mine = update(Alert).where(col(Alert.id) == alert.id, col(Alert.due_at) == alert.due_at)
    up_to = max(newest, alert.told_up_to)
    return count_changed(session, mine.values(told_up_to=up_to, due_at=next_mail(alert.pace))) == 1


def newest_settled(session: Session) -> int:
    before: datetime = now() - SETTLED_AFTER
    return session.exec(select(func.max(Issue.id)).where(Issue.created_at < before)).one() or 0
