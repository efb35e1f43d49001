"""A neighbourhood in which things happen all the time, a slow mail server, and workers who die: whoever hears what."""

import asyncio
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from itertools import count
from random import Random

from aiosmtpd.controller import Controller
from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.activity.actions import tell
from app.activity.models import Fact, OutgoingMail
from app.core.clock import now
from app.core.db import Database
from app.discussions.forms import CommentForm
from app.following.models import Alert, Pace
from app.issues.actions import comment_on
from app.issues.following import follow
from app.notifications.actions import choose_paces
from app.notifications.models import Notice, NoticeKind
from tests.crew import Crew, name_of
from tests.factories import make_issue, make_person
from tests.live import free_port

SETTLES_WITHIN = 120.0
Heard = tuple[str, str]
"""An address, and a word that stands for one fact."""


class SlowPostOffice:
    """Takes its time before it says yes, and between deciding so and saying it; now and then it says not now.

    `taken` is what it said yes to: who brought it, and the mail.
    """

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.taken: list[tuple[str, EmailMessage]] = []
        self.is_about_to_say_yes = threading.Event()

    async def handle_DATA(self, _server: object, session: object, envelope: object) -> str:
        await asyncio.sleep(self.rng.uniform(0, 0.01))
        if self.rng.random() < 0.04:
            return "451 try again later"
        mail = BytesParser(EmailMessage, policy=default).parsebytes(envelope.content)  # type: ignore[attr-defined]
        self.taken.append((session.host_name, mail))  # type: ignore[attr-defined]
        self.is_about_to_say_yes.set()
        await asyncio.sleep(self.rng.uniform(0.01, 0.03))
        return "250 OK"

    def wait_for_a_bringer(self, crew: Crew) -> int | None:
        """Somebody who has handed a mail over, and has not heard yet that it was taken."""
        self.is_about_to_say_yes.clear()
        self.is_about_to_say_yes.wait(3.0)
        bringer = self.taken[-1][0] if self.taken else ""
        return next((pid for pid in crew.alive if name_of(pid) == bringer), None)

    def heard(self) -> dict[Heard, set[str]]:
        """By whom and of what; in mails with which numbers."""
        numbers = defaultdict(set)
        for _worker, mail in self.taken:
            text = str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
            for word in re.findall(r"\bFeit-\w+", text):
                numbers[mail["To"], word].add(mail["Message-ID"])
        return dict(numbers)

    def repeated(self) -> list[tuple[str, bool]]:
        """For each mail that came again: who had brought it before, and whether that was the last they brought."""
        last = {worker: number for number, (worker, _mail) in enumerate(self.taken)}
        before: dict[str, int] = {}
        found = []
        for number, (_worker, mail) in enumerate(self.taken):
            if (earlier := before.get(mail["Message-ID"])) is not None:
                who = self.taken[earlier][0]
                found.append((who, last[who] == earlier))
            before[mail["Message-ID"]] = number
        return found

    def repeated_without_reason(self, crew: Crew) -> list[str]:
        """Who brought a mail that came again, without having been killed with it."""
        return [worker for worker, was_last in self.repeated() if not was_last or worker not in crew.killed]


@contextmanager
def slow_post_office(seed: int) -> Iterator[tuple[SlowPostOffice, str]]:
    office = SlowPostOffice(seed)
    server = Controller(office, hostname="127.0.0.1", port=free_port())
    server.start()
    yield office, f"smtp://127.0.0.1:{server.port}"
    server.stop()


class Neighbourhood:
    """Things happen in it; `to_be_heard` is who has to hear of what."""

    def __init__(self, session: Session, database: Database, author: Person, resident: Person, team: Person) -> None:
        self.database, self.author, self.resident, self.team = database, author, resident, team
        self.numbers = count(1)
        self.to_be_heard: set[Heard] = set()
        self.discussed, self.answered = (make_issue(session, author, f"Plein {side}") for side in ("A", "B"))
        choose_paces(session, author.id, {NoticeKind.REPLY: Pace.AT_ONCE})
        self.followers = [make_person(session, f"volger{number}") for number in range(2)]
        for person in self.followers:
            follow(session, person.id, self.answered.id)
        self._ask_for_digests(session)
        session.commit()

    def _ask_for_digests(self, session: Session) -> None:
        """Of an issue of long ago, at some time in the next seconds."""
        filed = make_issue(session, self.author, "Feit-digest", theme="mobility")
        filed.created_at = now() - timedelta(hours=1)
        session.add(filed)
        for number, person in enumerate([*self.followers, self.resident]):
            soon = now() + timedelta(seconds=0.5 * number)
            session.add(Alert(person_id=person.id, theme_id=filed.theme_id, pace=Pace.WEEKLY, due_at=soon))
            self.to_be_heard.add((person.email or "", "Feit-digest"))

    def somebody_comments(self) -> None:
        word = f"Feit-{next(self.numbers)}"
        with self.database.session() as session:
            comment_on(session, self.resident, self.discussed, CommentForm(body=f"{word} speelt hier ook."))
        self.to_be_heard.add((self.author.email or "", word))

    def the_city_answers(self) -> None:
        word = f"Feit-{next(self.numbers)}"
        with self.database.session() as session:
            tell(
                session, "issue", self.answered.id, "answer", actor_id=self.team.id, by_city=True,
                text=f"{word} is gedaan.", language="nl",
            )  # fmt: skip
        self.to_be_heard |= {(person.email or "", word) for person in [self.author, *self.followers]}

    def waiting(self) -> tuple[int, int, int]:
        """How many facts, notices and mails are still to be told, gathered and sent."""
        with self.database.session() as session:
            left = [
                session.exec(select(func.count()).select_from(table).where(waits)).one()
                for table, waits in (
                    (Fact, col(Fact.source_id).is_not(None)),
                    (Notice, col(Notice.mail_at) < now()),
                    (OutgoingMail, col(OutgoingMail.due_at).is_not(None)),
                )
            ]
        return left[0], left[1], left[2]

    def settle(self, within: float = SETTLES_WITHIN) -> None:
        deadline = time.monotonic() + within
        while any(self.waiting()) and time.monotonic() < deadline:
            time.sleep(0.1)


@contextmanager
def going_on(pause: float, *acts: Callable[[], None]) -> Iterator[list[Exception]]:
    """Each of these again and again, at the same time as the others; collects what went wrong."""
    stop, failures = threading.Event(), list[Exception]()

    def live(act: Callable[[], None]) -> None:
        while not stop.wait(pause):
            try:
                act()
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=live, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    try:
        yield failures
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def kill_one(crew: Crew, office: SlowPostOffice, rng: Random, number: int) -> None:
    """Anybody at any moment, and every third time whoever waits for the yes of the mail server."""
    victim = rng.choice(crew.alive)
    if number % 3 == 2:
        victim = office.wait_for_a_bringer(crew) or victim
    else:
        time.sleep(rng.uniform(0, 0.5))
    crew.kill(victim)
    crew.hire()
