"""What somebody who leaves had reported, objected to and taken part in."""

from sqlmodel import Session

from app.accounts.models import Person
from app.approaches.actions import propose_approach
from app.approaches.forms import Part, Proposal
from app.approaches.models import PartKind, Preference
from app.coalition.models import CoCreator
from app.content.actions import publish
from app.content.models import Kind
from app.discussions.models import Comment
from app.moderation.models import Appeal, Decision, Flag, FoundBy, Ground, Measure, Verdict
from app.pilots.models import Pilot

LAMP = Proposal("Een lamp bij de brug", "Een lamp.", [Part(PartKind.PHYSICAL, "Een lamp, die blijft branden.")])


def speak_up(session: Session, person: Person, judge: Person, own: Comment, others: Comment) -> None:
    flag = Flag(
        reference="QQQQ-WWWW", content_id=others.content_id, person_id=person.id, locale="nl",
        ground=Ground.ADVERTISING, facts="Reclame voor een kwibbeldak.",
    )  # fmt: skip
    warned = Decision(
        content_id=own.content_id, author_id=person.id, moderator_id=judge.id, verdict=Verdict.KEEP,
        measure=Measure.WARN,
        ground=Ground.INSULT, found_by=FoundBy.MODERATOR, facts="Zomaar.", kept_name=person.display_name,
    )  # fmt: skip
    session.add_all([flag, warned])
    session.flush()
    objection = "Mijn kwibbeldak was niet zo bedoeld."
    session.add(Appeal(decision_id=warned.id, person_id=person.id, reasons=objection))


def join_in(session: Session, person: Person, pilot: Pilot) -> None:
    """They help to make a pilot, and say which approach they prefer and why."""
    session.add(CoCreator(pilot_id=pilot.id, person_id=person.id))
    approach = propose_approach(session, person, pilot, LAMP)
    approach.preferences = 1
    content = publish(session, Kind.PREFERENCE, person.id, "nl")
    session.add(
        Preference(
            pilot_id=pilot.id, approach_id=approach.id, person_id=person.id, reason="Dan blijft het kwibbeldak droog.",
            content_id=content.id,
        )
    )  # fmt: skip
