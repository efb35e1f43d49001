"""What our mails say, looked up at the moment they leave: only what may still be told, and is still wanted."""

from typing import Any

from sqlmodel import Session, select

from app.accounts.models import Person
from app.activity.models import OutgoingMail
from app.following.models import Alert, Pace
from app.following.queries import alerts_of
from app.notifications.links import solved_path, unsubscribe_path, verdict_path
from app.notifications.new_issues import new_issues
from app.notifications.queries import Told, notices_with_numbers
from app.notifications.telling import PROPOSED, paces_of
from app.settings import Settings

SHOWN = 20


def write_notices(session: Session, settings: Settings, letter: OutgoingMail) -> dict[str, Any] | None:
    person = _reader(session, letter)
    if person is None:
        return None
    chosen = paces_of(session, [person.id])
    told = [
        each
        for each in notices_with_numbers(session, person.id, letter.context["notices"])
        if chosen.get((person.id, each.notice.kind), PROPOSED[each.notice.kind]) is not Pace.NEVER
    ]
    if not told:
        return None
    kinds = {each.notice.kind.value for each in told}
    return {
        "told": told[:SHOWN],
        "rest": len(told[SHOWN:]),
        "answer_at": {each.notice.id: _answer_at(settings, person, each) for each in told if each.asks},
        "unsubscribe_at": unsubscribe_path(settings, person.id, kinds.pop() if len(kinds) == 1 else "all"),
    }


def _answer_at(settings: Settings, person: Person, told: Told) -> str:
    if told.what == "verdict.asked":
        return verdict_path(settings, person.id, told.notice.pilot_id or 0)
    return solved_path(settings, person.id, told.notice.issue_id or 0, told.notice.source_id)


def write_digest(session: Session, settings: Settings, letter: OutgoingMail) -> dict[str, Any] | None:
    person = _reader(session, letter)
    if person is None:
        return None
    wanted: dict[int, Alert] = {
        alert.id: alert for alert in alerts_of(session, person.id) if alert.pace is not Pace.NEVER
    }
    digests = [
        new_issues(session, wanted[number], after, up_to)
        for number, after, up_to in letter.context["alerts"]
        if number in wanted
    ]
    digests = [digest for digest in digests if digest.count]
    if not digests:
        return None
    return {"digests": digests, "unsubscribe_at": unsubscribe_path(settings, person.id, "alerts")}


def _reader(session: Session, letter: OutgoingMail) -> Person | None:
    """Nobody while they are suspended: they read it on the site."""
    person = session.exec(select(Person).where(Person.id == letter.person_id)).first()
    return None if person is None or person.is_suspended else person
