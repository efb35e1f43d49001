"""What was decided about a pilot, as a reader may see it: internal answers are counted, and shown to the team only."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.approaches.models import Approach
from app.coalition.models import Partner
from app.core.i18n import Text
from app.core.paging import Page, decode_after, encode_after
from app.gates.answers import day_in, in_words
from app.gates.models import GateDecision
from app.gates.questions import QUESTIONS, Sort
from app.lessons.models import Lesson
from app.pilots.models import Pilot

SHOWN = 10


@dataclass(frozen=True)
class Spoken:
    """A question and its answer; a day is put into words by the page."""

    question: Text
    words: Text | str
    internal: bool
    day: date | None = None


@dataclass(frozen=True)
class Told:
    """A decision with who took it. `kept_back` counts the answers that this reader does not see."""

    decision: GateDecision
    by: str | None
    answers: Sequence[Spoken]
    kept_back: int
    chosen: Approach | None = None
    partners: Sequence[Partner] = field(default_factory=tuple)
    lesson: Lesson | None = None


def read_history(session: Session, pilot: Pilot, sees_internal: bool, after: str = "", size: int = SHOWN) -> Page[Told]:
    """Newest first."""
    statement = (
        select(GateDecision, Person.display_name)
        .outerjoin(Person, col(Person.id) == GateDecision.decided_by)
        .where(GateDecision.pilot_id == pilot.id)
    )
    if after:
        statement = statement.where(col(GateDecision.number) < decode_after(after, (int,))[0])
    rows = session.exec(statement.order_by(col(GateDecision.number).desc()).limit(size + 1)).all()
    shown = rows[:size]
    told = _told(session, shown, sees_internal)
    return Page(told, encode_after(shown[-1][0].number) if len(rows) > size else None)


def _told(session: Session, rows: Sequence[Any], sees_internal: bool) -> list[Told]:
    seen = [decision.seen for decision, _name in rows]
    chosen = _visible(session, Approach, [each.get("chosen") for each in seen])
    lessons = _visible(session, Lesson, [each.get("lesson") for each in seen])
    wanted = {partner_id for each in seen for partner_id in each.get("partners", [])}
    found = session.exec(select(Partner).where(col(Partner.id).in_(wanted))).all() if wanted else []
    partners = {partner.id: partner for partner in found}
    return [
        Told(
            decision=decision,
            by=name,
            answers=_spoken(decision, sees_internal),
            kept_back=0 if sees_internal else sum(answer["internal"] for answer in decision.answers.values()),
            chosen=chosen.get(decision.seen.get("chosen")),
            partners=[partners[number] for number in decision.seen.get("partners", []) if number in partners],
            lesson=lessons.get(decision.seen.get("lesson")),
        )
        for decision, name in rows
    ]


def _visible(session: Session, table: Any, numbers: Collection[int | None]) -> Mapping[int | None, Any]:
    """What was hidden since is not named."""
    wanted = {number for number in numbers if number is not None}
    if not wanted:
        return {}
    return {row.id: row for row in session.exec(select(table).where(table.id.in_(wanted), table.visible))}


def _spoken(decision: GateDecision, sees_internal: bool) -> list[Spoken]:
    return [
        Spoken(
            question=question.text,
            words=in_words(question, answer["text"]),
            internal=answer["internal"],
            day=day_in(answer["text"]) if question.sort is Sort.DATE else None,
        )
        for question in QUESTIONS[decision.gate]
        if (answer := decision.answers.get(question.key)) and (sees_internal or not answer["internal"])
    ]
