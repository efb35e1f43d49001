"""Merging issues that are about the same, and undoing it. No row moves: everything stays on its own issue.

An issue into which others were merged can be merged too: all of them then point at the last one, so that no address
leads through a chain, and an undo finds back by the merges that still stand. Refusing it would be worse: after 30 days
the earlier merge can no longer be undone, and the two could never come together.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Update, text, update
from sqlmodel import Session, col, func, select

from app.activity.actions import tell, write_down
from app.core.clock import now
from app.core.errors import Conflict, NotFound
from app.core.i18n import _
from app.core.language import guess_language
from app.core.writes import count_changed
from app.issues.actions import CHANGE_HEAT, ISSUES, recount_votes
from app.issues.merged import heat_of, standing_merge
from app.issues.models import TRANSITIONS, Issue, IssueMerge, Status


@dataclass(frozen=True)
class Seen:
    """What the person saw when they decided: the status of the issue, and of the one that stays."""

    status: str
    status_of_other: str


def merge_issues(session: Session, actor_id: int, issue_id: int, into_id: int, seen: Seen, reason: str) -> IssueMerge:
    """Votes, comments and photos of both count together from now on; raises Conflict when that cannot be."""
    _take_turn(session)
    _refuse_what_cannot_be(_as_it_is(session, issue_id), _as_it_is(session, into_id))
    issue, other = _as_it_is(session, issue_id, locked=True), _as_it_is(session, into_id, locked=True)
    _refuse_what_changed(issue, other, seen)
    merge = IssueMerge(
        issue_id=issue.id, into_id=other.id, earlier_status=issue.status, merged_by=actor_id, reason=reason
    )
    session.add(merge)
    session.flush()
    session.execute(_change(col(Issue.merged_into) == issue.id, merged_into=other.id))
    session.execute(
        _change(col(Issue.id) == issue.id, merged_into=other.id, status=Status.MERGED, updated_at=merge.merged_at)
    )
    for each in (issue, other):
        _count_again(session, each)
    _say_merged(session, merge, actor_id)
    return merge


def undo_merge(session: Session, actor_id: int, issue_id: int, seen: int | None = None) -> IssueMerge:
    """Both issues as before; what was merged into the first one before goes along with it again.

    `seen` is the number of the merge that the person saw.
    """
    _take_turn(session)
    merge = standing_merge(session, issue_id)
    if merge is None or merge.id != (seen or merge.id):
        raise Conflict(_("This issue is not merged any more: somebody has undone it already."))
    if not merge.may_be_undone:
        raise Conflict(_("A merge can be undone for 30 days. This one is older, so the issues stay together."))
    stays_id = session.exec(select(Issue.merged_into).where(Issue.id == issue_id)).one() or merge.into_id
    other, issue = _as_it_is(session, stays_id, locked=True), _as_it_is(session, issue_id, locked=True)
    merge.undone_by, merge.undone_at = actor_id, now()
    session.add(merge)
    session.flush()
    session.execute(
        _change(col(Issue.id) == issue_id, merged_into=None, status=merge.earlier_status, updated_at=merge.undone_at)
    )
    session.execute(_change(col(Issue.id).in_(_merged_below(session, issue_id)), merged_into=issue_id))
    for each in (issue, other):
        _count_again(session, each)
    _say_undone(session, merge, other.id, actor_id)
    return merge


def object_to_merge(session: Session, author_id: int, issue_id: int, words: str) -> None:
    """The author disagrees: the team reads why, everybody reads that."""
    merge = standing_merge(session, issue_id)
    if merge is None:
        raise Conflict(_("This issue is not merged any more, so there is nothing to object to."))
    first = update(IssueMerge).where(col(IssueMerge.id) == merge.id, col(IssueMerge.objected_at).is_(None))
    if not count_changed(session, first.values(objected_at=now(), objection=words)):
        raise Conflict(_("You objected already. The city team has it on their list."))
    tell(session, "issue", issue_id, "merge.objection", actor_id=author_id)


def keep_merged(session: Session, actor_id: int, issue_id: int, answer: str) -> None:
    """The team leaves it merged after an objection, and says in public why."""
    open_objection = update(IssueMerge).where(
        col(IssueMerge.issue_id) == issue_id,
        col(IssueMerge.undone_at).is_(None),
        col(IssueMerge.objected_at).is_not(None),
        col(IssueMerge.answered_at).is_(None),
    )
    if not count_changed(session, open_objection.values(answered_at=now())):
        raise Conflict(_("This objection is no longer open: somebody answered it, or the merge was undone."))
    language = guess_language(answer)
    tell(session, "issue", issue_id, "merge.kept", actor_id=actor_id, by_city=True, text=answer, language=language)
    write_down(session, "issue.merge-kept", "issue", issue_id, actor_id=actor_id, role="team")


def take_turn_where_it_counts(session: Session, content_id: int) -> None:
    """Before an issue is hidden or shown again: the one it was merged into is locked first, as by whoever withdraws."""
    into = select(col(Issue.merged_into)).where(Issue.content_id == content_id).scalar_subquery()
    session.exec(select(Issue.id).where(col(Issue.id) == into).with_for_update(key_share=True)).all()


def count_again_where_it_counts(session: Session, content_id: int) -> None:
    """After it was hidden or shown again. Its own row is locked, so that no merge comes in between."""
    into_id = session.exec(select(Issue.merged_into).where(Issue.content_id == content_id)).one()
    if into_id is not None:
        recount_votes(session, into_id)
        session.execute(CHANGE_HEAT, {"issue_id": into_id, "new_heat": heat_of(session, into_id)})


def _take_turn(session: Session) -> None:
    """One merge at a time, and no vote in between: whoever looks after this sees what stays so until the commit."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(update(IssueMerge).where(col(IssueMerge.id).is_(None)).values(id=None))  # takes the write lock
    else:
        session.execute(text("LOCK TABLE issue_merge IN SHARE ROW EXCLUSIVE MODE"))


def _as_it_is(session: Session, issue_id: int, locked: bool = False) -> Issue:
    """Now, not when the page was opened. With `locked` nobody else changes the row until the commit.

    Whoever withdraws a vote locks the one that stays before what was merged into it; so only those are locked here.
    """
    there = select(Issue).where(Issue.id == issue_id, col(Issue.visible)).execution_options(populate_existing=True)
    issue = session.exec(there.with_for_update(key_share=True) if locked else there).first()
    if issue is None:
        raise NotFound
    return issue


def _refuse_what_cannot_be(issue: Issue, other: Issue) -> None:
    if issue.id == other.id:
        raise Conflict(_("An issue cannot be merged with itself. Choose another one."))
    if issue.status is Status.MERGED:
        raise Conflict(_("Meanwhile a colleague merged this issue with number %(number)s.", number=issue.merged_into))
    if other.merged_into == issue.id:
        raise Conflict(_("That issue was merged into this one before. Undo that first."))
    if other.status is Status.MERGED:
        raise Conflict(
            _("Meanwhile that issue was merged with number %(number)s. Choose that one.", number=other.merged_into)
        )
    if Status.MERGED not in TRANSITIONS[issue.status]:
        raise Conflict(_("This issue is closed, so it cannot be merged. Open it again first."))


def _refuse_what_changed(issue: Issue, other: Issue, seen: Seen) -> None:
    if (issue.status, other.status) != (seen.status, seen.status_of_other):
        raise Conflict(_("Meanwhile the status of one of them changed. Look at both again before you merge them."))


def _merged_below(session: Session, issue_id: int) -> set[int]:
    """What was merged into this issue, and into those, by merges that still stand."""
    below: set[int] = set()
    level = {issue_id}
    while level:
        standing = select(IssueMerge.issue_id).where(
            col(IssueMerge.into_id).in_(level), col(IssueMerge.undone_at).is_(None)
        )
        level = set(session.exec(standing)) - below
        below |= level
    return below


def _change(which: ColumnElement[bool], **values: object) -> Update:
    return update(ISSUES).where(which).values(**values)


def _count_again(session: Session, issue: Issue) -> None:
    """How many were merged into it, its distinct voters, its heat; the rows must be locked."""
    merged = select(func.count()).select_from(Issue).where(Issue.merged_into == issue.id)
    session.execute(_change(col(Issue.id) == issue.id, merged_count=session.exec(merged).one()))
    recount_votes(session, issue.id)
    session.execute(CHANGE_HEAT, {"issue_id": issue.id, "new_heat": heat_of(session, issue.id)})
    session.refresh(issue)


def _say_merged(session: Session, merge: IssueMerge, actor_id: int) -> None:
    said = {"text": merge.reason, "language": guess_language(merge.reason) if merge.reason else ""}
    tell(
        session, "issue", merge.issue_id, "merge.into", actor_id=actor_id, by_city=True,
        facts={"issue": merge.into_id}, **said,
    )  # fmt: skip
    tell(
        session, "issue", merge.into_id, "merge.took-in", actor_id=actor_id, by_city=True,
        facts={"issue": merge.issue_id}, **said,
    )  # fmt: skip
    facts = {"into": merge.into_id}
    write_down(session, "issue.merged", "issue", merge.issue_id, actor_id=actor_id, role="team", facts=facts)


def _say_undone(session: Session, merge: IssueMerge, stays_id: int, actor_id: int) -> None:
    for issue_id, other_id in ((merge.issue_id, stays_id), (stays_id, merge.issue_id)):
        tell(session, "issue", issue_id, "merge.undone", actor_id=actor_id, by_city=True, facts={"issue": other_id})
    facts = {"into": merge.into_id}
    write_down(session, "issue.merge-undone", "issue", merge.issue_id, actor_id=actor_id, role="team", facts=facts)
