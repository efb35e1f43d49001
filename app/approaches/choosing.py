"""Choosing the approach that a pilot goes on with: out of several, one of which does without new technology."""

from collections.abc import Sequence

from sqlalchemy import func, update
from sqlmodel import Session, col

from app.activity.actions import tell, write_down
from app.approaches.forms import ChoiceForm
from app.approaches.models import Approach, ApproachChoice
from app.approaches.queries import STILL_CHOOSING, approaches_of
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import Text, _
from app.core.language import guess_language
from app.core.writes import count_changed, insert_once
from app.pilots.models import Pilot

FEWEST = 2


def missing_for_choice(approaches: Sequence[Approach]) -> list[Text]:
    """Why none of them can be chosen yet, in plain words."""
    missing = []
    if len(approaches) < FEWEST:
        missing.append(_("There is nothing to compare yet: two approaches or more must compete."))
    if not any(approach.does_without_technology for approach in approaches):
        missing.append(_("At least one of the approaches must do without new technology."))
    return missing


def choose_approach(session: Session, actor_id: int, pilot: Pilot, form: ChoiceForm) -> None:
    """The problem stands from now on. Raises Conflict when something is missing, or not as the person saw it."""
    _freeze_problem(session, pilot, form.problem)
    approaches = approaches_of(session, pilot.id)
    if missing := missing_for_choice(approaches):
        raise Conflict(missing[0])
    number, version = form.picked
    approach = next((each for each in approaches if each.id == number), None)
    if approach is None:
        raise Conflict(_("This approach was taken back in the meantime. Choose another one."))
    if approach.version != version:
        raise Conflict(_("This approach was changed in the meantime. Read what it says now, then choose."))
    language = guess_language(form.reason)
    _put_choice(session, actor_id, approach, form, language)
    facts = {
        "approach": approach.id,
        "voices": approach.preferences,
        "of": sum(each.preferences for each in approaches),
    }
    tell(
        session, "pilot", pilot.id, "approach.chosen", actor_id=actor_id, by_city=True, text=form.reason,
        language=language, facts=facts,
    )  # fmt: skip
    write_down(session, "approach.chosen", "pilot", pilot.id, actor_id=actor_id, role="team", facts=facts)


def _freeze_problem(session: Session, pilot: Pilot, seen: int) -> None:
    """Locks the row, too: no approach comes or goes until the choice is made."""
    at = now()
    freezing = update(Pilot).where(
        col(Pilot.id) == pilot.id,
        col(Pilot.visible),
        col(Pilot.stage).in_(STILL_CHOOSING),
        col(Pilot.version) == seen,
    )
    if count_changed(session, freezing.values(frozen_at=func.coalesce(Pilot.frozen_at, at), updated_at=at)):
        return
    session.refresh(pilot, ["stage", "version"])
    if pilot.stage not in STILL_CHOOSING:
        raise Conflict(_("This pilot is past the stage at which an approach is chosen."))
    raise Conflict(_("The problem was rewritten in the meantime. Read it again, then choose."))


def _put_choice(session: Session, actor_id: int, approach: Approach, form: ChoiceForm, language: str) -> None:
    values = {
        "approach_id": approach.id, "number": form.seen + 1, "reason": form.reason, "language": language,
        "chosen_by": actor_id, "chosen_at": now(),
    }  # fmt: skip
    if form.seen == 0:
        is_mine = insert_once(session, ApproachChoice, pilot_id=approach.pilot_id, **values)
    else:
        anew = update(ApproachChoice).where(
            col(ApproachChoice.pilot_id) == approach.pilot_id, col(ApproachChoice.number) == form.seen
        )
        is_mine = count_changed(session, anew.values(**values)) == 1
    if not is_mine:
        raise Conflict(
            _("A colleague chose in the meantime. Read their reason first; choose again if yours should stand.")
        )
