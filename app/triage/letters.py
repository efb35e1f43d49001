"""What residents are told by mail when the team changes where their issue stands."""

from sqlmodel import Session

from app.activity.actions import post
from app.issues.merged import authors_of
from app.issues.models import IssueMerge


def tell_authors_of_merge(session: Session, merge: IssueMerge) -> None:
    """Both authors, each once, that their issues were merged or came apart again; with the way to disagree."""
    template = "issues_unmerged" if merge.undone_at else "issues_merged"
    for person in authors_of(session, [merge.issue_id, merge.into_id]):
        context = {"number": merge.issue_id, "other": merge.into_id, "reason": merge.reason}
        post(session, template, person.id, person.locale, context)
