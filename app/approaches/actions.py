"""Proposing an approach to a pilot's problem, changing it, taking it back."""

from collections.abc import Collection

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from app.accounts.models import Person, Role
from app.activity.actions import let_hear, tell, write_down
from app.activity.models import RecordedIn
from app.approaches import queries
from app.approaches.forms import Part, Proposal
from app.approaches.models import Approach, ApproachPart, Preference
from app.approaches.queries import MOST_APPROACHES, OPEN
from app.content.actions import publish
from app.content.models import Content, EarlierWords, Kind, Visibility
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.writes import count_changed
from app.issues.models import TIME_TO_EDIT
from app.pilots.models import Pilot, Stage

MOST_PER_PERSON = 3
CLOSED = _("This pilot is past the stage of an idea, so its approaches can no longer be changed.")
OVERTAKEN = _(
    "Somebody else changed this approach in the meantime. Below is what it says now; save again if yours should stand."
)
NO_LONGER_YOURS = _(
    "Other people prefer this approach by now, or it was chosen. They did so because of what it says, so it stays."
)


def take_turn(session: Session, pilot_id: int, stages: Collection[Stage] = tuple(Stage)) -> bool:
    """Whether the pilot is there, at one of these stages; its row is locked, so that whatever is done to its
    approaches happens one after the other."""
    turn = update(Pilot).where(col(Pilot.id) == pilot_id, col(Pilot.visible), col(Pilot.stage).in_(stages))
    return count_changed(session, turn.values(version=Pilot.version)) == 1


def propose_approach(
    session: Session, person: Person, pilot: Pilot, said: Proposal, tried_in: dict[str, object] | None = None
) -> Approach:
    """The same form sent twice is one approach; raises Conflict when the pilot is past that, or has enough of them."""
    if known := _proposed_before(session, person.id, pilot.id, said):
        return known
    try:
        with session.begin_nested():
            return _write_approach(session, person, pilot.id, said, tried_in)
    except IntegrityError:
        known = _proposed_before(session, person.id, pilot.id, said)
        if known is None:
            raise
        return known


def _proposed_before(session: Session, person_id: int, pilot_id: int, said: Proposal) -> Approach | None:
    known = queries.approach_with_nonce(session, said.fingerprint) if said.fingerprint else None
    if known is not None and (known.content.author_id != person_id or known.pilot_id != pilot_id):
        raise Conflict(_("This form was used already. Open the page again."))
    return known


def _write_approach(
    session: Session, person: Person, pilot_id: int, said: Proposal, tried_in: dict[str, object] | None
) -> Approach:
    content = publish(session, Kind.APPROACH, person.id, said.language)
    if not take_turn(session, pilot_id, OPEN):
        raise Conflict(_("This pilot is past the stage of an idea, so nothing new is proposed for it."))
    by_city = person.has_role(Role.TEAM)
    _refuse_too_many(session, person.id, pilot_id, by_city)
    approach = Approach(
        pilot_id=pilot_id, content_id=content.id, nonce=said.fingerprint, title=said.title, summary=said.summary,
        language=said.language, by_city=by_city, tried_in=tried_in,
    )  # fmt: skip
    session.add(approach)
    session.flush()
    _put_parts(session, approach.id, said.parts)
    entry = tell(
        session, "pilot", pilot_id, "approach.proposed", actor_id=person.id, by_city=by_city,
        facts={"approach": approach.id},
    )  # fmt: skip
    session.flush()
    let_hear(session, RecordedIn.TIMELINE, entry.id)
    if by_city:
        _write_down(session, "approach.proposed", approach, person.id)
    return approach


def _refuse_too_many(session: Session, person_id: int, pilot_id: int, by_city: bool) -> None:
    """The author's new row in `content` is not counted: no approach points at it yet."""
    if queries.count_approaches(session, pilot_id) >= MOST_APPROACHES:
        raise Conflict(
            _("%(most)s approaches compete already, which is as many as fit. Prefer one of them.", most=MOST_APPROACHES)
        )
    if not by_city and queries.count_approaches(session, pilot_id, person_id) >= MOST_PER_PERSON:
        raise Conflict(
            _("You proposed %(most)s approaches here already. Change or withdraw one of them.", most=MOST_PER_PERSON)
        )


def _put_parts(session: Session, approach_id: int, parts: Collection[Part]) -> None:
    """These and no others, in this order."""
    session.execute(delete(ApproachPart).where(col(ApproachPart.approach_id) == approach_id))
    session.add_all(
        ApproachPart(approach_id=approach_id, kind=part.kind, text=part.text, position=position)
        for position, part in enumerate(parts)
    )
    session.flush()


def _write_down(session: Session, kind: str, approach: Approach, actor_id: int) -> None:
    facts = {"approach": approach.id}
    write_down(session, kind, "pilot", approach.pilot_id, actor_id=actor_id, role="team", facts=facts)


def change_approach(session: Session, person: Person, approach: Approach, said: Proposal, seen: int) -> None:
    """By its author as long as nobody else prefers it and it is not chosen; by the team at the stage of an idea.

    Raises Conflict otherwise, and when it is another version by now than the person saw.
    """
    by_city = person.has_role(Role.TEAM)
    if not take_turn(session, approach.pilot_id, OPEN):
        raise Conflict(CLOSED)
    if not by_city:
        _refuse_shared(session, approach)
    changing = update(Approach).where(
        col(Approach.id) == approach.id, col(Approach.visible), col(Approach.version) == seen
    )
    before = _said_before(approach, person.id, seen)
    columns = {"title": said.title, "summary": said.summary, "language": said.language, "changed_by_city": by_city}
    if approach.version != seen or not count_changed(
        session, changing.values(version=seen + 1, updated_at=before.replaced_at, **columns)
    ):
        raise Conflict(OVERTAKEN)
    if not _is_correction(approach, person.id):
        session.add(before)
    session.execute(update(Content).where(col(Content.id) == approach.content_id).values(language=said.language))
    _put_parts(session, approach.id, said.parts)
    if by_city:
        _write_down(session, "approach.changed", approach, person.id)


def _said_before(approach: Approach, actor_id: int, version: int) -> EarlierWords:
    return EarlierWords(
        content_id=approach.content_id, version=version, title=approach.title, text=approach.summary,
        parts=[[part.kind.value, part.text] for part in approach.parts], replaced_by=actor_id,
    )  # fmt: skip


def _is_correction(approach: Approach, person_id: int) -> bool:
    """By its author in the first half hour: what it said by mistake is not kept."""
    return approach.content.author_id == person_id and now() < approach.created_at + TIME_TO_EDIT


def _refuse_shared(session: Session, approach: Approach) -> None:
    if queries.is_preferred_by_others(session, approach) or queries.is_chosen(session, approach):
        raise Conflict(NO_LONGER_YOURS)


def withdraw_approach(session: Session, person: Person, approach: Approach) -> None:
    """It goes with all its words, as long as nobody else prefers it and it is not chosen; else raises Conflict."""
    if not take_turn(session, approach.pilot_id, OPEN):
        raise Conflict(CLOSED)
    _refuse_shared(session, approach)
    theirs = Preference.approach_id == approach.id
    spoken = session.execute(delete(Preference).where(theirs).returning(col(Preference.content_id))).scalars().all()  # type: ignore[arg-type]
    removed = update(Content).where(col(Content.id).in_([approach.content_id, *filter(None, spoken)]))
    session.execute(removed.values(visibility=Visibility.REMOVED))
    session.execute(delete(ApproachPart).where(col(ApproachPart.approach_id) == approach.id))
    session.execute(delete(EarlierWords).where(col(EarlierWords.content_id) == approach.content_id))
    if count_changed(session, delete(Approach).where(col(Approach.id) == approach.id)):
        tell(session, "pilot", approach.pilot_id, "approach.withdrawn", actor_id=person.id, by_city=False)
    if approach.by_city:
        _write_down(session, "approach.withdrawn", approach, person.id)
