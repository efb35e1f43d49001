from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import tuple_
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, func, select

from app.accounts.models import Person, Role
from app.content.models import Content
from app.core.paging import Page, decode_after, encode_after
from app.pilots.behind import people_behind_pilots
from app.pilots.models import Pilot, Stage
from app.verdicts.models import Verdict, VerdictQuestion, VerdictRule

SHOWN = 3
REASONS_PER_PAGE = 20
MOST_WAITING = 5
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class OnPilot:
    """What residents said of a pilot, for its page: counts, some reasons, and the viewer's own answer.

    `mine` is None for who was not asked. `newcomers` is for the team: how many could be asked once more.
    """

    question: VerdictQuestion | None
    mine: Verdict | None
    reasons: Sequence[Verdict]
    more: bool
    may_be_asked: bool
    newcomers: int


def on_pilot(session: Session, pilot: Pilot, viewer: Person | None) -> OnPilot:
    question = verdict_of(session, pilot.id)
    page = read_reasons(session, pilot.id, size=SHOWN) if question and question.replies else Page([], None)
    is_team = viewer is not None and viewer.has_role(Role.TEAM)
    return OnPilot(
        question=question,
        mine=own_verdict(session, pilot.id, viewer.id) if question and viewer else None,
        reasons=page.items,
        more=page.next is not None,
        may_be_asked=is_team and pilot.stage is not Stage.IDEA,
        newcomers=count_newcomers(session, pilot.id) if is_team else 0,
    )


def verdict_of(session: Session, pilot_id: int) -> VerdictQuestion | None:
    """None where nobody was asked yet."""
    return session.get(VerdictQuestion, pilot_id)


def questions_about(session: Session, pilot_ids: Collection[int]) -> dict[int, VerdictQuestion]:
    """By the number of the pilot; those about which nobody was asked are not in it."""
    asked = session.exec(select(VerdictQuestion).where(col(VerdictQuestion.pilot_id).in_(pilot_ids)))
    return {question.pilot_id: question for question in asked}


def rule_of(session: Session) -> VerdictRule:
    """What the city asks of a verdict; until an administrator sets it, what we propose."""
    return session.get(VerdictRule, 1) or VerdictRule()


def own_verdict(session: Session, pilot_id: int, person_id: int) -> Verdict | None:
    """None for who was not asked."""
    asked = select(Verdict).where(Verdict.pilot_id == pilot_id, Verdict.person_id == person_id)
    return session.exec(asked.execution_options(populate_existing=True)).first()


def count_newcomers(session: Session, pilot_id: int) -> int:
    """Who stands behind its issues and was not asked."""
    people = people_behind_pilots([pilot_id])
    asked = select(Verdict.id).where(Verdict.pilot_id == pilot_id, Verdict.person_id == people.c.person_id)
    counted: Any = select(func.count()).select_from(people).where(~asked.exists())
    return int(session.execute(counted).scalar_one())


def read_reasons(session: Session, pilot_id: int, after: str = "", size: int = REASONS_PER_PAGE) -> Page[Verdict]:
    """Newest first, with who gave them."""
    statement = select(Verdict).where(Verdict.pilot_id == pilot_id, col(Verdict.visible), Verdict.reason != "")
    if after:
        micros, number = decode_after(after, (int, int))
        place = (EPOCH + timedelta(microseconds=micros), int(number))
        statement = statement.where(tuple_(col(Verdict.answered_at), col(Verdict.id)) < place)
    with_author = joinedload(Verdict.content).joinedload(Content.author)  # type: ignore[arg-type]
    newest = statement.options(with_author).order_by(col(Verdict.answered_at).desc(), col(Verdict.id).desc())
    rows = session.exec(newest.limit(size + 1)).all()
    return Page(rows[:size], _place_of(rows[size - 1]) if len(rows) > size else None)


def _place_of(verdict: Verdict) -> str:
    since = (verdict.answered_at or EPOCH) - EPOCH
    return encode_after(since // timedelta(microseconds=1), verdict.id)


def waiting_for(session: Session, person_id: int, at_most: int = MOST_WAITING) -> Sequence[Pilot]:
    """Pilots about which somebody was asked and has not answered, newest first."""
    return session.exec(
        select(Pilot)
        .join(Verdict, col(Verdict.pilot_id) == Pilot.id)
        .where(Verdict.person_id == person_id, col(Verdict.answer).is_(None), col(Pilot.visible))
        .order_by(col(Verdict.id).desc())
        .limit(at_most)
    ).all()
