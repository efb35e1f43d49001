"""What lies on the desk of the city team: notes, and issues that they entered for somebody."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from app.accounts.models import Person
from app.activity.models import TimelineEntry
from app.content.models import Content
from app.core.forms import submission_of
from app.demo.load_people import People
from app.demo.stories import moment_of, read_story
from app.filing.entering import enter_issue
from app.filing.forms import EntryForm
from app.filing.models import Entry
from app.issues.heat import heat_at_birth
from app.issues.models import Issue
from app.triage.models import InternalNote


def load_desk(session: Session, issues: dict[str, Issue], people: People) -> None:
    story = read_story("desk.json")
    for note in story["notes"]:
        issue_id = issues[note["issue"]].id
        session.add(
            InternalNote(issue_id=issue_id, author_id=people.staff, text=note["text"], created_at=moment_of(note))
        )
    member = session.get_one(Person, people.staff)
    for entry in story["entered"]:
        _enter(session, member, entry)


def _enter(session: Session, member: Person, entry: dict[str, Any]) -> None:
    """As the team does it, only earlier."""
    submission = submission_of(EntryForm, entry["form"])
    issue = enter_issue(session, member, submission)
    if issue is None:
        raise ValueError(f"the demo has an entry that cannot be filed: {submission.errors}")
    _date(session, issue, moment_of(entry))


def _date(session: Session, issue: Issue, at: datetime) -> None:
    session.flush()
    issue.created_at = issue.updated_at = at
    issue.heat = heat_at_birth(at)
    content = session.get_one(Content, issue.content_id)
    content.created_at = session.get_one(Entry, issue.id).entered_at = at
    filed = select(TimelineEntry).where(TimelineEntry.subject_kind == "issue", TimelineEntry.subject_id == issue.id)
    for told in session.exec(filed):
        told.at = at
    session.add_all([issue, content])
