"""Somebody leaves in one browser while they are busy in another, and while the worker writes to them."""

import random
import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from app.accounts.actions import open_session_for
from app.accounts.models import Person
from app.activity.actions import tell
from app.core.db import Database
from app.core.storage import storage_from_url
from app.discussions.models import Comment
from app.issues.models import Issue, Vote
from app.mailing import send_what_is_due
from app.notifications.gathering import gather_mail
from app.notifications.telling import tell_what_happened
from app.privacy.held import Then, table_named
from app.privacy.jobs import forget_what_is_over, look_after_copies
from app.privacy.register import ABOUT_PEOPLE
from app.settings import Settings
from tests.conftest import Cast
from tests.crowd import Answer, Phone, at_once
from tests.factories import INSIDE, make_comment, make_issue, make_person, make_pilot
from tests.live import LiveServer
from tests.privacy.crawling import in_files, in_tables
from tests.sample_photos import a_photo

WORD = "zwirrelpaal"
ROUNDS = 3
OF_A_VISITOR = ("draft.", "draft_photo.", "outgoing_mail.address", "sign_in_request.", "flag.")
"""What a browser sends when nobody is signed in there any more is nobody's; the last mail says that all is gone."""
Act = Callable[[], Answer]


class Street:
    """What somebody who leaves takes part in, and two phones of theirs."""

    def __init__(self, session: Session, live: LiveServer, cast: Cast, number: int) -> None:
        self.live, self.number = live, number
        self.leaver = make_person(session, f"vertrekker{number}-{WORD}")
        self.mine = make_issue(session, self.leaver, f"Een {WORD} staat scheef")
        self.other = make_issue(session, cast.author, "Scheve paal bij de brug")
        self.remark = make_comment(session, cast.author, self.other, "Dat merk ik ook.")
        self.pilot = make_pilot(session, [self.other])
        self.leaving, self.busy = (self.phone(session, self.leaver) for _each in range(2))
        self.neighbour = self.phone(session, cast.resident)

    def phone(self, session: Session, person: Person) -> Phone:
        session.refresh(person, ["roles"])
        key = open_session_for(session, person, "test")
        session.commit()
        return Phone(self.live.url, {"session": key})

    def leave(self) -> Answer:
        time.sleep(random.Random(self.number).uniform(0, 0.15))
        return self.leaving.post("/me/data/erasure", {"choice": "take-away"})

    def acts(self) -> list[Act]:
        """Everything that they do in the other browser, and what a neighbour does with theirs meanwhile."""
        other, mine = f"/issues/{self.other.id}", f"/issues/{self.mine.id}"
        filing = {"title": f"Nog een {WORD}", "description": f"Weer een {WORD}.", "lat": INSIDE[0], "lon": INSIDE[1]}
        place = {"name": f"Bij de {WORD}", "lat": INSIDE[0], "lon": INSIDE[1], "radius": 500, "pace": "daily"}
        forms: list[tuple[str, dict[str, object]]] = [
            (f"{other}/vote", {}),
            (f"{other}/comments", {"body": f"Hier staat de {WORD} ook."}),
            (f"{other}/comments", {"body": f"Ja, een {WORD}.", "parent": self.remark.id}),
            (f"/comments/{self.remark.id}/support", {}),
            (f"{other}/follow", {}),
            (f"/pilots/{self.pilot.id}/follow", {}),
            ("/themes/mobility/follow", {"pace": "daily"}),
            ("/me/alerts", place),
            ("/me/notifications", {"city": "daily"}),
            ("/welcome", {"display_name": f"Wim {WORD}", "locale": "nl"}),
            ("/me/data/copies", {}),
            (f"{mine}/edit", {**filing, "title": f"Toch een {WORD}"}),
            ("/flags", {"content": self.remark.content_id, "ground": "advertising", "facts": f"Over een {WORD}."}),
        ]
        busy = [lambda path=path, form=form: self.busy.post(path, form) for path, form in forms]
        photo = lambda: self.busy.post("/issues", {**filing, "photo_alt": WORD}, [a_photo(200, 150)])  # noqa: E731
        theirs = [
            lambda: self.neighbour.post(f"{mine}/vote"),
            lambda: self.neighbour.post(f"{mine}/comments", {"body": "Dat merk ik ook."}),
        ]
        return [self.leave, photo, *busy, *theirs]


@pytest.fixture
def streets(session: Session, live: LiveServer, cast: Cast) -> list[Street]:
    return [Street(session, live, cast, number) for number in range(ROUNDS)]


def write_to_them(database: Database, settings: Settings, streets: list[Street], stop: threading.Event) -> None:
    """The city answers on and on, and the worker tells and mails it."""
    while not stop.wait(0.02):
        with database.session() as session:
            for street in streets:
                for issue in (street.mine, street.other):
                    tell(session, "issue", issue.id, "answer", by_city=True, text="Er komt iets.", language="nl")
        tell_what_happened(database)
        gather_mail(database)
        send_what_is_due(database, settings)


def rows_that_name(session: Session, person_id: int) -> list[str]:
    return [
        f"{name}.{column}"
        for name, held in ABOUT_PEOPLE.items()
        for column, then in held.people.items()
        if then in (Then.UNLINK, Then.REMOVE) and column not in ("email", "address")
        if session.execute(
            select(func.count()).select_from(table_named(name)).where(table_named(name).c[column] == person_id)
        ).scalar_one()
    ]


def counters_that_lie(session: Session) -> list[str]:
    issues = session.exec(select_rows(Issue)).all()
    standing = col(Comment.deleted_at).is_(None)
    votes = dict(session.execute(select(col(Vote.issue_id), func.count()).group_by(col(Vote.issue_id))).tuples().all())
    said = select(col(Comment.thread_id), func.count()).where(standing).group_by(col(Comment.thread_id))
    comments = dict(session.execute(said).all())
    return [
        f"issue {each.id}: {each.vote_count} votes, {each.comment_count} comments"
        for each in issues
        if (each.vote_count, each.comment_count) != (votes.get(each.id, 0), comments.get(each.thread_id, 0))
    ]


def test_whoever_leaves_in_the_middle_of_everything_is_nowhere_afterwards(
    streets: list[Street], session: Session, database: Database, settings: Settings
) -> None:
    stop = threading.Event()
    worker = threading.Thread(target=write_to_them, args=(database, settings, streets, stop))
    worker.start()
    try:
        answers = [at_once(street.acts()) for street in streets]
    finally:
        stop.set()
        worker.join()
    assert [each[0].location for each in answers] == ["/"] * ROUNDS
    assert [each.status for some in answers for each in some if each.status >= 500] == []
    tell_what_happened(database)
    forget_what_is_over(database, settings)
    look_after_copies(database, storage_from_url(settings.storage_url), settings)
    session.expire_all()
    for street in streets:
        assert rows_that_name(session, street.leaver.id) == []
        left = session.get_one(Person, street.leaver.id)
        assert (left.display_name, left.email, left.signed_in_at, left.unread_notices) == ("", None, None, 0)
    assert counters_that_lie(session) == []
    assert [found for found in in_tables(database, [WORD]) if not found.startswith(OF_A_VISITOR)] == []
    assert in_files(settings, [f"Wim {WORD}"]) == []
