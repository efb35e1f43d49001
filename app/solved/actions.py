"""Saying whether it is solved, and what follows from that."""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.activity.models import TimelineEntry
from app.content.actions import publish
from app.content.models import Kind
from app.core.clock import now
from app.core.db import Database
from app.core.errors import Conflict, NotAllowed
from app.core.i18n import _
from app.core.language import guess_language
from app.core.writes import insert_once
from app.issues.actions import change_status
from app.issues.models import Issue, Status
from app.solved.forms import SolvedForm
from app.solved.models import SolvedAnswer, SolvedQuestion
from app.solved.queries import OPEN, answer_of, author_of, is_concerned, last_claim, question_about

TIME_TO_ANSWER = timedelta(days=14)
MANY_NOES = 5
ENOUGH_YES = 3
WEIGHED_AT_ONCE = 200


def answer(session: Session, person: Person, issue: Issue, form: SolvedForm, claim_id: int | None = None) -> None:
    """Once per person, and changeable. `claim_id` is the time that the person was asked about.

    A no of the author opens the issue again, and so do many noes; enough yeses confirm it, two weeks after the city's
    word at the earliest.
    """
    claim = last_claim(session, issue.id)
    if issue.status not in OPEN or claim is None or claim.id != (claim_id or claim.id):
        raise Conflict(_("This question is no longer open: the issue has gone on since. Look at it again."))
    if not is_concerned(session, person.id, issue.id):
        raise NotAllowed(_("Only people who filed this issue, voted for it or follow it can say whether it is solved."))
    question = _lock_question(session, issue, claim)
    _keep_answer(session, person, question, form)
    _count(session, question)
    _draw_conclusions(session, issue, question, claim, person, form)


def _lock_question(session: Session, issue: Issue, claim: TimelineEntry) -> SolvedQuestion:
    """Answers to one question are counted one after the other."""
    insert_once(
        session, SolvedQuestion, issue_id=issue.id, entry_id=claim.id, asked_at=claim.at, yes=0, no=0, weighed_at=None
    )
    locked = update(SolvedQuestion).where(col(SolvedQuestion.entry_id) == claim.id)
    session.execute(locked.values(yes=SolvedQuestion.yes).execution_options(synchronize_session=False))
    question = question_about(session, claim)
    if question is None:
        raise LookupError("a question that was just asked is gone")
    return question


def _keep_answer(session: Session, person: Person, question: SolvedQuestion, form: SolvedForm) -> None:
    says_yes = form.solved == "yes"
    known = answer_of(session, question.id, person.id)
    mine = known or SolvedAnswer(question_id=question.id, person_id=person.id, is_solved=says_yes)
    mine.is_solved, mine.answered_at, mine.reason = says_yes, now(), form.reason
    if form.reason and mine.content_id is None:
        mine.content_id = publish(session, Kind.REASON, person.id, guess_language(form.reason)).id
    session.add(mine)
    session.flush()


def _count(session: Session, question: SolvedQuestion) -> None:
    counted = select(SolvedAnswer.is_solved, func.count()).where(SolvedAnswer.question_id == question.id)
    counts = dict(session.exec(counted.group_by(col(SolvedAnswer.is_solved))).all())
    question.yes, question.no = counts.get(True, 0), counts.get(False, 0)
    session.add(question)
    session.flush()


def _draw_conclusions(
    session: Session, issue: Issue, question: SolvedQuestion, claim: TimelineEntry, person: Person, form: SolvedForm
) -> None:
    if form.solved == "no" and author_of(session, issue) == person.id:
        _reopen(session, issue, question, person.id, "author")
    elif question.no >= MANY_NOES and question.no * 2 > question.answers:
        _reopen(session, issue, question, None, "residents")
    elif claim.at + TIME_TO_ANSWER <= now():
        confirm_if_enough(session, issue, question)


def _reopen(session: Session, issue: Issue, question: SolvedQuestion, actor_id: int | None, by: str) -> None:
    """Back on the desk of the city team, as something that waits for their word."""
    facts = {"by": by, "yes": question.yes, "no": question.no}
    change_status(session, issue, Status.REOPENED, actor_id=actor_id, facts=facts, by_city=False)


def confirm_if_enough(session: Session, issue: Issue, question: SolvedQuestion) -> bool:
    """Two thirds of the answers are yes, and the author is among them or at least three people are."""
    if issue.status is not Status.RESOLVED or question.yes * 3 < question.answers * 2:
        return False
    if question.yes < ENOUGH_YES and not _author_says_yes(session, issue, question):
        return False
    facts = {"by": "residents", "yes": question.yes, "no": question.no}
    change_status(session, issue, Status.CONFIRMED, actor_id=None, facts=facts, by_city=False)
    return True


def _author_says_yes(session: Session, issue: Issue, question: SolvedQuestion) -> bool:
    author_id = author_of(session, issue)
    said = answer_of(session, question.id, author_id) if author_id else None
    return said is not None and said.is_solved


def weigh_answers(database: Database) -> int:
    """Two weeks after the city's word each question is looked at once; later answers are weighed as they come."""
    with database.session() as session:
        over = select(SolvedQuestion.id).where(
            col(SolvedQuestion.asked_at) <= now() - TIME_TO_ANSWER, col(SolvedQuestion.weighed_at).is_(None)
        )
        due = session.exec(over.order_by(col(SolvedQuestion.asked_at)).limit(WEIGHED_AT_ONCE)).all()
    return sum(_weigh(database, question_id) for question_id in due)


def _weigh(database: Database, question_id: int) -> bool:
    with database.session() as session:
        mine = update(SolvedQuestion).where(
            col(SolvedQuestion.id) == question_id, col(SolvedQuestion.weighed_at).is_(None)
        )
        weighed = session.execute(mine.values(weighed_at=now()).returning(col(SolvedQuestion.id))).first()
        question = session.get(SolvedQuestion, question_id)
        issue = session.get(Issue, question.issue_id) if question else None
        if weighed is None or question is None or issue is None:
            return False
        claim = last_claim(session, issue.id)
        return claim is not None and claim.id == question.entry_id and confirm_if_enough(session, issue, question)
