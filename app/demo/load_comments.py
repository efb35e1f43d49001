"""What the people of Duinwijk say to each other."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from app.content.models import Content, Kind
from app.core.clock import now
from app.demo.load_people import People
from app.demo.stories import moment_of
from app.discussions.models import Comment, CommentSupport
from app.issues.models import Issue


def load_comments(session: Session, stories: list[dict[str, Any]], issues: dict[str, Issue], people: People) -> None:
    for story in stories:
        issue = issues[story["key"]]
        for told in story["comments"]:
            first = add_comment(session, issue, told, people, None)
            for reply in told.get("replies", []):
                add_comment(session, issue, reply, people, first)


def add_comment(
    session: Session, issue: Issue, told: dict[str, Any], people: People, parent: Comment | None
) -> Comment:
    author, moment = people.named[told["author"]], moment_of(told)
    content = Content(kind=Kind.COMMENT, author_id=author, language=told["language"], created_at=moment)
    session.add(content)
    session.flush()
    comment = Comment(
        thread_id=issue.thread_id, parent_id=parent.id if parent else None, content_id=content.id,
        body=told["body"], support_count=told["support"], created_at=moment,
    )  # fmt: skip
    session.add(comment)
    session.flush()
    issue.comment_count += 1
    if parent:
        parent.reply_count += 1
    _support(session, comment, people.supporters(told["author"], told["body"], told["support"]))
    return comment


def _support(session: Session, comment: Comment, supporters: list[int]) -> None:
    """Within three days, one after the other."""
    step = min(timedelta(days=3), now() - comment.created_at) / (len(supporters) + 1)
    rows = [
        {"comment_id": comment.id, "person_id": person, "created_at": comment.created_at + step * place}
        for place, person in enumerate(supporters, start=1)
    ]
    if rows:
        session.execute(insert(CommentSupport), rows)
