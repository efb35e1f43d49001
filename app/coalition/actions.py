"""Residents join and leave; the team adds partners, lets them go, and writes to everybody."""

from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col

from app.accounts.models import Person
from app.activity.actions import post, tell, write_down
from app.coalition import queries
from app.coalition.forms import LetterForm, PartnerForm
from app.coalition.models import ENDED, CoalitionLetter, CoCreator, Partner
from app.content.actions import publish_name
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.language import guess_language
from app.core.writes import count_changed, insert_once
from app.pilots.models import Pilot

MOST_PARTNERS = 60
AS_TEAM = "team"
OVERTAKEN = _(
    "Somebody else changed this partner in the meantime. Below is what it says now; save again if yours should stand."
)


def join(session: Session, person: Person, pilot: Pilot) -> bool:
    """False for who had joined already; raises Conflict once the pilot has ended."""
    _hold_while_it_runs(session, pilot, _("This pilot has ended, so nobody can join it any more."))
    if not insert_once(session, CoCreator, pilot_id=pilot.id, person_id=person.id, joined_at=now()):
        return False
    publish_name(session, person.id, person.locale)
    return True


def leave(session: Session, person_id: int, pilot_id: int) -> bool:
    """Always possible; False for who had not joined."""
    mine = delete(CoCreator).where(col(CoCreator.pilot_id) == pilot_id, col(CoCreator.person_id) == person_id)
    return count_changed(session, mine) == 1


def _hold_while_it_runs(session: Session, pilot: Pilot, refusal: Any) -> None:
    """Locks the row of the pilot, so that no gate is decided meanwhile and its coalition changes one by one."""
    running = update(Pilot).where(col(Pilot.id) == pilot.id, col(Pilot.stage).not_in(ENDED))
    if not count_changed(session, running.values(stage=Pilot.stage)):
        raise Conflict(refusal)


def add_partner(session: Session, actor_id: int, pilot: Pilot, form: PartnerForm) -> Partner:
    """Raises Conflict once the pilot has ended, and when somebody added the same partner just before."""
    _hold_while_it_runs(session, pilot, _("This pilot has ended, so no partner can be added any more."))
    if queries.count_partners(session, pilot.id) >= MOST_PARTNERS:
        raise Conflict(_("A pilot can have %(most)s partners at most.", most=MOST_PARTNERS))
    _refuse_twice(session, pilot.id, form.name, 0)
    partner = Partner(pilot_id=pilot.id, added_by=actor_id, **form.model_dump(exclude={"version"}))
    session.add(partner)
    session.flush()
    tell(
        session, "pilot", pilot.id, "partner.joined", actor_id=actor_id, by_city=True, text=partner.name,
        facts={"partner": partner.id},
    )  # fmt: skip
    _note(session, "partner.added", actor_id, partner)
    return partner


def change_partner(session: Session, actor_id: int, partner: Partner, form: PartnerForm) -> None:
    """Raises Conflict when it is another version by now than the person saw."""
    _change(session, partner, form.version, **form.model_dump(exclude={"version"}))
    _refuse_twice(session, partner.pilot_id, form.name, partner.id)
    _note(session, "partner.changed", actor_id, partner)


def let_go(session: Session, actor_id: int, partner: Partner, seen: int) -> None:
    """It stays readable that they took part; the address of their contact goes at once."""
    _change(session, partner, seen, left_at=now(), email=None)
    tell(
        session, "pilot", partner.pilot_id, "partner.left", actor_id=actor_id, by_city=True, text=partner.name,
        facts={"partner": partner.id},
    )  # fmt: skip
    _note(session, "partner.let-go", actor_id, partner)


def look_at_address(session: Session, actor_id: int, partner: Partner) -> None:
    """The form shows it to the team, and that is written down."""
    if partner.email:
        _note(session, "partner.address-seen", actor_id, partner)


def _change(session: Session, partner: Partner, seen: int, **values: Any) -> None:
    as_seen = update(Partner).where(
        col(Partner.id) == partner.id, col(Partner.version) == seen, col(Partner.left_at).is_(None)
    )
    if not count_changed(session, as_seen.values(version=seen + 1, **values)):
        is_there = queries.partner_of(session, partner.pilot_id, partner.id) is not None
        raise Conflict(OVERTAKEN if is_there else _("Somebody else let this partner go in the meantime."))


def _refuse_twice(session: Session, pilot_id: int, name: str, itself: int) -> None:
    others = (each for each in queries.partners_of(session, pilot_id) if each.id != itself)
    if any(each.name.casefold() == name.casefold() for each in others):
        raise Conflict(_("“%(name)s” takes part already. Change that partner instead.", name=name))


def _note(session: Session, kind: str, actor_id: int, partner: Partner) -> None:
    write_down(session, kind, "pilot", partner.pilot_id, actor_id=actor_id, role=AS_TEAM, facts={"partner": partner.id})


def write_to_all(session: Session, actor_id: int, pilot: Pilot, form: LetterForm) -> CoalitionLetter:
    """A mail to every co-creator, in their language, and to every partner with an address.

    Raises Conflict when nobody can be reached, and when a colleague wrote since the person began.
    """
    readers = queries.readers_among(session, pilot.id)
    partners = [partner for partner in queries.partners_of(session, pilot.id) if partner.email]
    if not readers and not partners:
        raise Conflict(_("Nobody in the coalition can be reached by mail yet."))
    letter = _keep_letter(session, actor_id, pilot, form, len(readers) + len(partners))
    for person_id, locale in readers:
        post(session, "coalition_letter", person_id, locale, {"letter": letter.id})
    for partner in partners:
        context = {"letter": letter.id, "partner": partner.id}
        post(session, "coalition_letter", partner.email or "", guess_language(form.text), context)
    facts = {"letter": letter.id, "to": letter.sent_to}
    write_down(session, "coalition.written-to", "pilot", pilot.id, actor_id=actor_id, role=AS_TEAM, facts=facts)
    return letter


def _keep_letter(session: Session, actor_id: int, pilot: Pilot, form: LetterForm, count: int) -> CoalitionLetter:
    """The number is the next one for one person only, so that pressing twice sends one letter."""
    number = form.seen + 1
    is_next = form.seen == queries.newest_letter(session, pilot.id) and insert_once(
        session, CoalitionLetter, pilot_id=pilot.id, number=number, author_id=actor_id, subject=form.subject,
        text=form.text, sent_to=count, sent_at=now(),
    )  # fmt: skip
    if not is_next:
        raise Conflict(
            _("A letter went out since you opened this page: read it below. Send yours if it is still needed.")
        )
    return queries.letter_numbered(session, pilot.id, number)
