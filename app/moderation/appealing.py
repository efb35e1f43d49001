"""Objecting to a decision, and answering that: never by the moderator who decided."""

from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.activity.actions import write_down
from app.core.clock import now
from app.core.errors import Conflict, NotAllowed
from app.core.i18n import _
from app.core.writes import count_changed, insert_once
from app.moderation import letters
from app.moderation.deciding import carry_out
from app.moderation.forms import AnswerForm
from app.moderation.models import (
    Appeal,
    Case,
    Decision,
    Flag,
    FoundBy,
    Measure,
    Outcome,
    Verdict,
)
from app.moderation.subjects import Subject

OBJECTED = _("You have objected to this already. Another moderator looks at it.")
TOO_LATE = _("It is more than six months ago, so you can no longer object.")


def may_author_appeal(decision: Decision) -> bool:
    return decision.restricts and decision.is_in_time and decision.overturned_at is None


def may_flagger_appeal(decision: Decision | None) -> bool:
    """Against what stays for everybody to see; what was left hidden does not."""
    if decision is None or not decision.is_in_time or decision.overturned_at:
        return False
    return decision.verdict is Verdict.FINE or (
        decision.verdict is Verdict.KEEP and decision.measure is not Measure.NONE
    )


def appeal_as_author(session: Session, person: Person, decision: Decision, reasons: str) -> None:
    """Raises Conflict when it is too late, or a second time."""
    if not may_author_appeal(decision):
        raise Conflict(TOO_LATE if not decision.is_in_time else _("You cannot object to this decision."))
    _note_down(session, decision, reasons, person_id=person.id, flag_id=None)


def appeal_as_flagger(session: Session, flag: Flag, reasons: str) -> None:
    decision = flag.decision
    if decision is None or not may_flagger_appeal(decision):
        late = decision is not None and not decision.is_in_time
        raise Conflict(TOO_LATE if late else _("You cannot object to this decision."))
    _note_down(session, decision, reasons, person_id=flag.person_id, flag_id=flag.id)


def _note_down(session: Session, decision: Decision, reasons: str, **who: int | None) -> None:
    if not insert_once(session, Appeal, decision_id=decision.id, reasons=reasons, created_at=now(), answer="", **who):
        raise Conflict(OBJECTED)


@dataclass(frozen=True)
class Review:
    """What another moderator looks at: the objection, the decision and what it is about."""

    appeal: Appeal
    subject: Subject

    @property
    def decision(self) -> Decision:
        return self.appeal.decision

    @property
    def by_author(self) -> bool:
        return self.appeal.flag_id is None


def refuse_judge_in_own_cause(moderator: Person, review: Review) -> None:
    if review.decision.moderator_id == moderator.id:
        raise NotAllowed(_("You took this decision. Another moderator answers the objection."))
    if moderator.id in (review.appeal.person_id, review.decision.author_id):
        raise NotAllowed(_("This is about you. Another moderator answers the objection."))


def answer_appeal(session: Session, moderator: Person, review: Review, form: AnswerForm) -> None:
    """Answers this objection, and others from the same side. Raises Conflict when somebody did so before."""
    refuse_judge_in_own_cause(moderator, review)
    with session.begin_nested():
        answered = _claim(session, moderator, review, form)
        if form.outcome is Outcome.REVERSED:
            review.decision.overturned_at = now()
            session.add(review.decision)
            _reverse(session, moderator, review, form)
        letters.tell_objectors(session, review.decision, answered, form.outcome, form.answer)
        write_down(
            session,
            f"moderation.appeal-{form.outcome}",
            "content",
            review.decision.content_id,
            actor_id=moderator.id,
            role="moderator",
            facts={"decision": review.decision.id, "appeal": review.appeal.id},
        )


def _claim(session: Session, moderator: Person, review: Review, form: AnswerForm) -> list[Appeal]:
    values = {"answered_at": now(), "answered_by": moderator.id, "outcome": form.outcome, "answer": form.answer}
    this = update(Appeal).where(col(Appeal.id) == review.appeal.id, col(Appeal.answered_at).is_(None))
    if not count_changed(session, this.values(**values)):
        raise Conflict(_("Another moderator answered this objection just now. Nothing of yours was done."))
    same_side = col(Appeal.flag_id).is_(None) if review.by_author else col(Appeal.flag_id).is_not(None)
    others = select(Appeal).where(
        Appeal.decision_id == review.decision.id, col(Appeal.answered_at).is_(None), same_side
    )
    found = list(session.exec(others))
    for appeal in found:
        appeal.sqlmodel_update(values)
        session.add(appeal)
    return [review.appeal, *found]


def _reverse(session: Session, moderator: Person, review: Review, form: AnswerForm) -> None:
    """By a decision of its own, unless a later one stands already."""
    reversal = _restoring(session, review) if review.by_author else _hiding(review, form)
    last = session.exec(select(Case.last_decision_id).where(Case.content_id == review.decision.content_id)).one()
    if reversal is None or last != review.decision.id:
        return
    reversal.moderator_id, reversal.facts = moderator.id, form.answer
    carry_out(session, review.subject, reversal, seen_decision=last, seen_flag=0)


def _restoring(session: Session, review: Review) -> Decision | None:
    decision, author = review.decision, review.subject.author
    is_hidden = decision.verdict is Verdict.HIDE and review.subject.is_hidden
    theirs = decision.measure is Measure.SUSPEND and author is not None
    lifts = theirs and author is not None and author.suspended_until == decision.suspended_until
    if not (is_hidden or lifts):
        return None
    return _reversal(review, Verdict.RESTORE if is_hidden else Verdict.KEEP, Measure.LIFT if lifts else Measure.NONE)


def _hiding(review: Review, form: AnswerForm) -> Decision | None:
    if review.subject.is_hidden:
        return None
    reversal = _reversal(review, Verdict.HIDE, Measure.NONE)
    reversal.ground = form.ground
    return reversal


def _reversal(review: Review, verdict: Verdict, measure: Measure) -> Decision:
    return Decision(
        content_id=review.decision.content_id,
        author_id=review.decision.author_id,
        moderator_id=0,
        verdict=verdict,
        measure=measure,
        found_by=FoundBy.APPEAL,
    )
