"""Something at every address."""

from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
from sqlmodel import Session, select

from app.accounts.models import Person
from app.activity.models import MailOutcome, OutgoingMail, RecordedIn
from app.coalition.models import Partner, PartnerKind
from app.core.clock import now
from app.core.storage import storage_from_url
from app.filing.drafts import keep_draft
from app.filing.models import DraftKind
from app.following.models import Alert
from app.issues.models import Issue
from app.matching.models import ThemeMatch
from app.measures.models import Direction, Indicator, Measurement
from app.moderation.models import Appeal, Decision, Flag, FoundBy, Ground, Measure, Verdict
from app.notifications.models import Notice, NoticeKind
from app.privacy.models import DataExport, State
from app.settings import Settings
from app.triage.models import InternalNote
from app.verdicts.models import Verdict as SaidOfPilot
from app.verdicts.models import VerdictQuestion
from tests.conftest import Cast
from tests.factories import make_approach, make_card, make_comment, make_issue, make_lesson, make_person, make_pilot
from tests.site.everywhere import NONCE

T = TypeVar("T")


@pytest.fixture
def places(session: Session, cast: Cast, settings: Settings) -> dict[str, Any]:
    """Something of the author's at every address."""
    issue = make_issue(session, cast.author)
    comment = make_comment(session, cast.author, issue)
    pilot = make_pilot(session, [issue])
    approach = make_approach(session, pilot, cast.author)
    session.add(VerdictQuestion(pilot_id=pilot.id, asked=1))
    session.add(SaidOfPilot(pilot_id=pilot.id, person_id=cast.author.id))
    moderation = moderate_something(session, cast, issue)
    note = InternalNote(issue_id=issue.id, author_id=cast.team.id, text="Een notitie")
    session.add(note)
    keep_draft(session, NONCE, DraftKind.ISSUE, "owner-key", "network", {}, waits=False)
    notice = Notice(
        person_id=cast.author.id,
        kind=NoticeKind.REPLY,
        source=RecordedIn.COMMENT,
        source_id=comment.id,
        issue_id=issue.id,
    )
    alert = Alert(person_id=cast.author.id, lat=52.1, lon=4.2, radius_m=500, name="Thuis")
    lost = OutgoingMail(
        template="role", person_id=cast.author.id, locale="nl", outcome=MailOutcome.REFUSED, due_at=None
    )
    partner = Partner(
        pilot_id=pilot.id, name="Stadsbeheer", kind=PartnerKind.DEPARTMENT, role="Hangt de lampen op",
        email="beheer@example.nl",
    )  # fmt: skip
    indicator = Indicator(
        pilot_id=pilot.id, name="Meldingen", unit="per maand", source="Meldpunt", better=Direction.LOWER
    )
    session.add_all([notice, alert, lost, partner, indicator])
    session.flush()
    measurement = Measurement(indicator_id=indicator.id, taken_on=date(2026, 1, 5), value=43, is_baseline=True)
    session.add(measurement)
    session.commit()
    card = make_card(session)
    return {
        "card_id": card.id,
        "feed_id": card.feed_id,
        "notice_id": notice.id,
        "alert_id": alert.id,
        "form": "atom",
        "mail_id": lost.id,
        "partner_id": partner.id,
        "indicator_id": indicator.id,
        "measurement_id": measurement.id,
        "issue_id": issue.id,
        "comment_id": comment.id,
        "pilot_id": pilot.id,
        "approach_id": approach.id,
        "gate": "proof-of-concept",
        "lesson_id": make_lesson(session, pilot).id,
        "goal_id": 1,
        "note_id": note.id,
        "draft_id": NONCE,
        "kind": "theme",
        "target_id": session.exec(select(ThemeMatch.theme_id).where(ThemeMatch.issue_id == issue.id)).first(),
        "slug": "mobility",
        "code": "BU00000001",
        "locale": "nl",
        "token": "no-such-token",
        "session_id": 1,
        "passkey_id": 1,
        "person_id": cast.moderator.id,
        "key": "no-such-key",
        "name": "no-such-photo-large.jpg",
        "issue": issue,
        "copy_id": lay_copy_ready(session, cast.author, settings),
        **moderation,
    }


def lay_copy_ready(session: Session, person: Person, settings: Settings) -> str:
    """A copy of somebody's data, made just now."""
    copy = DataExport(id="a" * 32, person_id=person.id, state=State.READY, key="export-1.zip", size=3)
    copy.expires_at = now() + timedelta(minutes=30)
    session.add(copy)
    session.commit()
    storage_from_url(settings.storage_url).put("export-1.zip", b"zip")
    return copy.id


def moderate_something(session: Session, cast: Cast, issue: Issue) -> dict[str, int]:
    """A decision about a comment of the author's, their objection, and a report of theirs that was answered."""
    comment, other = (make_comment(session, cast.author, issue, words) for words in ("Hou op.", "Dit is reclame."))
    told = {"moderator_id": make_person(session, "rechter").id, "found_by": FoundBy.MODERATOR, "facts": "Zomaar."}
    hidden = Decision(
        content_id=comment.content_id, author_id=cast.author.id, verdict=Verdict.KEEP, measure=Measure.WARN,
        ground=Ground.INSULT, **told,
    )  # fmt: skip
    fine = Decision(content_id=other.content_id, author_id=cast.author.id, verdict=Verdict.FINE, **told)
    warned = Decision(**hidden.model_dump(exclude={"id"}))
    session.add_all([hidden, fine, warned])
    session.flush()
    flag = Flag(
        reference="AAAA-BBBB", content_id=other.content_id, person_id=cast.author.id, locale="nl",
        ground=Ground.ADVERTISING, facts="Het is reclame.", decision_id=fine.id,
    )  # fmt: skip
    appeal = Appeal(decision_id=warned.id, person_id=cast.author.id, reasons="Ik bedoelde het niet zo.")
    session.add_all([flag, appeal])
    session.commit()
    return {
        "content_id": issue.content_id, "decision_id": hidden.id, "flag_id": flag.id, "appeal_id": appeal.id,
    }  # fmt: skip
