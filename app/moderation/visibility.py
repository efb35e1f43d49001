"""Hiding and restoring: `content.visibility`, what is repeated of it, and what is counted, in one go."""

from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.names import suggested_name
from app.approaches.models import Approach, Preference
from app.content.models import Content, Kind, Visibility
from app.core.writes import count_changed
from app.discussions.actions import take_turn_below
from app.discussions.models import Comment
from app.issues.actions import count_comment
from app.issues.merging import count_again_where_it_counts, take_turn_where_it_counts
from app.issues.models import Issue, Photo
from app.lessons.models import Lesson
from app.matching.growing.from_decisions import grow_from_issue
from app.matching.refreshing import listen_again
from app.moderation.models import Decision
from app.pilots.models import Pilot
from app.solved.models import SolvedAnswer
from app.verdicts.models import Verdict

REPEATED: dict[Kind, Any] = {
    Kind.ISSUE: Issue,
    Kind.COMMENT: Comment,
    Kind.PHOTO: Photo,
    Kind.PILOT: Pilot,
    Kind.REASON: SolvedAnswer,
    Kind.VERDICT: Verdict,
    Kind.LESSON: Lesson,
    Kind.APPROACH: Approach,
    Kind.PREFERENCE: Preference,
}
"""Where `visible` repeats the visibility of the content, because lists filter on it."""


def set_visibility(session: Session, content: Content, visibility: Visibility) -> bool:
    """False when it was so already. Issues take their comments and photos with them, which stay as they are,
    and their votes, where they were merged."""
    other = Visibility.HIDDEN if visibility is Visibility.VISIBLE else Visibility.VISIBLE
    changing = update(Content).where(col(Content.id) == content.id, col(Content.visibility) == other)
    if not count_changed(session, changing.values(visibility=visibility)):
        return False
    session.refresh(content, ["visibility"])
    visible = visibility is Visibility.VISIBLE
    if content.kind is Kind.COMMENT:
        take_turn_below(session, select(Comment.parent_id).where(Comment.content_id == content.id))
    if content.kind is Kind.ISSUE:
        take_turn_where_it_counts(session, content.id)
    if table := REPEATED.get(content.kind):
        session.execute(update(table).where(table.content_id == content.id).values(visible=visible))
    if content.kind is Kind.COMMENT:
        _count_comments(session, content.id, +1 if visible else -1)
    if content.kind is Kind.ISSUE:
        count_again_where_it_counts(session, content.id)
        for issue_id in session.exec(select(Issue.id).where(Issue.content_id == content.id)).all():
            grow_from_issue(session, issue_id)
    return True


def _count_comments(session: Session, content_id: int, sign: int) -> None:
    """Answers are hidden with the comment above them; a deleted one was no longer counted, but kept its place."""
    comment = session.exec(select(Comment).where(Comment.content_id == content_id)).one()
    gone = [] if comment.deleted_at else [comment.id]
    if comment.parent_id is None:
        there = select(Comment.id).where(
            Comment.parent_id == comment.id, col(Comment.visible), col(Comment.deleted_at).is_(None)
        )
        gone += session.exec(there).all()
    else:
        session.execute(
            update(Comment).where(col(Comment.id) == comment.parent_id).values(reply_count=Comment.reply_count + sign)
        )
        if not session.exec(select(Comment.visible).where(Comment.id == comment.parent_id)).one():
            return
    count_comment(session, comment.thread_id, sign * len(gone))
    listen_again(session, comment.thread_id)


def take_name_away(session: Session, person: Person) -> tuple[str, str]:
    """The name that was, and the friendly one that stands there instead."""
    kept = person.display_name
    person.display_name = suggested_name(person.locale)
    session.add(person)
    session.flush()
    return kept, person.display_name


def give_name_back(session: Session, decision: Decision) -> bool:
    """False when the person has chosen another one meanwhile, which stays."""
    theirs = update(Person).where(col(Person.id) == decision.author_id, col(Person.display_name) == decision.given_name)
    return count_changed(session, theirs.values(display_name=decision.kept_name)) == 1


def is_hidden_name(session: Session, person_id: int, name: str) -> bool:
    """Whether this very name of this person was hidden, and still is."""
    still = col(Content.visibility) == Visibility.HIDDEN
    found = (
        select(Decision.id)
        .join(Content, col(Content.id) == Decision.content_id)
        .where(Decision.author_id == person_id, still)
        .where(func.lower(col(Decision.kept_name)) == name.lower())
    )
    return session.exec(found).first() is not None
