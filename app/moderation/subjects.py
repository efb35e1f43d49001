"""What a row in `content` stands for: its words, where it is shown, and what stands around it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import aliased, joinedload, selectinload
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.approaches.models import Approach, Preference
from app.content.models import Content, Kind, Visibility
from app.discussions.models import Comment
from app.issues.models import EarlierText, Issue, Photo
from app.issues.slugs import issue_path
from app.lessons.models import Lesson
from app.pilots.models import Pilot
from app.solved.models import SolvedAnswer, SolvedQuestion
from app.verdicts.models import Verdict


@dataclass(frozen=True)
class Subject:
    """One thing that a person published. `is_shown`: everybody can see it now, with all that it hangs on."""

    content: Content
    text: str
    path: str
    is_shown: bool
    title: str = ""
    issue: Issue | None = None
    comment: Comment | None = None
    above: Comment | None = None
    photo: Photo | None = None

    @property
    def kind(self) -> Kind:
        return self.content.kind

    @property
    def author(self) -> Person | None:
        return self.content.author

    @property
    def is_hidden(self) -> bool:
        return self.content.visibility is Visibility.HIDDEN


def subject_of(session: Session, content_id: int) -> Subject | None:
    return subjects_of(session, [content_id]).get(content_id)


def subjects_of(session: Session, content_ids: Collection[int]) -> dict[int, Subject]:
    """By number of the content, in a statement per kind; what was removed for good is left out."""
    contents = session.exec(
        select(Content)
        .where(col(Content.id).in_(content_ids), Content.visibility != Visibility.REMOVED)
        .options(joinedload(Content.author))  # type: ignore[arg-type]
    ).all()
    by_kind: dict[Kind, dict[int, Content]] = {kind: {} for kind in Kind}
    for content in contents:
        by_kind[content.kind][content.id] = content
    found = _names(by_kind[Kind.DISPLAY_NAME])
    for kind, load in LOADERS.items():
        if by_kind[kind]:
            found |= load(session, by_kind[kind])
    return found


def _names(contents: dict[int, Content]) -> dict[int, Subject]:
    return {
        key: Subject(content, content.author.display_name, "", content.visibility is Visibility.VISIBLE)
        for key, content in contents.items()
        if content.author is not None
    }


def _issues(session: Session, contents: dict[int, Content]) -> dict[int, Subject]:
    issues = session.exec(select(Issue).where(col(Issue.content_id).in_(contents)))
    return {issue.content_id: _issue(contents[issue.content_id], issue) for issue in issues}


def _issue(content: Content, issue: Issue) -> Subject:
    path = issue_path(issue.id, issue.title)
    return Subject(content, issue.description, path, issue.visible, issue.title, issue)


def _comments(session: Session, contents: dict[int, Content]) -> dict[int, Subject]:
    above = aliased(Comment)
    rows: Any = session.exec(
        select(Comment, above, Issue)
        .outerjoin(above, col(above.id) == Comment.parent_id)
        .outerjoin(Issue, col(Issue.thread_id) == Comment.thread_id)
        .where(col(Comment.content_id).in_(contents))
        .options(joinedload(above.content).joinedload(Content.author))  # type: ignore[arg-type]
    )
    return {row[0].content_id: _comment(contents[row[0].content_id], *row) for row in rows}


def _comment(content: Content, comment: Comment, above: Comment | None, issue: Issue | None) -> Subject:
    start = issue_path(issue.id, issue.title) if issue else "/"
    return Subject(
        content,
        comment.body,
        f"{start}?comment={comment.id}#comment-{comment.id}",
        comment.visible
        and comment.deleted_at is None
        and (above is None or above.visible)
        and (issue is not None and issue.visible),
        issue=issue,
        comment=comment,
        above=above,
    )


def _photos(session: Session, contents: dict[int, Content]) -> dict[int, Subject]:
    rows: Any = session.exec(
        select(Photo, Issue).join(Issue, col(Issue.id) == Photo.issue_id).where(col(Photo.content_id).in_(contents))
    )
    return {photo.content_id: _photo(contents[photo.content_id], photo, issue) for photo, issue in rows}


def _photo(content: Content, photo: Photo, issue: Issue) -> Subject:
    path = issue_path(issue.id, issue.title)
    return Subject(content, photo.alt, path, photo.visible and issue.visible, issue=issue, photo=photo)


def _pilots(session: Session, contents: dict[int, Content]) -> dict[int, Subject]:
    pilots = session.exec(select(Pilot).where(col(Pilot.content_id).in_(contents)))
    return {
        pilot.content_id: Subject(
            contents[pilot.content_id], pilot.problem, f"/pilots/{pilot.id}", pilot.visible, pilot.title
        )
        for pilot in pilots
    }


def _reasons(session: Session, contents: dict[int, Content]) -> dict[int, Subject]:
    rows: Any = session.exec(
        select(SolvedAnswer, Issue)
        .join(SolvedQuestion, col(SolvedQuestion.id) == SolvedAnswer.question_id)
        .join(Issue, col(Issue.id) == SolvedQuestion.issue_id)
        .where(col(SolvedAnswer.content_id).in_(contents))
    )
    return {answer.content_id: _reason(contents[answer.content_id], answer, issue) for answer, issue in rows}


def _reason(content: Content, answer: SolvedAnswer, issue: Issue) -> Subject:
    path = issue_path(issue.id, issue.title)
    return Subject(content, answer.reason, path, answer.visible and issue.visible, issue=issue)


def _lessons(session: Session, contents: dict[int, Content]) -> dict[int, Subject]:
    rows: Any = session.exec(
        select(Lesson, Pilot.visible)
        .join(Pilot, col(Pilot.id) == Lesson.pilot_id)
        .where(col(Lesson.content_id).in_(contents))
    )
    return {
        lesson.content_id: Subject(
            contents[lesson.content_id], lesson.text, f"/lessons/{lesson.id}", lesson.visible and shown, lesson.title
        )
        for lesson, shown in rows
    }


def _approaches(session: Session, contents: dict[int, Content]) -> dict[int, Subject]:
    rows: Any = session.exec(
        select(Approach, Pilot.visible)
        .join(Pilot, col(Pilot.id) == Approach.pilot_id)
        .where(col(Approach.content_id).in_(contents))
        .options(selectinload(Approach.parts))  # type: ignore[arg-type]
    )
    return {approach.content_id: _approach(contents[approach.content_id], approach, shown) for approach, shown in rows}


def _approach(content: Content, approach: Approach, shown: bool) -> Subject:
    words = "\n\n".join([approach.summary, *(part.text for part in approach.parts)])
    path = f"/pilots/{approach.pilot_id}/approaches/{approach.id}"
    return Subject(content, words, path, approach.visible and shown, approach.title)


def _preferences(session: Session, contents: dict[int, Content]) -> dict[int, Subject]:
    rows: Any = session.exec(
        select(Preference, Approach.visible, Pilot.visible)
        .join(Approach, col(Approach.id) == Preference.approach_id)
        .join(Pilot, col(Pilot.id) == Preference.pilot_id)
        .where(col(Preference.content_id).in_(contents))
    )
    return {
        said.content_id: Subject(
            contents[said.content_id],
            said.reason,
            f"/pilots/{said.pilot_id}/approaches/{said.approach_id}#preference-{said.id}",
            all((said.visible, *shown)),
        )
        for said, *shown in rows
    }


def _verdicts(session: Session, contents: dict[int, Content]) -> dict[int, Subject]:
    rows: Any = session.exec(
        select(Verdict, Pilot)
        .join(Pilot, col(Pilot.id) == Verdict.pilot_id)
        .where(col(Verdict.content_id).in_(contents))
    )
    return {
        said.content_id: Subject(
            contents[said.content_id], said.reason, f"/pilots/{pilot.id}/verdict", said.visible and pilot.visible,
            pilot.title,
        )
        for said, pilot in rows
    }  # fmt: skip


LOADERS: dict[Kind, Any] = {
    Kind.ISSUE: _issues,
    Kind.COMMENT: _comments,
    Kind.PHOTO: _photos,
    Kind.PILOT: _pilots,
    Kind.REASON: _reasons,
    Kind.VERDICT: _verdicts,
    Kind.LESSON: _lessons,
    Kind.APPROACH: _approaches,
    Kind.PREFERENCE: _preferences,
}


def forget(session: Session, subject: Subject) -> None:
    """What was read before somebody else changed it is read anew."""
    if subject.author is not None:
        session.expire(subject.author, ["display_name", "suspended_until"])
    for row in (subject.content, subject.issue, subject.comment, subject.photo):
        if row is not None:
            session.expire(row)


NAMED = (Kind.ISSUE, Kind.COMMENT, Kind.REASON, Kind.VERDICT, Kind.APPROACH, Kind.PREFERENCE)
"""What stands on the site with the name of its author."""


def around(session: Session, subject: Subject) -> list[Subject]:
    """What else can be meant by somebody who points at this: its photos and the name of its author."""
    found: list[int] = []
    if subject.kind is Kind.ISSUE and subject.issue:
        photos = select(Photo.content_id).where(Photo.issue_id == subject.issue.id).order_by(col(Photo.position))
        found += session.exec(photos).all()
    if subject.kind in NAMED and subject.author:
        found += session.exec(names_of(subject.author.id)).all()
    subjects = subjects_of(session, found) if found else {}
    return [subjects[content_id] for content_id in found if content_id in subjects and subjects[content_id].is_shown]


def names_of(person_id: int) -> Any:
    """The name that this person goes by now; earlier ones, which were hidden, are left out."""
    return (
        select(Content.id)
        .where(Content.author_id == person_id, Content.kind == Kind.DISPLAY_NAME)
        .where(Content.visibility == Visibility.VISIBLE)
        .order_by(col(Content.id).desc())
        .limit(1)
    )


def earlier_texts(session: Session, subject: Subject) -> Sequence[EarlierText]:
    """What an issue said before it was edited, newest first."""
    if subject.kind is not Kind.ISSUE or subject.issue is None:
        return []
    return session.exec(
        select(EarlierText).where(EarlierText.issue_id == subject.issue.id).order_by(col(EarlierText.id).desc())
    ).all()


def photos_around(session: Session, subject: Subject) -> Sequence[Photo]:
    """All photos of the issue, hidden ones too."""
    if subject.issue is None or subject.kind not in (Kind.ISSUE, Kind.PHOTO):
        return []
    return session.exec(select(Photo).where(Photo.issue_id == subject.issue.id).order_by(col(Photo.position))).all()
