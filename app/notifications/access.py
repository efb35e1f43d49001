"""Everybody sees only their own notices and alerts; administrators the mail that did not arrive."""

from typing import Annotated

from fastapi import Depends

from app.accounts.access import Admin, Resident
from app.activity.models import OutgoingMail
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import RowId
from app.following.models import Alert
from app.notifications.dead_letters import mail_with_number
from app.notifications.queries import Told, own_notice


def load_own_notice(session: SessionDep, resident: Resident, notice_id: RowId) -> Told:
    told = own_notice(session, resident.id, notice_id)
    if told is None:
        raise NotFound
    return told


def load_own_alert(session: SessionDep, resident: Resident, alert_id: RowId) -> Alert:
    alert = session.get(Alert, alert_id)
    if alert is None or alert.person_id != resident.id:
        raise NotFound
    return alert


OwnAlert = Annotated[Alert, Depends(load_own_alert)]


def load_mail(session: SessionDep, admin: Admin, mail_id: RowId) -> OutgoingMail:
    mail = mail_with_number(session, mail_id)
    if mail is None:
        raise NotFound
    return mail


SomeMail = Annotated[OutgoingMail, Depends(load_mail)]
OwnNotice = Annotated[Told, Depends(load_own_notice)]
