"""Sends the mail that waits in the outbox: each one once, again and again until it arrives, for some days."""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from aiosmtplib import SMTPRecipientsRefused
from sqlalchemy import func, update
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.activity.models import GIVEN_UP, MailOutcome, OutgoingMail
from app.content.models import Content, Visibility
from app.core import mail
from app.core.clock import now
from app.core.db import Database
from app.core.logging import log
from app.core.writes import count_changed
from app.notifications import letters
from app.notifications.coalition_letters import write_coalition_letter
from app.settings import Settings

FIRST_PAUSE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=6)
SENDING_TAKES = 60.0
"""Seconds; less than the first pause, so that nobody tries a mail that is still being handed over."""
GIVES_UP_AFTER = timedelta(days=4)
AT_ONCE = 50
SECONDS_AT_ONCE = 30.0
WRITTEN_WHEN_SENT: dict[str, Callable[[Session, Settings, OutgoingMail], dict[str, Any] | None]] = {
    "notices": letters.write_notices,
    "digest": letters.write_digest,
    "coalition_letter": write_coalition_letter,
}
"""Mail whose words are looked up when it leaves, from the numbers in its context."""


def send_what_is_due(database: Database, settings: Settings) -> int:
    """Returns how many were delivered; stops after half a minute, so that other chores get their turn."""
    until = time.monotonic() + SECONDS_AT_ONCE
    delivered = 0
    for letter in due_mail(database):
        if time.monotonic() > until:
            break
        if claim(database, letter):
            outcome = send_one(database, settings, letter)
            delivered += outcome is MailOutcome.SENT
    return delivered


def due_mail(database: Database) -> Sequence[OutgoingMail]:
    with database.session() as session:
        return session.exec(
            select(OutgoingMail)
            .where(col(OutgoingMail.due_at) <= now())
            .order_by(col(OutgoingMail.due_at), col(OutgoingMail.id))
            .limit(AT_ONCE)
        ).all()


def claim(database: Database, letter: OutgoingMail) -> bool:
    """True for one worker. The next try is set before this one begins, in case nobody lives to tell how it went."""
    mine = update(OutgoingMail).where(col(OutgoingMail.id) == letter.id, col(OutgoingMail.due_at) == letter.due_at)
    with database.session() as session:
        changed = count_changed(session, mine.values(tries=letter.tries + 1, due_at=next_try(letter.tries + 1)))
    return changed == 1


def next_try(tries: int) -> datetime:
    pause: timedelta = FIRST_PAUSE * 2 ** min(tries - 1, 12)
    return now() + min(pause, LONGEST_PAUSE)


def send_one(database: Database, settings: Settings, letter: OutgoingMail) -> MailOutcome | None:
    """How it ended; None when it will be tried again."""
    try:
        with database.session() as session:
            address = address_of(session, letter)
            context = what_it_says(session, settings, letter)
        if address is None:
            return end(database, letter, MailOutcome.NO_ADDRESS)
        if context is None:
            return end(database, letter, MailOutcome.WITHDRAWN)
        composed = mail.compose(settings, letter.template, address, letter.locale, **context, message_key=letter.key)
        deliver(settings, composed)
    except SMTPRecipientsRefused as refused:
        if all(recipient.code >= 500 for recipient in refused.recipients):
            note_error(database, letter, refused)
            return end(database, letter, MailOutcome.REFUSED)
        return try_later(database, letter, refused)
    except Exception as error:
        return try_later(database, letter, error)
    return end(database, letter, MailOutcome.SENT)


def deliver(settings: Settings, letter: EmailMessage) -> None:
    """In a thread of its own, since asyncio takes one loop per thread and the caller may have one already."""
    with ThreadPoolExecutor(1) as thread:
        sending = asyncio.wait_for(mail.deliver(settings.mail_url, letter), SENDING_TAKES)
        thread.submit(asyncio.run, sending).result()


def what_it_says(session: Session, settings: Settings, letter: OutgoingMail) -> dict[str, Any] | None:
    """Read at the last moment: None when what it would tell was hidden, or is not wanted any more."""
    if write := WRITTEN_WHEN_SENT.get(letter.template):
        return write(session, settings, letter)
    quoted = session.get(Content, letter.quotes) if letter.quotes else None
    if letter.quotes and (quoted is None or quoted.visibility is not Visibility.VISIBLE):
        return None
    return letter.context


def address_of(session: Session, letter: OutgoingMail) -> str | None:
    if letter.person_id is None:
        return letter.address
    return session.exec(select(Person.email).where(Person.id == letter.person_id)).first()


def try_later(database: Database, letter: OutgoingMail, error: Exception) -> MailOutcome | None:
    log.warning("mail not delivered", mail=letter.id, attempt=letter.tries + 1, error=type(error).__name__)
    note_error(database, letter, error)
    if letter.created_at + GIVES_UP_AFTER < now():
        return end(database, letter, MailOutcome.TOO_LATE)
    return None


def end(database: Database, letter: OutgoingMail, outcome: MailOutcome) -> MailOutcome:
    if outcome in GIVEN_UP:
        log.error("mail given up", mail=letter.id, template=letter.template, outcome=outcome)
    kept: dict[str, Any] = {} if outcome in GIVEN_UP else {"address": None, "context": {}}
    ended = update(OutgoingMail).where(col(OutgoingMail.id) == letter.id)
    with database.session() as session:
        session.execute(ended.values(due_at=None, ended_at=now(), outcome=outcome, **kept))
    return outcome


def note_error(database: Database, letter: OutgoingMail, error: Exception) -> None:
    """Kind and code, never what the server says: that may repeat the address."""
    code = getattr(error, "code", None) or next((one.code for one in getattr(error, "recipients", ())), "")
    with database.session() as session:
        noted = update(OutgoingMail).where(col(OutgoingMail.id) == letter.id)
        session.execute(noted.values(error=f"{type(error).__name__} {code}".strip()[:80]))


def count_undelivered(session: Session) -> int:
    """Mails that were given up in the last week."""
    given_up = col(OutgoingMail.outcome).in_(GIVEN_UP)
    lately = col(OutgoingMail.ended_at) > now() - timedelta(days=7)
    return session.exec(select(func.count()).select_from(OutgoingMail).where(given_up, lately)).one()
