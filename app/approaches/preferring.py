"""Which approach people prefer: one voice per person and pilot, that can be changed and taken back."""

from collections.abc import Collection

from sqlalchemy import delete, update
from sqlmodel import Session, col, func, select

from app.accounts.actions import wait_for_leaving
from app.accounts.models import Person
from app.approaches import queries
from app.approaches.actions import take_turn
from app.approaches.models import Approach, Preference
from app.approaches.queries import OPEN
from app.content.actions import publish
from app.content.models import Content, Kind, Visibility
from app.core.clock import now
from app.core.errors import Conflict, NotFound
from app.core.i18n import _
from app.core.language import guess_language
from app.pilots.models import Pilot


def prefer_approach(session: Session, person_id: int, approach: Approach, reason: str = "") -> None:
    """Their one voice goes here now, wherever it was. Raises Conflict when the pilot is past that."""
    wait_for_leaving(session, person_id)
    if not take_turn(session, approach.pilot_id, OPEN):
        raise Conflict(_("This pilot is past the stage of an idea: which approach people prefer was counted."))
    here = select(Approach.visible, Person.erased_at).join(Person, col(Person.id) == person_id)
    visible, erased_at = session.exec(here.where(Approach.id == approach.id)).first() or (False, None)
    if not visible or erased_at is not None:  # hidden, or gone, while this waited for its turn
        raise NotFound
    known = queries.preference_of(session, approach.pilot_id, person_id)
    mine = known or Preference(pilot_id=approach.pilot_id, approach_id=approach.id, person_id=person_id)
    before, mine.approach_id = mine.approach_id, approach.id
    mine.reason, mine.given_at = reason, now()
    if reason and mine.content_id is None:
        mine.content_id = publish(session, Kind.PREFERENCE, person_id, guess_language(reason)).id
    session.add(mine)
    session.flush()
    count_preferences(session, {before, approach.id})


def withdraw_preference(session: Session, person_id: int, approach: Approach) -> None:
    """Nothing happens when their voice is elsewhere by now."""
    wait_for_leaving(session, person_id)
    take_turn(session, approach.pilot_id)
    gone = delete(Preference).where(col(Preference.approach_id) == approach.id, col(Preference.person_id) == person_id)
    _remove_words(session, session.execute(gone.returning(col(Preference.content_id))).scalars().all())
    count_preferences(session, {approach.id})


def withdraw_all_preferences(session: Session, person_id: int) -> None:
    """When somebody leaves, whose account is locked already."""
    theirs = select(Preference.pilot_id).where(Preference.person_id == person_id)
    session.exec(
        select(Pilot.id).where(col(Pilot.id).in_(theirs)).order_by(col(Pilot.id)).with_for_update(key_share=True)
    ).all()
    gone = delete(Preference).where(col(Preference.person_id) == person_id)
    rows = session.execute(gone.returning(col(Preference.approach_id), col(Preference.content_id))).all()
    _remove_words(session, [row.content_id for row in rows])
    count_preferences(session, {row.approach_id for row in rows})


def count_preferences(session: Session, approach_ids: Collection[int]) -> None:
    """From the rows, under the lock of the pilot."""
    voices = select(func.count(col(Preference.id))).where(Preference.approach_id == Approach.id)
    counted = update(Approach).where(col(Approach.id).in_(approach_ids))
    counted = counted.values(preferences=voices.correlate(Approach).scalar_subquery())
    session.execute(counted.execution_options(synchronize_session=False))


def _remove_words(session: Session, content_ids: Collection[int | None]) -> None:
    removed = update(Content).where(col(Content.id).in_([number for number in content_ids if number]))
    session.execute(removed.values(visibility=Visibility.REMOVED).execution_options(synchronize_session=False))
