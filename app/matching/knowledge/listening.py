"""Reads from the database what people say below an issue, and what else its supporters support.

Whether an issue is visible is looked at row by row: as a condition, SQLite would read the whole city by its index.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import case, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.content.models import Content
from app.discussions.models import Comment
from app.issues.models import Issue, Vote
from app.matching.engine.talk import FEWEST_SUPPORTERS, Talk, said_about
from app.matching.thesaurus.expressions import Thesaurus
from app.pilots.models import PilotIssue

MOST_READ = 60  # comments, the newest
MOST_ASKED = 100  # supporters, the newest
MOST_PILOTS = 20


def listen(session: Session, issue_id: int, thesaurus: Thesaurus) -> Talk:
    """To the issue and to those that were merged into it; what is hidden or deleted does not count, nor
    what somebody says or supports who objects to automatic matching."""
    together = [
        row
        for which in (col(Issue.id) == issue_id, col(Issue.merged_into) == issue_id)
        for row in session.exec(select(Issue.id, Issue.thread_id, Issue.visible).where(which))
        if row[2]
    ]
    issues = [each for each, _thread, _visible in together]
    meaning, people = said_about(_voices(session, [thread for _issue, thread, _visible in together]), thesaurus)
    supporters = _supporters(session, issues)
    if len(supporters) < FEWEST_SUPPORTERS:
        return Talk(meaning, people, len(supporters))
    supported = _pilots_supported(session, issues, supporters)
    return Talk(meaning, people, len(supporters), supported, _usual_shares(session, supported))


def _voices(session: Session, threads: Collection[int]) -> list[tuple[str, str]]:
    """Per person the language and the text of all they wrote; whoever has left is somebody else each time."""
    above = aliased(Comment)
    rows = session.exec(
        select(Comment.id, Comment.body, Content.language, Content.author_id)
        .join(Content, col(Content.id) == Comment.content_id)
        .outerjoin(above, col(above.id) == Comment.parent_id)
        .outerjoin(Person, col(Person.id) == Content.author_id)
        .where(col(Comment.thread_id).in_(threads), col(Comment.visible), col(Comment.deleted_at).is_(None))
        .where(or_(col(Comment.parent_id).is_(None), col(above.visible)), col(Person.unmatched_since).is_(None))
        .order_by(col(Comment.id).desc())
        .limit(MOST_READ)
    )
    said: dict[tuple[int, str], list[str]] = defaultdict(list)
    for comment_id, body, language, author_id in rows:
        said[author_id or -comment_id, language].append(body)
    return [(language, "\n".join(texts)) for (_who, language), texts in sorted(said.items())]


def _supporters(session: Session, issues: Collection[int]) -> Sequence[int]:
    voted = (
        select(Vote.person_id)
        .join(Person, col(Person.id) == Vote.person_id)
        .where(col(Vote.issue_id).in_(issues), col(Person.unmatched_since).is_(None))
        .group_by(col(Vote.person_id))
    )
    newest = voted.order_by(func.max(Vote.created_at).desc(), col(Vote.person_id)).limit(MOST_ASKED)
    return session.exec(newest).all()


def _pilots_supported(session: Session, issues: Collection[int], supporters: Collection[int]) -> dict[int, int]:
    people: Any = func.count(func.distinct(case((col(Issue.visible), Vote.person_id))))
    rows = session.exec(
        select(PilotIssue.pilot_id, people)
        .join(Vote, col(Vote.issue_id) == PilotIssue.issue_id)
        .join(Issue, col(Issue.id) == PilotIssue.issue_id)
        .where(col(Vote.person_id).in_(supporters), col(Issue.id).not_in(issues))
        .group_by(col(PilotIssue.pilot_id))
        .order_by(people.desc(), col(PilotIssue.pilot_id))
        .limit(MOST_PILOTS)
    )
    return {pilot_id: count for pilot_id, count in rows if count >= FEWEST_SUPPORTERS}


def _usual_shares(session: Session, pilot_ids: Collection[int]) -> dict[int, float]:
    """At most: who supports two issues of a pilot is counted twice."""
    whole = max(1, session.exec(select(func.count()).select_from(Person)).one())
    rows = session.exec(
        select(PilotIssue.pilot_id, func.sum(case((col(Issue.visible), Issue.vote_count), else_=0)))
        .join(Issue, col(Issue.id) == PilotIssue.issue_id)
        .where(col(PilotIssue.pilot_id).in_(pilot_ids))
        .group_by(col(PilotIssue.pilot_id))
    )
    return {pilot_id: min(1.0, int(count) / whole) for pilot_id, count in rows}
