from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, union_all
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from app.activity.models import TimelineEntry
from app.content.models import Content
from app.content.queries import read_reasons
from app.core.paging import Page
from app.issues.merged import counts_for
from app.issues.models import Follow, Issue, Status, Vote
from app.solved.models import SolvedAnswer, SolvedQuestion

OPEN = (Status.RESOLVED, Status.CONFIRMED)
"""While it stands so, people may answer and change their answer."""
# Asked by the page of each issue that was solved: putting a statement together takes longer than running it.
LAST_CLAIM: Any = (
    select(TimelineEntry)
    .where(
        TimelineEntry.subject_kind == "issue",
        TimelineEntry.subject_id == bindparam("issue_id"),
        TimelineEntry.kind == f"status.{Status.RESOLVED}",
    )
    .order_by(col(TimelineEntry.id).desc())
    .limit(1)
)
QUESTION_ABOUT: Any = select(SolvedQuestion).where(SolvedQuestion.entry_id == bindparam("entry_id"))
SHOWN = 5
REASONS_PER_PAGE = 20


@dataclass(frozen=True)
class Asked:
    """What the page of an issue shows beside the city's word: counts, some reasons, and the viewer's own answer."""

    is_open: bool
    may_answer: bool
    yes: int
    no: int
    mine: SolvedAnswer | None
    reasons: Sequence[SolvedAnswer]
    more: bool

    @property
    def answers(self) -> int:
        return self.yes + self.no


def what_residents_say(session: Session, issue: Issue, viewer_id: int | None) -> Asked | None:
    """None where the city did not say that it is solved."""
    if issue.status not in (*OPEN, Status.REOPENED):
        return None
    claim = last_claim(session, issue.id)
    if claim is None:
        return None
    question = question_about(session, claim)
    is_open = issue.status in OPEN
    if question is None and not is_open:
        return None
    page = reasons_of(session, question.id, size=SHOWN) if question else Page([], None)
    return Asked(
        is_open=is_open,
        may_answer=is_open and viewer_id is not None and is_concerned(session, viewer_id, issue.id),
        yes=question.yes if question else 0,
        no=question.no if question else 0,
        mine=answer_of(session, question.id, viewer_id) if question and viewer_id else None,
        reasons=page.items,
        more=page.next is not None,
    )


def last_claim(session: Session, issue_id: int) -> TimelineEntry | None:
    """The last time that the city said that it is solved."""
    return session.scalars(LAST_CLAIM, {"issue_id": issue_id}).first()


def question_about(session: Session, claim: TimelineEntry) -> SolvedQuestion | None:
    return session.scalars(QUESTION_ABOUT, {"entry_id": claim.id}).first()


def answer_of(session: Session, question_id: int, person_id: int) -> SolvedAnswer | None:
    return session.exec(
        select(SolvedAnswer)
        .where(SolvedAnswer.question_id == question_id, SolvedAnswer.person_id == person_id)
        .options(joinedload(SolvedAnswer.content))  # type: ignore[arg-type]
    ).first()


def reasons_of(session: Session, question_id: int, after: str = "", size: int = REASONS_PER_PAGE) -> Page[SolvedAnswer]:
    """Newest first, with who gave them."""
    return read_reasons(session, SolvedAnswer, SolvedAnswer.question_id == question_id, after, size)


def is_concerned(session: Session, person_id: int, issue_id: int) -> bool:
    """Who filed it or something merged into it, voted for it, or follows it."""
    these = select(Issue.id).where(counts_for(issue_id))
    filed = (
        select(Issue.id)
        .join(Content, col(Content.id) == Issue.content_id)
        .where(counts_for(issue_id), Content.author_id == person_id)
    )
    voted = select(Vote.issue_id).where(Vote.person_id == person_id, col(Vote.issue_id).in_(these))
    follows = select(Follow.issue_id).where(
        Follow.person_id == person_id, col(Follow.issue_id).in_(these), col(Follow.ended_at).is_(None)
    )
    return session.execute(union_all(filed, voted, follows).limit(1)).first() is not None


def author_of(session: Session, issue: Issue) -> int | None:
    return session.exec(select(Content.author_id).where(Content.id == issue.content_id)).first()
