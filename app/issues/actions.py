"""What people do with an issue once it is there."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.activity.actions import tell
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.writes import count_changed, insert_once
from app.discussions.actions import post_comment
from app.discussions.forms import CommentForm
from app.discussions.models import Comment
from app.issues.heat import cooled, heated
from app.issues.models import (
    NEEDS_PUBLIC_TEXT,
    TRANSITIONS,
    EarlierText,
    Issue,
    Status,
    Vote,
)
from app.issues.queries import has_voted

# Every vote runs these: putting a statement together takes longer than running it.
ISSUES: Any = Issue.__table__  # type: ignore[attr-defined]
THIS_ISSUE = ISSUES.c.id == bindparam("issue_id")
CHANGE_COUNT = (
    update(ISSUES)
    .where(THIS_ISSUE)
    .values(vote_count=ISSUES.c.vote_count + bindparam("by"))
    .returning(ISSUES.c.vote_count, ISSUES.c.heat)
)
STATUS_CHANGED = _("Somebody changed the status of this issue in the meantime. Look at it again, then decide.")
CHANGE_HEAT = update(ISSUES).where(THIS_ISSUE).values(heat=bindparam("new_heat"))


@dataclass(frozen=True)
class Tally:
    """What the vote button shows."""

    count: int
    mine: bool


def cast_vote(session: Session, person_id: int, issue: Issue) -> Tally:
    """One vote per person, however often and however many at once they press; raises Conflict on a closed issue."""
    if not issue.is_open_for_votes:
        raise Conflict(_("This issue is closed, so votes no longer count."))
    at = now()
    if not insert_once(session, Vote, issue_id=issue.id, person_id=person_id, created_at=at):
        return tally(session, issue, person_id)
    count, heat = _change_count(session, issue, +1)
    session.execute(CHANGE_HEAT, {"issue_id": issue.id, "new_heat": heated(heat, at)})
    return Tally(count, mine=True)


def withdraw_vote(session: Session, person_id: int, issue: Issue) -> Tally:
    withdrawn = delete(Vote).where(col(Vote.issue_id) == issue.id, col(Vote.person_id) == person_id)
    cast_at = session.execute(withdrawn.returning(col(Vote.created_at))).scalar()
    if cast_at is None:
        return tally(session, issue, person_id)
    count, heat = _change_count(session, issue, -1)
    session.execute(CHANGE_HEAT, {"issue_id": issue.id, "new_heat": cooled(heat, cast_at, issue.created_at)})
    return Tally(count, mine=False)


def _change_count(session: Session, issue: Issue, by: int) -> tuple[int, float]:
    """Changes the counter in the database, which locks the row; returns the new count and the heat so far."""
    count, heat = session.execute(CHANGE_COUNT, {"issue_id": issue.id, "by": by}).one()
    return count, heat


def tally(session: Session, issue: Issue, person_id: int | None) -> Tally:
    count = session.exec(select(Issue.vote_count).where(Issue.id == issue.id)).one()
    return Tally(count, mine=person_id is not None and has_voted(session, issue.id, person_id))


def change_status(
    session: Session,
    issue: Issue,
    status: Status,
    *,
    actor_id: int | None,
    text: str = "",
    language: str = "nl",
    seen: Status | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Along the table of allowed transitions; a change the city makes is on the public timeline, with its text.

    From the status that somebody saw; raises Conflict when it is another one by now.
    """
    before = seen or issue.status
    if status not in TRANSITIONS[before]:
        raise Conflict(_("This issue cannot go to that status from where it is now."))
    if status in NEEDS_PUBLIC_TEXT and not text:
        raise Conflict(_("This status needs a text that residents can read."))
    at = now()
    moved = update(Issue).where(col(Issue.id) == issue.id, col(Issue.status) == before)
    if not count_changed(session, moved.values(status=status, updated_at=at, city_spoke_at=at)):
        raise Conflict(STATUS_CHANGED)
    for name, value in (("status", status), ("updated_at", at), ("city_spoke_at", at)):
        set_committed_value(issue, name, value)
    tell(
        session,
        "issue",
        issue.id,
        f"status.{status}",
        actor_id=actor_id,
        by_city=True,
        text=text,
        language=language,
        facts=facts,
    )


def say(session: Session, issue: Issue, *, actor_id: int, text: str, language: str) -> None:
    """What the city says, without a change of status."""
    at = now()
    session.execute(update(Issue).where(col(Issue.id) == issue.id).values(city_spoke_at=at))
    set_committed_value(issue, "city_spoke_at", at)
    tell(session, "issue", issue.id, "answer", actor_id=actor_id, by_city=True, text=text, language=language)


def keep_earlier_text(session: Session, issue: Issue) -> None:
    session.add(EarlierText(issue_id=issue.id, title=issue.title, description=issue.description))


def comment_on(session: Session, person: Person, issue: Issue, form: CommentForm) -> Comment:
    comment, is_new = post_comment(session, person.id, issue.thread_id, form)
    if is_new:
        count_comment(session, issue.thread_id, +1)
    return comment


def count_comment(session: Session, thread_id: int, by: int) -> None:
    """The feed shows how many comments there are; a thread that belongs to no issue changes nothing."""
    counted = update(Issue).where(col(Issue.thread_id) == thread_id).values(comment_count=Issue.comment_count + by)
    session.execute(counted.execution_options(synchronize_session=False))
