"""Deciding about what was flagged or found, on the condition that nobody else just did."""

from datetime import timedelta

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.activity.actions import write_down
from app.content.models import Kind, Visibility
from app.core.clock import now
from app.core.errors import Conflict, NotAllowed
from app.core.i18n import Text, _
from app.core.writes import count_changed
from app.moderation import letters
from app.moderation.flagging import open_case
from app.moderation.forms import DecisionForm
from app.moderation.models import Case, Decision, Flag, FoundBy, Measure, Verdict
from app.moderation.subjects import Subject
from app.moderation.visibility import give_name_back, set_visibility, take_name_away

WHAT_HAPPENED: dict[Verdict, Text] = {
    Verdict.FINE: _("It was found to be fine."),
    Verdict.HIDE: _("It was hidden."),
    Verdict.RESTORE: _("It was restored."),
    Verdict.KEEP: _("It was left as it is."),
}


class DecidedMeanwhile(Conflict):
    """Another decision came first; what was typed is still there."""

    def __init__(self, happened: Text) -> None:
        super().__init__(
            _(
                "Another moderator decided about this just now. %(happened)s Nothing of yours was done.",
                happened=happened,
            )
        )


def refuse_own(moderator: Person, subject: Subject) -> None:
    if subject.author is not None and subject.author.id == moderator.id:
        raise NotAllowed(_("You cannot decide about what you published yourself. Another moderator does that."))


def decide(session: Session, moderator: Person, subject: Subject, form: DecisionForm) -> Decision:
    """Raises DecidedMeanwhile, with nothing done, when the last decision is not the one the moderator saw."""
    refuse_own(moderator, subject)
    decision = Decision(
        content_id=subject.content.id,
        author_id=subject.author.id if subject.author else None,
        moderator_id=moderator.id,
        verdict=form.verdict,
        measure=form.measure,
        ground=form.ground,
        facts=form.facts,
        found_by=FoundBy.MODERATOR,
        hidden_until=form.hides_until,
        suspended_until=form.suspends_until,
    )
    return carry_out(session, subject, decision, form.seen_decision, form.seen_flag)


def carry_out(session: Session, subject: Subject, decision: Decision, seen_decision: int, seen_flag: int) -> Decision:
    """Everything that a decision does, or nothing of it."""
    with session.begin_nested():
        session.add(decision)
        session.flush()
        _claim_case(session, subject, decision, seen_decision)
        _change_content(session, subject, decision)
        _act_on_author(session, subject, decision)
        flags = _answer_flags(session, decision, seen_flag)
        letters.tell_author(session, subject, decision)
        letters.tell_flaggers(session, decision, flags)
        write_down(
            session,
            f"moderation.{decision.verdict}",
            "content",
            subject.content.id,
            actor_id=decision.moderator_id,
            role="moderator",
            facts={"decision": decision.id, "measure": decision.measure, "ground": decision.ground or ""},
        )
    return decision


def _claim_case(session: Session, subject: Subject, decision: Decision, seen_decision: int) -> None:
    open_case(session, subject.content)
    case = update(Case).where(col(Case.content_id) == subject.content.id, col(Case.last_decision_id) == seen_decision)
    if not count_changed(session, case.values(last_decision_id=decision.id)):
        raise DecidedMeanwhile(what_happened(session, subject))


def what_happened(session: Session, subject: Subject) -> Text:
    last = (
        select(Decision.verdict)
        .join(Case, col(Case.last_decision_id) == Decision.id)
        .where(Case.content_id == subject.content.id)
    )
    return WHAT_HAPPENED[Verdict(session.exec(last).one())]


def _change_content(session: Session, subject: Subject, decision: Decision) -> None:
    if decision.verdict in (Verdict.FINE, Verdict.KEEP):
        return
    hides = decision.verdict is Verdict.HIDE
    changed = set_visibility(session, subject.content, Visibility.HIDDEN if hides else Visibility.VISIBLE)
    if not changed:
        raise DecidedMeanwhile(_("It was taken away or put back."))
    if subject.kind is Kind.DISPLAY_NAME and subject.author:
        _change_name(session, subject.author, decision)


def _change_name(session: Session, person: Person, decision: Decision) -> None:
    if decision.verdict is Verdict.HIDE:
        decision.kept_name, decision.given_name = take_name_away(session, person)
        session.add(decision)
    elif taken := last_name_taken(session, decision.content_id):
        give_name_back(session, taken)


def last_name_taken(session: Session, content_id: int) -> Decision | None:
    taken = select(Decision).where(Decision.content_id == content_id, col(Decision.kept_name).is_not(None))
    return session.exec(taken.order_by(col(Decision.id).desc())).first()


def _act_on_author(session: Session, subject: Subject, decision: Decision) -> None:
    if subject.author is None or decision.measure in (Measure.NONE, Measure.WARN):
        return
    subject.author.suspended_until = decision.suspended_until if decision.measure is Measure.SUSPEND else None
    session.add(subject.author)


def _answer_flags(session: Session, decision: Decision, seen_flag: int) -> list[Flag]:
    """The flags that the moderator had read; what came in since stays in the queue."""
    theirs = (Flag.content_id == decision.content_id, col(Flag.decision_id).is_(None))
    answered = list(session.exec(select(Flag).where(*theirs, col(Flag.id) <= seen_flag).order_by(col(Flag.id))))
    for flag in answered:
        flag.decision_id = decision.id
        session.add(flag)
    session.flush()
    if answered:
        decision.flags = len(answered)
        if decision.found_by is FoundBy.MODERATOR:
            decision.found_by = FoundBy.FLAG
            decision.waited_seconds = round((now() - answered[0].created_at) / timedelta(seconds=1))
        session.add(decision)
    left = select(func.count(col(Flag.id))).where(*theirs).scalar_subquery()
    first = select(func.min(Flag.id)).where(*theirs).scalar_subquery()
    case = update(Case).where(col(Case.content_id) == decision.content_id)
    session.execute(case.values(open_flags=left, first_flag_id=first))
    return answered
