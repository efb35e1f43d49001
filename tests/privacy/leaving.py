"""Somebody who did everything that a person can do here, in words that nobody else uses."""

from pathlib import Path

from sqlmodel import Session

from app.accounts.actions import create_token, open_session_for
from app.accounts.models import Person, SignInRequest
from app.activity.actions import post, tell, write_down
from app.coalition.models import Partner, PartnerKind
from app.content.actions import publish, publish_name
from app.content.models import Kind
from app.core.clock import now
from app.discussions.actions import support_comment
from app.filing.models import Entry
from app.following.models import Alert, Pace, PilotFollow
from app.issues.actions import cast_vote, keep_earlier_text
from app.issues.models import Follow, Issue, Photo
from app.matching.models import LinkKind, MatchOpinion
from app.notifications.models import MailChoice, NoticeKind
from app.pilots.models import Pilot
from app.settings import Settings
from app.solved.models import SolvedAnswer, SolvedQuestion
from app.triage.models import InternalNote
from app.verdicts.models import Answer, Verdict, VerdictQuestion
from tests.factories import make_comment, make_issue, make_person, make_pilot
from tests.privacy.speaking_up import join_in, speak_up
from tests.sample_photos import a_photo

NAME = "Wilhelmina Qwastra"
EMAIL = "wilhelmina.qwastra@voorbeeldpost.example"
PHONE = "06-98761234"
WORDS = [
    "zwirrelpaal",
    "knoetsbrug",
    "flarpgeluid",
    "plonkertuin",
    "dwarrelsteeg",
    "snorrepot",
    "wiebelton",
    "vloekpaal",
    "kwibbeldak",
]
PHOTO_KEY = "0123456789abcdef0123456789abcdef"


class Leaver:
    """`mine` is filed by them, `other` by a neighbour; they voted for and commented on both."""

    def __init__(self, session: Session, settings: Settings, neighbour: Person) -> None:
        self.person = make_person(session, "leaver", locale="en")
        self.person.email, self.person.display_name = EMAIL, NAME
        session.add(self.person)
        session.commit()
        session.refresh(self.person, ["roles"])
        publish_name(session, self.person.id, "nl")
        self.mine = make_issue(
            session, self.person, "Een zwirrelpaal staat scheef", description="De knoetsbrug maakt een flarpgeluid.",
            address="Plonkertuin 12",
        )  # fmt: skip
        self.other = make_issue(session, neighbour, "Scheve paal bij de brug")
        self.comment = make_comment(session, self.person, self.other, "In de dwarrelsteeg is het ook zo.")
        self.answer = make_comment(session, neighbour, self.other, "Dat klopt.", parent=self.comment)
        self.neighbours = make_comment(session, neighbour, self.mine, "Dat merk ik ook.")
        self._take_part(session, neighbour)
        self._leave_traces(session, settings)
        session.commit()

    def _take_part(self, session: Session, neighbour: Person) -> None:
        for voter in (self.person, neighbour):
            cast_vote(session, voter.id, self.other)
            cast_vote(session, voter.id, self.mine)
        support_comment(session, self.person.id, self.answer)
        theirs = {"person_id": self.person.id}
        pilot = make_pilot(session, [self.other])
        session.add(Follow(issue_id=self.other.id, **theirs))
        session.add(PilotFollow(pilot_id=pilot.id, **theirs))
        group = Partner(pilot_id=pilot.id, name="Buurtgroep", kind=PartnerKind.RESIDENTS, role="Meet mee")
        group.email = EMAIL
        session.add(group)
        session.add(Alert(lat=52.1, lon=4.27, radius_m=500, name="Bij Qwastra in de dwarrelsteeg", **theirs))
        session.add(MailChoice(kind=NoticeKind.CITY, pace=Pace.NEVER, **theirs))
        self._answer(session)
        self._judge(session, pilot)
        join_in(session, self.person, pilot)
        speak_up(session, self.person, neighbour, self.comment, self.answer)

    def _answer(self, session: Session) -> None:
        """The city said that it is solved; they say no, and why."""
        entry = tell(session, "issue", self.other.id, "status.resolved", by_city=True, text="Gemaakt.", language="nl")
        session.flush()
        question = SolvedQuestion(issue_id=self.other.id, entry_id=entry.id, asked_at=now(), no=1)
        session.add(question)
        session.flush()
        content = publish(session, Kind.REASON, self.person.id, "nl")
        session.add(
            SolvedAnswer(
                question_id=question.id, person_id=self.person.id, is_solved=False, reason="De wiebelton staat er nog.",
                content_id=content.id,
            )
        )  # fmt: skip

    def _judge(self, session: Session, pilot: Pilot) -> None:
        """They were asked whether a pilot helps; they say partly, and why."""
        content = publish(session, Kind.VERDICT, self.person.id, "nl")
        said = Verdict(
            pilot_id=pilot.id, person_id=self.person.id, answer=Answer.PARTLY, reason="Nog een kromme vloekpaal.",
            content_id=content.id, answered_at=now(),
        )  # fmt: skip
        session.add_all([VerdictQuestion(pilot_id=pilot.id, asked=1, partly=1), said])

    def _leave_traces(self, session: Session, settings: Settings) -> None:
        person = self.person
        self.mine.description = "De knoetsbrug maakt een flarpgeluid, en een snorrepot."
        keep_earlier_text(session, self.mine)
        session.add(Entry(issue_id=self.mine.id, phone=PHONE))
        session.add(InternalNote(issue_id=self.mine.id, text=f"Gebeld met {NAME} over de wiebelton."))
        said = {"issue_id": self.other.id, "person_id": person.id, "agrees": False, "reason": "Geen wiebelton."}
        session.add_all(MatchOpinion(kind=kind, key=1, **said) for kind in LinkKind)
        tell(session, "issue", self.other.id, "edited", actor_id=person.id)
        write_down(session, "person.tried", "person", person.id, actor_id=person.id)
        self.session_key = open_session_for(session, person, "Firefox")
        self.token = create_token(session, person, "script van Qwastra")
        post(session, "flag_received", person.id, "nl", {"reference": "X", "path": "/"})
        post(session, "flag_received", EMAIL, "nl", {"reference": "X", "path": "/"})
        post(session, "flag_received", "buurman@example.nl", "nl", {"reference": NAME, "path": "/"})
        post(
            session, "flag_received", "buurman@example.nl", "nl", {"reference": "X", "path": "/"}, self.mine.content_id
        )
        session.add(
            SignInRequest(
                id="a" * 32, email=EMAIL, browser_hash="b" * 64, code_hash="c" * 64, link_hash="d" * 64, locale="nl",
                expires_at=now(),
            )
        )  # fmt: skip
        self._add_photo(session, settings)

    def _add_photo(self, session: Session, settings: Settings) -> None:
        content = publish(session, Kind.PHOTO, self.person.id, "nl")
        shown = {"key": PHOTO_KEY, "width": 640, "height": 480, "alt": "De zwirrelpaal"}
        session.add(Photo(issue_id=self.mine.id, content_id=content.id, **shown))
        folder = Path(settings.storage_url.removeprefix("file://"))
        folder.mkdir(parents=True, exist_ok=True)
        for size in ("large", "small"):
            (folder / f"{PHOTO_KEY}-{size}.jpg").write_bytes(a_photo())

    def fresh(self, session: Session) -> Issue:
        return session.get_one(Issue, self.mine.id, populate_existing=True)
