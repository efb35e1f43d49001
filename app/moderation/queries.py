"""What belongs to one case, and what people see of their own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, func, select

from app.accounts.keys import fingerprint
from app.core.paging import PAGE_SIZE, Page, decode_after, encode_after
from app.moderation.models import (
    Appeal,
    Case,
    Decision,
    Flag,
    Note,
)
from app.moderation.subjects import Subject, subject_of

MOST_SHOWN = 100
MOST_EARLIER = 20


@dataclass(frozen=True)
class File:
    """Everything about one item that a moderator decides on."""

    subject: Subject
    case: Case | None
    flags: Sequence[Flag]
    decisions: Sequence[Decision]
    about_author: Sequence[Decision]
    notes: Sequence[Note]

    @property
    def open_flags(self) -> Sequence[Flag]:
        return [flag for flag in self.flags if flag.decision_id is None]

    @property
    def kept_name(self) -> str:
        """The display name that was taken away, if this is about one."""
        return next((each.kept_name for each in self.decisions if each.kept_name), "")

    @property
    def last_decision_id(self) -> int:
        return self.case.last_decision_id if self.case else 0

    @property
    def last_flag_id(self) -> int:
        return max((flag.id for flag in self.flags), default=0)


def file_on(session: Session, subject: Subject) -> File:
    content_id = subject.content.id
    return File(
        subject,
        session.get(Case, content_id, populate_existing=True),
        _flags_on(session, content_id),
        decisions_on(session, content_id),
        _decisions_about(session, subject),
        session.exec(
            select(Note)
            .where(Note.content_id == content_id)
            .options(joinedload(Note.person))  # type: ignore[arg-type]
            .order_by(col(Note.id))
            .limit(MOST_SHOWN)
        ).all(),
    )


def _flags_on(session: Session, content_id: int) -> Sequence[Flag]:
    """Open ones first, oldest first; as many as a person can read."""
    return session.exec(
        select(Flag)
        .where(Flag.content_id == content_id)
        .order_by(col(Flag.decision_id).is_not(None), col(Flag.id))
        .limit(MOST_SHOWN)
    ).all()


def decisions_on(session: Session, content_id: int) -> Sequence[Decision]:
    newest = col(Decision.id).desc()
    statement = select(Decision).where(Decision.content_id == content_id)
    return session.exec(statement.order_by(newest).limit(MOST_SHOWN)).all()


def _decisions_about(session: Session, subject: Subject) -> Sequence[Decision]:
    """What was decided about other things of the same author, newest first."""
    if subject.author is None:
        return []
    return session.exec(
        select(Decision)
        .where(Decision.author_id == subject.author.id, Decision.content_id != subject.content.id)
        .options(joinedload(Decision.content))  # type: ignore[arg-type]
        .order_by(col(Decision.id).desc())
        .limit(MOST_EARLIER)
    ).all()


def flags_of(session: Session, person_id: int) -> Sequence[Flag]:
    return session.exec(
        select(Flag)
        .where(Flag.person_id == person_id)
        .options(joinedload(Flag.decision))  # type: ignore[arg-type]
        .order_by(col(Flag.id).desc())
        .limit(MOST_SHOWN)
    ).all()


def flag_of(session: Session, person_id: int, flag_id: int) -> Flag | None:
    mine = select(Flag).where(Flag.id == flag_id, Flag.person_id == person_id)
    return session.exec(mine.options(joinedload(Flag.decision))).first()  # type: ignore[arg-type]


def flag_behind_key(session: Session, key: str) -> Flag | None:
    hashed = fingerprint(key)
    theirs = select(Flag).where(or_(col(Flag.key_hash) == hashed, col(Flag.mailed_key_hash) == hashed))
    return session.exec(theirs.options(joinedload(Flag.decision))).first()  # type: ignore[arg-type]


def decisions_for(session: Session, person_id: int) -> Sequence[Decision]:
    """What this person was told about what they published, newest first."""
    rows = session.exec(
        select(Decision)
        .where(Decision.author_id == person_id)
        .options(joinedload(Decision.content))  # type: ignore[arg-type]
        .order_by(col(Decision.id).desc())
        .limit(MOST_SHOWN)
    ).all()
    return [decision for decision in rows if decision.concerns_author]


def decision_for(session: Session, person_id: int, decision_id: int) -> Decision | None:
    mine = select(Decision).where(Decision.id == decision_id, Decision.author_id == person_id)
    found = session.exec(mine.options(joinedload(Decision.content))).first()  # type: ignore[arg-type]
    return found if found and found.concerns_author else None


def appeal_by_author(session: Session, decision_id: int) -> Appeal | None:
    theirs = select(Appeal).where(Appeal.decision_id == decision_id, col(Appeal.flag_id).is_(None))
    return session.exec(theirs).first()


def appeal_about_flag(session: Session, flag_id: int) -> Appeal | None:
    return session.exec(select(Appeal).where(Appeal.flag_id == flag_id)).first()


def appeals_on(session: Session, decisions: Sequence[Decision]) -> dict[int, list[Appeal]]:
    """The objections to these decisions, oldest first."""
    found: dict[int, list[Appeal]] = defaultdict(list)
    numbers = [decision.id for decision in decisions]
    for appeal in session.exec(select(Appeal).where(col(Appeal.decision_id).in_(numbers)).order_by(col(Appeal.id))):
        found[appeal.decision_id].append(appeal)
    return found


def read_appeals(session: Session, done: bool, after: str = "", size: int = PAGE_SIZE) -> Page[Appeal]:
    """Open ones, oldest first; answered ones, newest first."""
    answered = col(Appeal.answered_at)
    number = col(Appeal.id)
    statement = select(Appeal).where(answered.is_not(None) if done else answered.is_(None))
    if after:
        position = decode_after(after, (int,))[0]
        statement = statement.where(number < position if done else number > position)
    statement = statement.options(joinedload(Appeal.decision).joinedload(Decision.content))  # type: ignore[arg-type]
    rows = session.exec(statement.order_by(number.desc() if done else number).limit(size + 1)).all()
    shown = rows[:size]
    return Page(shown, encode_after(shown[-1].id) if len(rows) > size else None)


def appeal_with_decision(session: Session, appeal_id: int) -> Appeal | None:
    whole = joinedload(Appeal.decision).joinedload(Decision.content)  # type: ignore[arg-type]
    return session.exec(select(Appeal).where(Appeal.id == appeal_id).options(whole)).first()


def newest_decision_id(session: Session) -> int:
    """Changes whenever something was hidden or restored by a moderator."""
    return session.exec(select(func.max(Decision.id))).one() or 0


def file_of(session: Session, content_id: int) -> File | None:
    subject = subject_of(session, content_id)
    return file_on(session, subject) if subject else None
