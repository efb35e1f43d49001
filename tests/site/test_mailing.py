"""Mail is written with the fact it tells, leaves once, and is tried again until it arrives or it is too late."""

import time
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from functools import partial
from pathlib import Path

import pytest
import time_machine
from aiosmtpd.controller import Controller
from sqlmodel import Session, select

from app.activity.actions import post
from app.activity.models import MailOutcome, OutgoingMail
from app.core.clock import now
from app.core.db import Database
from app.mailing import claim, count_undelivered, due_mail, send_what_is_due
from app.privacy.jobs import forget_what_is_over
from app.settings import Settings
from tests.conftest import Cast
from tests.crowd import at_once
from tests.factories import hide, make_issue
from tests.live import LiveServer, free_port

RECEIPT = {"reference": "K7R2-M4PX", "path": "/flags/1"}


class PostOffice:
    """A real mail server, which can be moody."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"
        self.answer_to_address = "250 OK"

    async def handle_RCPT(self, _server: object, _session: object, envelope, address: str, _options: object) -> str:  # type: ignore[no-untyped-def]
        if self.answer_to_address.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_to_address

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
        if self.answer.startswith("250"):
            self.mails.append(BytesParser(EmailMessage, policy=default).parsebytes(envelope.content))  # type: ignore[attr-defined]
        return self.answer


@pytest.fixture
def office() -> Iterator[tuple[PostOffice, int]]:
    office = PostOffice()
    server = Controller(office, hostname="127.0.0.1", port=free_port())
    server.start()
    yield office, server.port
    server.stop()


@pytest.fixture
def by_smtp(settings: Settings, office: tuple[PostOffice, int]) -> Settings:
    return settings.model_copy(update={"mail_url": f"smtp://127.0.0.1:{office[1]}"})


def the_mail(session: Session) -> OutgoingMail:
    session.expire_all()
    return session.exec(select(OutgoingMail)).one()


def test_mail_goes_to_the_person_at_the_address_they_have_now(
    session: Session, database: Database, cast: Cast, by_smtp: Settings, office: tuple[PostOffice, int]
) -> None:
    post(session, "flag_received", cast.resident.id, "nl", RECEIPT)
    cast.resident.email = "verhuisd@example.nl"
    session.add(cast.resident)
    session.commit()
    assert send_what_is_due(database, by_smtp) == 1
    (mail,) = office[0].mails
    assert mail["To"] == "verhuisd@example.nl"
    assert "K7R2-M4PX" in mail["Subject"]
    assert "http://127.0.0.1:8000/flags/1" in str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert mail["Content-Language"] == "nl"
    assert the_mail(session).outcome is MailOutcome.SENT
    assert send_what_is_due(database, by_smtp) == 0


def test_what_is_rolled_back_is_never_mailed(
    session: Session, database: Database, cast: Cast, settings: Settings
) -> None:
    post(session, "flag_received", cast.resident.id, "nl", RECEIPT)
    session.flush()
    session.rollback()
    assert send_what_is_due(database, settings) == 0


def test_two_workers_at_once_send_a_mail_once(
    session: Session, database: Database, by_smtp: Settings, office: tuple[PostOffice, int]
) -> None:
    for number in range(6):
        post(session, "flag_received", f"iemand{number}@example.nl", "en", RECEIPT)
    session.commit()
    at_once([partial(send_what_is_due, database, by_smtp)] * 6)
    assert sorted(mail["To"] for mail in office[0].mails) == [f"iemand{number}@example.nl" for number in range(6)]


def test_a_claim_is_won_by_one(session: Session, database: Database) -> None:
    post(session, "flag_received", "iemand@example.nl", "en", RECEIPT)
    session.commit()
    (letter,) = due_mail(database)
    assert sorted(at_once([partial(claim, database, letter)] * 8)) == [False] * 7 + [True]


def test_it_is_tried_again_after_a_while_with_the_same_number(
    session: Session, database: Database, by_smtp: Settings, office: tuple[PostOffice, int]
) -> None:
    post(session, "flag_received", "iemand@example.nl", "en", RECEIPT)
    session.commit()
    office[0].answer = "451 try again later"
    assert send_what_is_due(database, by_smtp) == 0
    assert due_mail(database) == [], "it waits"
    first = the_mail(session)
    assert (first.tries, first.outcome) == (1, None)
    with time_machine.travel(now() + timedelta(minutes=3)):
        send_what_is_due(database, by_smtp)
        assert due_mail(database) == []
    office[0].answer = "250 OK"
    with time_machine.travel(now() + timedelta(minutes=30)):
        assert send_what_is_due(database, by_smtp) == 1
    (mail,) = office[0].mails
    assert mail["Message-ID"] == f"<{first.key}@127.0.0.1>"


def test_the_pauses_grow_and_after_days_it_is_given_up_for_everybody_to_see(
    session: Session, database: Database, by_smtp: Settings, office: tuple[PostOffice, int]
) -> None:
    post(session, "flag_received", "iemand@example.nl", "en", RECEIPT)
    session.commit()
    office[0].answer = "451 try again later"
    moments, start = 0, now()
    for hour in range(5 * 24):
        with time_machine.travel(start + timedelta(hours=hour)):
            moments += len(due_mail(database))
            send_what_is_due(database, by_smtp)
    ended = the_mail(session)
    assert ended.outcome is MailOutcome.TOO_LATE
    assert 10 < moments < 40
    assert (ended.address, ended.context) == ("iemand@example.nl", RECEIPT), "kept, so that it can be tried again"
    assert ended.error == "SMTPDataError 451"
    with time_machine.travel(start + timedelta(days=5)):
        assert count_undelivered(session) == 1


def test_an_address_that_does_not_exist_is_given_up_at_once(
    session: Session, database: Database, by_smtp: Settings, office: tuple[PostOffice, int]
) -> None:
    post(session, "flag_received", "tikfout@example.nl", "en", RECEIPT)
    session.commit()
    office[0].answer_to_address = "550 no such user"
    send_what_is_due(database, by_smtp)
    assert the_mail(session).outcome is MailOutcome.REFUSED


def test_a_server_that_is_away_or_a_template_that_fails_does_not_hold_up_the_others(
    session: Session, database: Database, settings: Settings
) -> None:
    post(session, "flag_received", "een@example.nl", "en", {"reference": "no path"})
    post(session, "flag_received", "twee@example.nl", "en", RECEIPT)
    session.commit()
    assert send_what_is_due(database, settings) == 1
    away = settings.model_copy(update={"mail_url": f"smtp://127.0.0.1:{free_port()}"})
    post(session, "flag_received", "drie@example.nl", "en", RECEIPT)
    session.commit()
    assert send_what_is_due(database, away) == 0
    assert {mail.tries for mail in session.exec(select(OutgoingMail))} == {1}


def test_who_has_no_address_gets_none(session: Session, database: Database, cast: Cast, settings: Settings) -> None:
    cast.resident.email = None
    session.add(cast.resident)
    post(session, "flag_received", cast.resident.id, "nl", RECEIPT)
    session.commit()
    assert send_what_is_due(database, settings) == 0
    assert the_mail(session).outcome is MailOutcome.NO_ADDRESS


def test_what_quotes_something_that_was_hidden_meanwhile_stays_here(
    session: Session, database: Database, cast: Cast, settings: Settings
) -> None:
    issue = make_issue(session, cast.author)
    post(session, "flag_received", cast.resident.id, "nl", RECEIPT, quotes=issue.content_id)
    session.commit()
    hide(session, issue)
    assert send_what_is_due(database, settings) == 0
    ended = the_mail(session)
    assert (ended.outcome, ended.context) == (MailOutcome.WITHDRAWN, {})


def test_what_has_ended_is_forgotten_after_a_month(session: Session, database: Database, settings: Settings) -> None:
    post(session, "flag_received", "iemand@example.nl", "en", RECEIPT)
    session.commit()
    send_what_is_due(database, settings)
    with time_machine.travel(now() + timedelta(days=31)):
        forget_what_is_over(database, settings)
        assert session.exec(select(OutgoingMail)).first() is None


def test_the_worker_sends_it(session: Session, live: LiveServer, settings: Settings) -> None:
    """The site in a process of its own, with its background work."""
    post(session, "flag_received", "iemand@example.nl", "en", RECEIPT)
    session.commit()
    folder = Path(settings.mail_url.removeprefix("file://"))
    for _wait in range(150):
        if list(folder.glob("*.eml")):
            break
        time.sleep(0.1)
    assert len(list(folder.glob("*.eml"))) == 1
