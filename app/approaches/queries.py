from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.approaches.models import Approach, ApproachChoice, Preference
from app.content.models import Content
from app.content.queries import read_reasons
from app.core.paging import Page
from app.pilots.models import Pilot, Stage

MOST_APPROACHES = 40
"""So many compete for one pilot at most."""
REASONS_PER_PAGE = 20
OPEN = (Stage.IDEA,)
"""While a pilot is here, approaches are proposed and preferred."""
STILL_CHOOSING = (Stage.IDEA, Stage.PROOF_OF_CONCEPT)

WHOLE: Any = (
    selectinload(Approach.parts),  # type: ignore[arg-type]
    joinedload(Approach.content).joinedload(Content.author),  # type: ignore[arg-type]
)


@dataclass(frozen=True)
class Competition:
    """The approaches of a pilot as a viewer sees them: which is chosen, and which one the viewer prefers."""

    approaches: Sequence[Approach]
    choice: ApproachChoice | None
    mine: Preference | None
    is_open: bool

    @property
    def chosen_id(self) -> int:
        return self.choice.approach_id if self.choice else 0

    @property
    def preferred_id(self) -> int:
        return self.mine.approach_id if self.mine else 0

    @property
    def voices(self) -> int:
        return sum(approach.preferences for approach in self.approaches)


def on_pilot(session: Session, pilot: Pilot, viewer: Person | None) -> Competition:
    return Competition(
        approaches_of(session, pilot.id),
        choice_of(session, pilot.id),
        preference_of(session, pilot.id, viewer.id) if viewer else None,
        pilot.stage in OPEN,
    )


def approaches_of(session: Session, pilot_id: int) -> Sequence[Approach]:
    """All that can be seen, with their parts and authors, most preferred first; never more than `MOST_APPROACHES`."""
    return session.exec(
        select(Approach)
        .where(Approach.pilot_id == pilot_id, col(Approach.visible))
        .options(*WHOLE)
        .order_by(col(Approach.preferences).desc(), col(Approach.id))
        .limit(MOST_APPROACHES)
    ).all()


def choice_of(session: Session, pilot_id: int) -> ApproachChoice | None:
    """The choice with its approach and parts; None also while the chosen approach is hidden."""
    return session.exec(
        select(ApproachChoice)
        .join(Approach, col(Approach.id) == ApproachChoice.approach_id)
        .where(ApproachChoice.pilot_id == pilot_id, col(Approach.visible))
        .options(joinedload(ApproachChoice.approach).options(*WHOLE))  # type: ignore[arg-type]
    ).first()


def visible_approach(session: Session, pilot_id: int, approach_id: int) -> Approach | None:
    found = select(Approach).where(Approach.id == approach_id, Approach.pilot_id == pilot_id, col(Approach.visible))
    return session.exec(found.options(*WHOLE)).first()


def approach_with_nonce(session: Session, nonce: str) -> Approach | None:
    with_author = joinedload(Approach.content)  # type: ignore[arg-type]
    return session.exec(select(Approach).where(Approach.nonce == nonce).options(with_author)).first()


def preference_of(session: Session, pilot_id: int, person_id: int) -> Preference | None:
    return session.exec(
        select(Preference).where(Preference.pilot_id == pilot_id, Preference.person_id == person_id)
    ).first()


def is_preferred_by_others(session: Session, approach: Approach) -> bool:
    """Than its author: from then on it is no longer only theirs."""
    others = select(Preference.id).where(Preference.approach_id == approach.id)
    if author_id := approach.content.author_id:
        others = others.where(Preference.person_id != author_id)
    return session.exec(others.limit(1)).first() is not None


def is_chosen(session: Session, approach: Approach) -> bool:
    choice = session.get(ApproachChoice, approach.pilot_id)
    return choice is not None and choice.approach_id == approach.id


def times_chosen(session: Session, pilot_id: int) -> int:
    """Also when what was chosen is hidden by now."""
    chosen = select(ApproachChoice.number).where(ApproachChoice.pilot_id == pilot_id)
    return session.exec(chosen).first() or 0


def count_approaches(session: Session, pilot_id: int, author_id: int | None = None) -> int:
    visible = select(func.count(col(Approach.id))).where(Approach.pilot_id == pilot_id, col(Approach.visible))
    if author_id is not None:
        visible = visible.join(Content, col(Content.id) == Approach.content_id).where(Content.author_id == author_id)
    return session.exec(visible).one()


def reasons_for(session: Session, approach_id: int, after: str = "", size: int = REASONS_PER_PAGE) -> Page[Preference]:
    """Why people prefer it, newest first, with who says so."""
    return read_reasons(session, Preference, Preference.approach_id == approach_id, after, size)
