"""Whom a fact concerns: worked out from where it is recorded, and never whoever made it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, literal, or_, union_all
from sqlmodel import Session, col, func, select

from app.activity.models import Fact, RecordedIn, TimelineEntry
from app.coalition.models import CoCreator
from app.content.models import Content
from app.core.db import one_of
from app.discussions.models import Comment
from app.discussions.queries import visible_comment
from app.following.models import PilotFollow
from app.issues.merged import speaks_for
from app.issues.models import Follow, Issue, Vote
from app.issues.queries import issue_of_thread
from app.notifications.models import NoticeKind
from app.pilots.behind import issues_behind_pilots
from app.pilots.queries import visible_pilot
from app.verdicts.models import Verdict

People = list[Any]
"""Selects of a person and why."""
PILOT_TAKES_PART = ("status.in-pilot", "pilot.linked")
SAID_ELSEWHERE = ("merge.took-in", "stage.idea", "theme.settled", "issue.linked", "issue.unlinked")
"""The other side of a merge or a link, and the beginning of a pilot, are told with what happened to the issue."""
ONLY_WHO_TAKES_PART = (
    "changed", "lesson.written", "lesson.changed", "approach.proposed", "measured", "partner.joined", "partner.left",
)  # fmt: skip
"""Small news of a pilot, for who follows it or joined it; the rest is for everybody behind its issues."""


@dataclass(frozen=True)
class Audience:
    """`people` are selects of a person and why they hear of it; somebody may be in several."""

    people: People
    actor_id: int | None
    issue_id: int | None = None
    pilot_id: int | None = None

    def after(self, person_id: int, at_most: int) -> Any:
        """The next ones in the order of their numbers, each once."""
        everybody = union_all(*self.people).subquery()
        person, why = everybody.c.person_id, everybody.c.kind
        first = select(person, func.min(why, type_=one_of(NoticeKind)).label("kind")).where(
            person > person_id, person != (self.actor_id or 0)
        )
        return first.group_by(person).order_by(person).limit(at_most)


def audience_of(session: Session, fact: Fact) -> Audience | None:
    """None when it concerns nobody, or is about something that is hidden."""
    match fact.source:
        case RecordedIn.TIMELINE:
            entry = session.get(TimelineEntry, fact.source_id)
            return _of_entry(session, entry) if entry and entry.kind not in SAID_ELSEWHERE else None
        case RecordedIn.COMMENT:
            return _of_comment(session, fact.source_id)
        case _:
            return Audience([_one(fact.person_id)], None) if fact.person_id else None


def _one(person_id: int) -> Any:
    return select(literal(person_id).label("person_id"), _why(NoticeKind.MODERATION))


def _why(kind: NoticeKind) -> Any:
    return literal(kind, one_of(NoticeKind)).label("kind")


def _of_entry(session: Session, entry: TimelineEntry) -> Audience | None:
    if entry.subject_kind == "pilot":
        return _of_pilot(session, entry)
    issue = session.exec(select(Issue).where(Issue.id == entry.subject_id, col(Issue.visible))).first()
    if issue is None:
        return None
    return Audience(_concerned(entry), entry.actor_id, issue_id=issue.id)


def _concerned(entry: TimelineEntry) -> People:
    issue_id, this = entry.subject_id, speaks_for(entry.subject_id)
    match entry.kind:
        case kind if kind in PILOT_TAKES_PART:
            return [followers(this, NoticeKind.PILOT), voters(this, NoticeKind.PILOT)]
        case "pilot.unlinked":
            return [followers(this, NoticeKind.PILOT)]
        case "merge.into":
            other = speaks_for(entry.facts.get("issue", 0))
            return [followers(or_(this, other), NoticeKind.MERGE)]
        case "merge.undone":
            return [_once_for_both(issue_id, entry.facts.get("issue", 0))]
        case kind if kind.startswith("merge."):
            return [followers(col(Issue.id) == issue_id, NoticeKind.MERGE)]
        case "status.resolved":
            return [followers(this, NoticeKind.CITY), voters(this, NoticeKind.SOLVED)]
        case _:
            return [followers(this, NoticeKind.CITY)]


def _once_for_both(issue_id: int, other_id: int) -> Any:
    """That a merge was undone stands on both timelines: who follows both hears of it once."""
    these = followers(speaks_for(issue_id), NoticeKind.MERGE)
    if issue_id < other_id:
        return these
    others = followers(speaks_for(other_id), NoticeKind.MERGE).subquery()
    return these.where(col(Follow.person_id).not_in(select(others.c.person_id)))


def followers(which: ColumnElement[bool], why: NoticeKind) -> Any:
    return (
        select(col(Follow.person_id).label("person_id"), _why(why))
        .join(Issue, col(Issue.id) == Follow.issue_id)
        .where(which, col(Follow.ended_at).is_(None))
    )


def voters(which: ColumnElement[bool], why: NoticeKind) -> Any:
    """Who voted, but for those who stopped following."""
    stopped = select(Follow.person_id).where(
        Follow.issue_id == Vote.issue_id, Follow.person_id == Vote.person_id, col(Follow.ended_at).is_not(None)
    )
    return (
        select(col(Vote.person_id).label("person_id"), _why(why))
        .join(Issue, col(Issue.id) == Vote.issue_id)
        .where(which, ~stopped.exists())
    )


def _of_pilot(session: Session, entry: TimelineEntry) -> Audience | None:
    """Who takes part in it; what decides about the problem reaches everybody behind its issues."""
    pilot = visible_pilot(session, entry.subject_id)
    if pilot is None:
        return None
    if entry.kind == "verdict.asked":
        return Audience([_asked(pilot.id, entry)], entry.actor_id, pilot_id=pilot.id)
    people = _taking_part(PilotFollow, pilot.id) + _taking_part(CoCreator, pilot.id)
    if entry.kind not in ONLY_WHO_TAKES_PART:
        behind = col(Issue.id).in_(select(issues_behind_pilots([pilot.id]).c.issue_id))
        people += [followers(behind, NoticeKind.PILOT), voters(behind, NoticeKind.PILOT)]
    return Audience(people, entry.actor_id, pilot_id=pilot.id)


def _taking_part(table: type[PilotFollow] | type[CoCreator], pilot_id: int) -> People:
    theirs: Any = select(col(table.person_id).label("person_id"), _why(NoticeKind.PILOT))
    return [theirs.where(table.pilot_id == pilot_id)]


def _asked(pilot_id: int, entry: TimelineEntry) -> Any:
    """Those who were asked at that moment; who was asked before is not asked again."""
    asked: Any = select(col(Verdict.person_id).label("person_id"), _why(NoticeKind.SOLVED))
    then = (Verdict.pilot_id == pilot_id, Verdict.asked_at == entry.at, col(Verdict.person_id).is_not(None))
    return asked.where(*then)


def _of_comment(session: Session, comment_id: int) -> Audience | None:
    """The author of the issue, and whoever takes part in the conversation that it answers."""
    comment = visible_comment(session, comment_id)
    issue = issue_of_thread(session, comment.thread_id) if comment and not comment.deleted_at else None
    if comment is None or issue is None:
        return None
    conversation = or_(col(Comment.id) == comment.parent_id, col(Comment.parent_id) == (comment.parent_id or -1))
    said = select(Comment.content_id).where(conversation, col(Comment.visible), col(Comment.deleted_at).is_(None))
    stopped = select(Follow.person_id).where(Follow.issue_id == issue.id, col(Follow.ended_at).is_not(None))
    authors: Any = select(col(Content.author_id).label("person_id"), _why(NoticeKind.REPLY)).where(
        or_(col(Content.id) == issue.content_id, col(Content.id).in_(said)),
        col(Content.author_id).is_not(None),
        col(Content.author_id).not_in(stopped),
    )
    return Audience([authors], comment.content.author_id, issue_id=issue.id)
