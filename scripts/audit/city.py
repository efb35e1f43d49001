"""Cities to look at: the demo with what a demo does not have (people signed in, something of theirs at every address,
links of mails), and one where nothing has happened yet."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from sqlmodel import Session, col, func, select

from app.accounts.actions import ask_to_sign_in
from app.accounts.models import Person, Role, RoleGrant, SecondFactor
from app.cards.models import ImportedCard
from app.core.clock import now
from app.core.signing import sign
from app.core.storage import storage_from_url
from app.demo.load import load_demo
from app.following.models import Alert
from app.moderation.flagging import flag_as_person, flag_as_visitor
from app.moderation.forms import FlagForm
from app.moderation.models import Appeal, Decision, Flag, FoundBy, Ground, Measure, Verdict
from app.moderation.subjects import subject_of
from app.privacy.erasing import Choice, take_one_issue
from app.privacy.models import DataExport, State
from app.settings import Settings
from app.solved.models import SolvedQuestion
from app.verdicts.models import Verdict as SaidOfPilot
from scripts.demo_site import Cookies, of_the_demo, serving_city, sign_in
from tests.factories import make_approach, make_comment, make_issue, make_person, make_pilot
from tests.live import LiveServer

DEMO_PEOPLE = ("resident", "moderator", "team", "admin")


@dataclass
class City:
    server: LiveServer
    people: dict[str, Cookies] = field(default_factory=dict)
    places: dict[str, Any] = field(default_factory=dict)
    """What no question to the database finds: keys, and what of the rows was made for this."""

    def ask(self, question: str) -> list[dict[str, Any]]:
        with closing(self._connect()) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(question)]

    def speak(self, locale: str) -> None:
        """The language of everybody who is signed in."""
        with closing(self._connect()) as connection, connection:
            connection.execute("UPDATE person SET locale = ?", (locale,))

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.server.settings.database_url.removeprefix("sqlite:///"), timeout=30)


@contextmanager
def lively_city() -> Iterator[City]:
    people: dict[str, Cookies] = {"visitor": {}}
    places: dict[str, Any] = {}

    def fill(session: Session, settings: Settings) -> None:
        load_demo(session, storage_from_url(settings.storage_url))
        bring_people(session, people)
        places.update(make_places(session, settings, people))

    with serving_city(fill) as server:
        begin_second_factor(server, people["keeper"])
        yield City(server, people, places)


@contextmanager
def empty_city() -> Iterator[City]:
    """Where nobody has written anything yet."""
    people: dict[str, Cookies] = {"visitor": {}}

    def fill(session: Session, settings: Settings) -> None:
        for name in DEMO_PEOPLE:
            person = make_person(session, name)
            session.add_all([RoleGrant(person_id=person.id, role=Role(name))] if name in set(Role) else [])
            people[name] = sign_in(session, person)

    with serving_city(fill) as server:
        yield City(server, people)


def bring_people(session: Session, people: dict[str, Cookies]) -> None:
    for name in DEMO_PEOPLE:
        people[name] = sign_in(session, of_the_demo(session, name))
    people["keeper"] = sign_in(session, of_the_demo(session, "moderator2"))
    people["asleep"] = sign_in(session, keeper_of_a_second_factor(session))
    people["suspended"] = sign_in(session, make_person(session, "geschorst", suspended=True))
    newcomer = Person(email="nieuw@example.nl", display_name="Buurtgenoot", locale="nl", rules_version=0)
    session.add(newcomer)
    people["newcomer"] = sign_in(session, newcomer)
    _request, keys = ask_to_sign_in(session, "wacht@example.nl", "nl", "/", "audit", "")
    people["waiting"] = {"sign-in": keys.cookie}


def keeper_of_a_second_factor(session: Session) -> Person:
    """Who has to show it before anything else."""
    person = make_person(session, "slaapt")
    session.add(RoleGrant(person_id=person.id, role=Role.MODERATOR))
    session.add(SecondFactor(person_id=person.id, app_secret="not-used-here", app_since=now()))
    return person


def make_places(session: Session, settings: Settings, people: dict[str, Cookies]) -> dict[str, Any]:
    """Something of the resident's at every address that only its owner sees."""
    resident = of_the_demo(session, "resident")
    own = make_issue(session, resident, "Verkeersveiligheidsmaatregelenoverleg bij het donkere fietspad")
    comment = make_comment(session, resident, own)
    make_comment(session, of_the_demo(session, "team"), own, "Dank je wel, we gaan kijken.", parent=comment)
    gone = make_issue(session, resident, "Iets wat de schrijver weer wegnam")
    make_comment(session, resident, gone)
    take_one_issue(session, gone.id, resident.id, Choice.TAKE_AWAY)
    bare = make_pilot(session, [own], "Een proef waar nog niets over bekend is")
    approach = make_approach(session, bare, resident)
    session.add(Alert(person_id=resident.id, lat=52.1, lon=4.2, radius_m=500, name="Thuis"))
    session.add(DataExport(id="a" * 32, person_id=resident.id, state=State.WAITING))
    _request, keys = ask_to_sign_in(session, "link@example.nl", "nl", "/", "audit", "")
    return {
        "own": own.id,
        "own_content": own.content_id,
        "own_comment": comment.id,
        "own_approach": approach.id,
        "gone": gone.id,
        "bare": bare.id,
        "card": session.exec(select(func.min(ImportedCard.id))).one(),
        "sign_in_token": keys.token,
        **moderate_something(session, resident, own),
        **links_of_mails(session, settings, resident),
    }


def moderate_something(session: Session, resident: Person, issue: Any) -> dict[str, Any]:
    """A decision about the resident, one they object to, a report of theirs, and one of a visitor's with its key."""
    insult, advert, other = (
        make_comment(session, resident, issue, words) for words in ("Hou op.", "Dit is reclame.", "Nog een.")
    )
    moderator = of_the_demo(session, "moderator2")
    told = {"moderator_id": moderator.id, "found_by": FoundBy.MODERATOR, "facts": "Zomaar."}
    warned, objected = (
        Decision(
            content_id=insult.content_id, author_id=resident.id, verdict=Verdict.KEEP, measure=Measure.WARN,
            ground=Ground.INSULT, **told,
        )
        for _each in range(2)
    )  # fmt: skip
    fine = Decision(content_id=advert.content_id, author_id=resident.id, verdict=Verdict.FINE, **told)
    session.add_all([warned, objected, fine])
    session.flush()
    answered = Flag(
        reference="AAAA-BBBB", content_id=advert.content_id, person_id=resident.id, locale="nl",
        ground=Ground.ADVERTISING, facts="Het is reclame.", decision_id=fine.id,
    )  # fmt: skip
    session.add_all(
        [answered, Appeal(decision_id=objected.id, person_id=resident.id, reasons="Zo bedoelde ik het niet.")]
    )
    form = FlagForm(ground=Ground.INSULT, facts="Iemand wordt hier uitgescholden.", email="bezoeker@example.nl")
    subject = subject_of(session, other.content_id)
    assert subject
    _flag, key = flag_as_visitor(session, subject, form, "nl")
    flag_as_person(session, moderator, subject, form)
    session.commit()
    return {"decision": warned.id, "objected": objected.id, "flag": answered.id, "flag_key": key}


def links_of_mails(session: Session, settings: Settings, resident: Person) -> dict[str, Any]:
    """Signed as in the mails: is it solved, what do you say of the pilot, no more mail."""
    claim = session.exec(select(SolvedQuestion).order_by(col(SolvedQuestion.id).desc())).first()
    said = session.exec(select(SaidOfPilot).order_by(col(SaidOfPilot.pilot_id).desc())).first()
    assert claim
    assert said
    secret = settings.secret_key
    return {
        "solved_issue": claim.issue_id,
        "solved_token": sign(secret, "solved", f"{resident.id}.{claim.issue_id}.{claim.entry_id}"),
        "verdict_pilot": said.pilot_id,
        "verdict_token": sign(secret, "verdict", f"{said.person_id}.{said.pilot_id}"),
        "unsubscribe_token": sign(secret, "unsubscribe", f"{resident.id}.all"),
    }


def begin_second_factor(server: LiveServer, cookies: Cookies) -> None:
    """The page with the secret of an app is there only while somebody sets it up."""
    answer = httpx2.post(f"{server.url}/me/second-factor/app", cookies=cookies, headers={"Origin": server.url})
    assert answer.status_code == 303, answer.text
