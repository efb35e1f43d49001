"""What people do with an issue once it is there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.activity.actions import let_hear, tell
from app.activity.models import RecordedIn
from app.content.models import Content
from app.core.clock import now
from app.core.errors import Conflict, NotFound
from app.core.i18n import _
from app.core.writes import count_changed, insert_once
from app.discussions.actions import THREAD_CLOSED, post_comment
from app.discussions.forms import CommentForm
from app.discussions.models import Comment
from app.issues.following import follow_by_itself
from app.issues.heat import cooled, heated
from app.issues.merged import counts_for, heat_of, speaks_for
from app.issues.models import (
    CLOSED,
    NEEDS_PUBLIC_TEXT,
    TRANSITIONS,
    EarlierText,
    Issue,
    Status,
    Vote,
)
from app.issues.queries import voted_among

# Every vote runs these: putting a statement together takes longer than running it.
ISSUES: Any = Issue.__table__  # type: ignore[attr-defined]
THIS_ISSUE = ISSUES.c.id == bindparam("issue_id")
CHANGE_COUNT = (
    update(ISSUES)
    .where(THIS_ISSUE)
    .values(vote_count=ISSUES.c.vote_count + bindparam("by"))
    .returning(ISSUES.c.vote_count, ISSUES.c.heat, ISSUES.c.status, ISSUES.c.merged_count)
)
CITY_SPOKE = _("Somebody of the team answered this issue in the meantime. Read that first, then decide.")
STATUS_CHANGED = _("Somebody changed the status of this issue in the meantime. Look at it again, then decide.")
MERGED = _("This issue was merged with another one. Post your comment there.")
CHANGE_HEAT = update(ISSUES).where(THIS_ISSUE).values(heat=bindparam("new_heat"))


@dataclass(frozen=True)
class Tally:
    """What the vote button shows."""

    count: int
    mine: bool


def cast_vote(session: Session, person_id: int, issue: Issue) -> Tally:
    """One vote per person, however often and however many at once they press; raises Conflict on a closed issue."""
    _refuse_closed(issue.status)
    if issue.taken_away_at is not None:
        raise Conflict(_("The person who filed this issue took it away, so votes no longer count."))
    at = now()
    if not insert_once(session, Vote, issue_id=issue.id, person_id=person_id, created_at=at):
        return tally(session, issue, person_id)
    changed = _change_count(session, issue, +1)
    _refuse_closed(changed.status)
    count = recount_votes(session, issue.id) if changed.merged_count else changed.vote_count
    if count == changed.vote_count:  # else the person was counted already, by a vote on what was merged into it
        session.execute(CHANGE_HEAT, {"issue_id": issue.id, "new_heat": heated(changed.heat, at)})
    return Tally(count, mine=True)


def withdraw_vote(session: Session, person_id: int, issue: Issue) -> Tally:
    _refuse_merged(issue.status)
    withdrawn = delete(Vote).where(col(Vote.issue_id) == issue.id, col(Vote.person_id) == person_id)
    cast_at = session.execute(withdrawn.returning(col(Vote.created_at))).scalar()
    if cast_at is None and not issue.merged_count:
        return tally(session, issue, person_id)
    changed = _change_count(session, issue, -1)
    _refuse_merged(changed.status)
    if changed.merged_count or cast_at is None:
        return _withdraw_from_all(session, person_id, issue)
    new_heat = cooled(changed.heat, cast_at, issue.created_at)
    session.execute(CHANGE_HEAT, {"issue_id": issue.id, "new_heat": new_heat})
    return Tally(changed.vote_count, mine=False)


def _withdraw_from_all(session: Session, person_id: int, issue: Issue) -> Tally:
    """Also what the person voted for on the issues merged into this one, so that they are no longer counted.

    The row of the issue is locked already: nothing joins or leaves.
    """
    withdrawn = delete(Vote).where(
        col(Vote.person_id) == person_id, col(Vote.issue_id).in_(select(Issue.id).where(counts_for(issue.id)))
    )
    for issue_id in sorted(session.execute(withdrawn.returning(col(Vote.issue_id))).scalars().all()):
        recount_votes(session, issue_id)
    count = recount_votes(session, issue.id)
    session.execute(CHANGE_HEAT, {"issue_id": issue.id, "new_heat": heat_of(session, issue.id)})
    return Tally(count, mine=False)


def _refuse_closed(status: Status) -> None:
    _refuse_merged(status)
    if status in CLOSED:
        raise Conflict(_("This issue is closed, so votes no longer count."))


def _refuse_merged(status: Status) -> None:
    if status is Status.MERGED:
        raise Conflict(_("This issue was merged with another one. Votes count there, and can be withdrawn there."))


def _change_count(session: Session, issue: Issue, by: int) -> Row[Any]:
    """Changes the counter in the database, which locks the row; returns what the row says then."""
    return session.execute(CHANGE_COUNT, {"issue_id": issue.id, "by": by}).one()


def recount_votes(session: Session, issue_id: int) -> int:
    """Distinct people over the issue and what was merged into it and can be seen. Its row must be locked already.

    A statement of its own: on PostgreSQL it sees what others committed while this one waited for the lock.
    """
    voters = select(func.count(func.distinct(Vote.person_id))).where(
        col(Vote.issue_id).in_(select(Issue.id).where(speaks_for(issue_id)))
    )
    counted = update(ISSUES).where(ISSUES.c.id == issue_id).values(vote_count=voters.scalar_subquery())
    return int(session.execute(counted.returning(ISSUES.c.vote_count)).scalar_one())


def tally(session: Session, issue: Issue, person_id: int | None) -> Tally:
    count = session.exec(select(Issue.vote_count).where(Issue.id == issue.id)).one()
    return Tally(count, mine=person_id is not None and issue.id in voted_among(session, [issue.id], person_id))


def tally_as_read(session: Session, issue: Issue, person_id: int | None) -> Tally:
    """Of an issue that was read just now, and that nobody votes for in this request."""
    mine = person_id is not None and issue.id in voted_among(session, [issue.id], person_id)
    return Tally(issue.vote_count, mine)


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
    by_city: bool = True,
) -> None:
    """Along the table of allowed transitions; a change the city makes is on the public timeline, with its text.

    From the status that somebody saw; raises Conflict when it is another one by now. Merging has its own way in and
    out (`app.issues.merging`), because it moves more than the status.
    """
    before = seen or issue.status
    if Status.MERGED in (status, before):
        raise Conflict(_("A merged issue changes together with the one that stays. Undo the merge first."))
    if status not in TRANSITIONS[before]:
        raise Conflict(_("This issue cannot go to that status from where it is now."))
    if status in NEEDS_PUBLIC_TEXT and not text:
        raise Conflict(_("This status needs a text that residents can read."))
    at = now()
    moved = update(Issue).where(col(Issue.id) == issue.id, col(Issue.status) == before)
    changes = {"status": status, "updated_at": at} | ({"city_spoke_at": at} if by_city else {})
    if not count_changed(session, moved.values(**changes)):
        raise Conflict(STATUS_CHANGED)
    for name, value in changes.items():
        set_committed_value(issue, name, value)
    tell(
        session,
        "issue",
        issue.id,
        f"status.{status}",
        actor_id=actor_id,
        by_city=by_city,
        text=text,
        language=language,
        facts=facts,
    )


def say(session: Session, issue: Issue, *, actor_id: int, text: str, language: str, spoken: datetime | None) -> None:
    """What the city says, without a change of status; raises Conflict when it spoke after that moment."""
    at = now()
    unheard = col(Issue.city_spoke_at).is_(None) if spoken is None else col(Issue.city_spoke_at) == spoken
    heard = update(Issue).where(col(Issue.id) == issue.id, unheard)
    if not count_changed(session, heard.values(city_spoke_at=at)):
        raise Conflict(CITY_SPOKE)
    set_committed_value(issue, "city_spoke_at", at)
    tell(session, "issue", issue.id, "answer", actor_id=actor_id, by_city=True, text=text, language=language)


def take_turn_to_rewrite(session: Session, issue: Issue) -> None:
    """Its row is locked from here on; raises NotFound when its author has left or took it away meanwhile."""
    there = update(Issue).where(col(Issue.id) == issue.id, col(Issue.taken_away_at).is_(None))
    is_there = count_changed(session, there.values(updated_at=now()))
    written = select(Content.author_id).where(Content.id == issue.content_id).with_for_update(key_share=True)
    if not is_there or session.exec(written).one() is None:
        raise NotFound


def keep_earlier_text(session: Session, issue: Issue) -> None:
    session.add(EarlierText(issue_id=issue.id, title=issue.title, description=issue.description))


def comment_on(session: Session, person: Person, issue: Issue, form: CommentForm) -> Comment:
    """Raises Conflict on a merged issue (it goes on at the one that stays), and on one that was taken away."""
    if issue.status is Status.MERGED:
        raise Conflict(MERGED)
    comment, is_new = post_comment(session, person.id, issue.thread_id, form)
    if is_new:
        _count_new_comment(session, issue)
        follow_by_itself(session, person.id, issue.id)
        let_hear(session, RecordedIn.COMMENT, comment.id)
    return comment


def _count_new_comment(session: Session, issue: Issue) -> None:
    """Raises Conflict when the issue was taken away in this very moment."""
    there = update(Issue).where(col(Issue.id) == issue.id, col(Issue.taken_away_at).is_(None))
    if not count_changed(session, there.values(comment_count=Issue.comment_count + 1)):
        raise Conflict(THREAD_CLOSED)


def count_comment(session: Session, thread_id: int, by: int) -> None:
    """The feed shows how many comments there are; a thread that belongs to no issue changes nothing."""
    counted = update(Issue).where(col(Issue.thread_id) == thread_id).values(comment_count=Issue.comment_count + by)
    session.execute(counted.execution_options(synchronize_session=False))
