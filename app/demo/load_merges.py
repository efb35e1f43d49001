"""Issues that the team of Duinwijk merged, as the site does it, at the moment the story tells."""

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from app.activity.models import AuditEntry, TimelineEntry
from app.demo.stories import moment_of
from app.issues.merging import Seen, merge_issues
from app.issues.models import Issue


def load_merges(session: Session, stories: list[dict[str, Any]], issues: dict[str, Issue], by: int) -> None:
    session.flush()
    for story in stories:
        if merged := story.get("merged_into"):
            issue, stays = issues[story["key"]], issues[merged["key"]]
            merge = merge_issues(session, by, issue.id, stays.id, Seen(issue.status, stays.status), merged["reason"])
            merge.merged_at = moment_of(merged)
            session.add(merge)
            session.flush()
            _date(session, [issue, stays], merge.merged_at)


def _date(session: Session, issues: list[Issue], at: datetime) -> None:
    """It was done then, not while the demo is loaded."""
    for issue in issues:
        told = (col(TimelineEntry.subject_id) == issue.id, col(TimelineEntry.kind).startswith("merge."))
        session.execute(update(TimelineEntry).where(*told).values(at=at))
        done = (col(AuditEntry.subject_id) == str(issue.id), col(AuditEntry.kind) == "issue.merged")
        session.execute(update(AuditEntry).where(*done).values(at=at))
        issue.updated_at = at
        session.add(issue)
    session.flush()
