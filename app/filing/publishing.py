"""What somebody did before signing in, and that waits for it, is published exactly once when they have."""

from collections.abc import Sequence

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from app.accounts.access import require_active
from app.accounts.keys import fingerprint
from app.accounts.models import Person
from app.core.clock import now
from app.core.errors import Problem
from app.core.forms import submission_of
from app.core.writes import count_changed
from app.discussions.forms import CommentForm
from app.filing.actions import file_issue
from app.filing.drafts import page_of_draft, photos_of_draft
from app.filing.following import begin_following
from app.filing.forms import IssueForm
from app.filing.models import KEPT_FOR, Draft, DraftKind, DraftPhoto
from app.issues.actions import cast_vote, comment_on
from app.issues.merged import issue_that_stays
from app.issues.models import Issue
from app.issues.queries import visible_issue
from app.issues.slugs import issue_path

NOTICES = {
    DraftKind.ISSUE: "filed",
    DraftKind.VOTE: "voted",
    DraftKind.COMMENT: "commented",
    DraftKind.FOLLOW: "following",
}


def publish_what_waits(session: Session, person: Person, owner_key: str) -> tuple[str, str] | None:
    """Publishes what this browser wrote before signing in; the page that shows it, and what to say there."""
    if not owner_key or person.is_suspended:
        return None
    waiting = session.exec(
        select(Draft)
        .where(
            Draft.owner_hash == fingerprint(owner_key),
            col(Draft.is_waiting),
            Draft.created_at > now() - KEPT_FOR,
        )
        .order_by(col(Draft.created_at))
    ).all()
    published = [_publish_draft(session, person, draft) for draft in waiting]
    return next(filter(None, reversed(published)), None)


def _publish_draft(session: Session, person: Person, draft: Draft) -> tuple[str, str] | None:
    """Where it is now, and what to say there; an issue that cannot be published as it is goes back to its form."""
    photos = photos_of_draft(session, draft.id)
    if not _take(session, draft):
        return None
    page = _page_of_published(session, person, draft, photos)
    if page is None and draft.kind is DraftKind.ISSUE:
        return page_of_draft(draft), "signed-in"
    session.execute(delete(Draft).where(col(Draft.id) == draft.id))
    return (page, NOTICES[draft.kind]) if page else None


def _take(session: Session, draft: Draft) -> bool:
    """True for exactly one of any number of tabs that publish at once."""
    waiting = update(Draft).where(col(Draft.id) == draft.id, col(Draft.is_waiting))
    return count_changed(session, waiting.values(is_waiting=False)) == 1


def _page_of_published(session: Session, person: Person, draft: Draft, photos: Sequence[DraftPhoto]) -> str | None:
    """None when it cannot be any more; then nothing of it stays, and the sign-in goes on."""
    try:
        with session.begin_nested():
            return _publish(session, person, draft, photos)
    except Problem:
        return None


def _publish(session: Session, person: Person, draft: Draft, photos: Sequence[DraftPhoto]) -> str | None:
    match draft.kind:
        case DraftKind.ISSUE:
            return _publish_issue_draft(session, person, draft, photos)
        case DraftKind.VOTE:
            return _publish_vote(session, person, draft)
        case DraftKind.COMMENT:
            return _publish_comment(session, person, draft)
        case DraftKind.FOLLOW:
            return begin_following(session, person, draft.fields)


def _publish_issue_draft(session: Session, person: Person, draft: Draft, photos: Sequence[DraftPhoto]) -> str | None:
    submission = submission_of(IssueForm, {**draft.fields, "draft": draft.id})
    issue = file_issue(session, require_active(person), submission, photos)
    return issue_path(issue.id, issue.title) if issue else None


def _issue_of(session: Session, draft: Draft) -> Issue | None:
    """The one that it was about, or the one that stays when it was merged in the meantime."""
    issue = visible_issue(session, int(draft.fields["issue"]))
    return (issue_that_stays(session, issue) or issue) if issue else None


def _publish_vote(session: Session, person: Person, draft: Draft) -> str | None:
    issue = _issue_of(session, draft)
    if issue is None:
        return None
    cast_vote(session, person.id, issue)
    return issue_path(issue.id, issue.title)


def _publish_comment(session: Session, person: Person, draft: Draft) -> str | None:
    issue = _issue_of(session, draft)
    fields = draft.fields if issue and issue.id == int(draft.fields["issue"]) else {**draft.fields, "parent": ""}
    submission = submission_of(CommentForm, {**fields, "nonce": draft.id})
    if issue is None or not submission.ok:
        return None
    comment = comment_on(session, person, issue, submission.data)
    return f"{issue_path(issue.id, issue.title)}?comment={comment.id}#comment-{comment.id}"
