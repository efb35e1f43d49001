"""Asking the residents behind a pilot whether it solved their problem, and keeping what they say."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, literal, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.accounts.actions import wait_for_leaving
from app.accounts.models import Person
from app.activity.actions import tell, write_down
from app.content.actions import publish
from app.content.models import Kind
from app.core.clock import now
from app.core.db import Database, Moment
from app.core.errors import Conflict, NotAllowed
from app.core.i18n import _, today
from app.core.language import guess_language
from app.core.writes import count_changed, insert_once
from app.pilots.behind import people_behind_pilots
from app.pilots.models import Pilot, Stage
from app.verdicts.forms import RuleForm, VerdictForm
from app.verdicts.models import Answer, Verdict, VerdictQuestion, VerdictRule
from app.verdicts.queries import own_verdict, verdict_of

IN_TRIAL = (Stage.PROOF_OF_CONCEPT, Stage.PILOT, Stage.SCALING_UP)
"""In these stages the last day of the trial asks by itself."""
ASKED_AT_ONCE = 50
NOT_ASKED = _(
    "You were not among the people who were asked: those who filed, voted for or followed an issue of this pilot by "
    "the day we asked."
)


def ask_residents(session: Session, pilot: Pilot, asked_by: int | None) -> int:
    """Everybody behind its issues who was not asked yet; returns how many. Raises Conflict where nothing was tried."""
    if pilot.stage is Stage.IDEA:
        raise Conflict(_("Nothing has been tried yet, so there is nothing to ask residents about."))
    at = now()
    none = {"asked": 0, "solved": 0, "partly": 0, "not_solved": 0, "moved": 0}
    is_first = insert_once(session, VerdictQuestion, pilot_id=pilot.id, asked_by=asked_by, asked_at=at, **none)
    _lock(session, pilot.id)
    new = _ask_who_was_not_asked(session, pilot.id, at)
    counted = update(VerdictQuestion).where(col(VerdictQuestion.pilot_id) == pilot.id)
    count_changed(session, counted.values(asked=VerdictQuestion.asked + new))
    if new or is_first:
        _record(session, pilot, asked_by, at, new)
    return new


def _lock(session: Session, pilot_id: int) -> None:
    """Answers and further questions about one pilot are counted one after the other."""
    locked = update(VerdictQuestion).where(col(VerdictQuestion.pilot_id) == pilot_id)
    count_changed(session, locked.values(asked=VerdictQuestion.asked))


def _ask_who_was_not_asked(session: Session, pilot_id: int, at: datetime) -> int:
    people = people_behind_pilots([pilot_id])
    said: list[Any] = [literal(at, Moment), literal(""), literal(True)]
    asked: Any = select(people.c.pilot_id, people.c.person_id, *said)
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    rows = dialect.insert(Verdict).from_select(
        ["pilot_id", "person_id", "asked_at", "reason", "visible"], asked.where(people.c.person_id > 0)
    )
    once = rows.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return cast(CursorResult[Any], session.execute(once)).rowcount


def _record(session: Session, pilot: Pilot, asked_by: int | None, at: datetime, new: int) -> None:
    """The entry carries the moment of asking: that is how those who were asked then are found."""
    facts = {"asked": new}
    tell(session, "pilot", pilot.id, "verdict.asked", actor_id=asked_by, by_city=True, facts=facts).at = at
    role = "team" if asked_by else ""
    write_down(session, "verdict.asked", "pilot", pilot.id, actor_id=asked_by, role=role, facts=facts)


def give_verdict(session: Session, person: Person, pilot: Pilot, form: VerdictForm) -> None:
    """Once per person, and changeable; raises NotAllowed for who was not asked."""
    wait_for_leaving(session, person.id)
    _lock(session, pilot.id)
    mine = own_verdict(session, pilot.id, person.id)
    if mine is None:
        raise NotAllowed(NOT_ASKED)
    _count(session, pilot.id, mine.answer, form.answer)
    mine.answer, mine.reason, mine.answered_at = form.answer, form.reason, now()
    if form.reason and mine.content_id is None:
        mine.content_id = publish(session, Kind.VERDICT, person.id, guess_language(form.reason)).id
    session.add(mine)
    session.flush()


def _count(session: Session, pilot_id: int, before: Answer | None, after: Answer) -> None:
    columns = {
        Answer.SOLVED: col(VerdictQuestion.solved),
        Answer.PARTLY: col(VerdictQuestion.partly),
        Answer.NOT_SOLVED: col(VerdictQuestion.not_solved),
        Answer.MOVED: col(VerdictQuestion.moved),
    }
    if before is after:
        return
    change: dict[Any, Any] = {columns[after]: columns[after] + 1}
    if before is not None:
        change[columns[before]] = columns[before] - 1
    counted = update(VerdictQuestion).where(col(VerdictQuestion.pilot_id) == pilot_id)
    count_changed(session, counted.values(change))


def ask_where_the_trial_is_over(database: Database) -> int:
    """On the last day of a trial; returns how many people were asked."""
    with database.session() as session:
        over = select(Pilot.id).where(col(Pilot.ends_on) <= today(), col(Pilot.stage).in_(IN_TRIAL), col(Pilot.visible))
        asked = select(VerdictQuestion.pilot_id).where(VerdictQuestion.pilot_id == Pilot.id)
        due = session.exec(over.where(~asked.exists()).order_by(col(Pilot.ends_on)).limit(ASKED_AT_ONCE)).all()
    return sum(_ask_by_itself(database, pilot_id) for pilot_id in due)


def _ask_by_itself(database: Database, pilot_id: int) -> int:
    with database.session() as session:
        pilot = session.get(Pilot, pilot_id)
        if pilot is None or verdict_of(session, pilot_id) is not None or pilot.stage not in IN_TRIAL:
            return 0
        return ask_residents(session, pilot, None)


def set_rule(session: Session, admin_id: int, form: RuleForm) -> bool:
    """False when nothing changed; raises Conflict when somebody else set it since the person saw it."""
    if (form.least_answers, form.least_share) == (form.seen_answers, form.seen_share):
        return False
    proposed = VerdictRule()
    insert_once(session, VerdictRule, id=1, least_answers=proposed.least_answers, least_share=proposed.least_share)
    seen = update(VerdictRule).where(
        col(VerdictRule.least_answers) == form.seen_answers, col(VerdictRule.least_share) == form.seen_share
    )
    if not count_changed(session, seen.values(least_answers=form.least_answers, least_share=form.least_share)):
        raise Conflict(_("Somebody else changed this in the meantime. Look at what it says now, then save yours."))
    facts = {"least_answers": form.least_answers, "least_share": form.least_share}
    write_down(session, "verdict.rule", "verdict_rule", 1, actor_id=admin_id, role="admin", facts=facts)
    return True
