"""Erasing an account, and taking one issue away: what was published goes, or stays without a name."""

import json
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, update
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from app.accounts.models import Person, Role, RoleGrant
from app.activity.actions import post, write_down
from app.activity.models import OutgoingMail
from app.approaches.preferring import withdraw_all_preferences
from app.content.models import Content, Kind, Visibility
from app.core.clock import now
from app.core.errors import Conflict, NotFound
from app.core.i18n import _
from app.core.writes import count_changed, insert_once
from app.discussions.leaving import take_comments_away, withdraw_all_support
from app.filing.models import Entry
from app.issues.actions import count_comment
from app.issues.leaving import (
    forget_author,
    issues_filed_by,
    lock_issues_touched_by,
    take_issue_away,
    withdraw_all_votes,
)
from app.issues.models import Issue
from app.matching.growing.from_decisions import grow_from_issue
from app.matching.knowledge.forgetting import forget_words
from app.moderation.models import Appeal, Decision, Flag
from app.privacy.held import Then, table_named
from app.privacy.models import DataExport, DiscardedFile
from app.privacy.register import ABOUT_PEOPLE
from app.solved.models import SolvedAnswer
from app.triage.models import InternalNote
from app.verdicts.models import Verdict


class Choice(StrEnum):
    """What becomes of what they wrote."""

    TAKE_AWAY = "take-away"
    KEEP = "keep"


def erase_account(session: Session, person_id: int, choice: Choice) -> None:
    """As the person asks; raises Conflict for the last administrator. A mail to the old address confirms it."""
    person = _lock(session, person_id)
    _refuse_last_admin(session, person.id)
    email, locale = person.email, person.locale
    erase(session, person, choice)
    write_down(session, "person.erased", "person", person.id, actor_id=person.id, facts={"choice": choice})
    if email:
        post(session, "account_erased", email, locale, {"choice": choice})


def _lock(session: Session, person_id: int) -> Person:
    """Whoever writes in this name meanwhile waits; a second try finds that it is done."""
    whole = select(Person).options(selectinload(Person.roles))  # type: ignore[arg-type]
    locked = whole.where(Person.id == person_id).with_for_update()
    person = session.exec(locked.execution_options(populate_existing=True)).first()
    here = update(Person).where(col(Person.id) == person_id, col(Person.erased_at).is_(None))
    # SQLite knows no locked rows: there everybody waits from the first write on.
    if person is None or not count_changed(session, here.values(unread_notices=0)):
        raise NotFound
    return person


def _refuse_last_admin(session: Session, person_id: int) -> None:
    """Two administrators may leave at once; the lock lets one of them find that it is the last."""
    admins = select(RoleGrant.person_id).where(RoleGrant.role == Role.ADMIN).order_by(col(RoleGrant.person_id))
    found = session.exec(admins.with_for_update()).all()
    if list(found) == [person_id]:
        raise Conflict(_("You are the last administrator. Make somebody else administrator first; then you can leave."))


def erase(session: Session, person: Person, choice: Choice) -> None:
    """Everything that the register says; the mail to others that cites them first, while it can still be found."""
    lock_issues_touched_by(session, person.id)
    _withdraw_mail(session, person, choice)
    _empty_words(session, person.id, choice)
    for issue in issues_filed_by(session, person.id):
        leave_issue(session, issue, choice)
    if choice is Choice.TAKE_AWAY:
        for thread_id, fewer in sorted(take_comments_away(session, person.id).items()):
            count_comment(session, thread_id, -fewer)
    withdraw_all_votes(session, person.id)
    withdraw_all_support(session, person.id)
    withdraw_all_preferences(session, person.id)
    _discard_exports(session, person.id)
    names = update(Content).where(col(Content.author_id) == person.id, col(Content.kind) == Kind.DISPLAY_NAME)
    session.execute(names.values(visibility=Visibility.REMOVED))
    _follow_the_register(session, person)
    _strip(session, person)


def leave_issue(session: Session, issue: Issue, choice: Choice) -> None:
    """One issue: words and photos go, or only the name does. Votes and comments of others stay in either case."""
    session.execute(update(Entry).where(col(Entry.issue_id) == issue.id).values(phone=""))
    if choice is Choice.TAKE_AWAY and issue.taken_away_at is None:
        forget_words(session, issue)
        discard(session, _files_of(take_issue_away(session, issue)))
        session.execute(delete(InternalNote).where(col(InternalNote.issue_id) == issue.id))
    forget_author(session, issue)
    session.expire(issue)
    grow_from_issue(session, issue.id)


def take_one_issue(session: Session, issue_id: int, author_id: int, choice: Choice) -> None:
    """From the page of the issue; a second press finds that it is theirs no more."""
    mine = select(Issue).join(Content, col(Content.id) == Issue.content_id)
    locked = mine.where(Issue.id == issue_id, Content.author_id == author_id).with_for_update(of=Issue)
    issue = session.exec(locked.execution_options(populate_existing=True)).first()
    if issue is None:
        raise NotFound
    if choice is Choice.TAKE_AWAY:
        _withdraw_mail_citing(session, [issue.content_id])
        session.execute(update(Flag).where(col(Flag.content_id) == issue.content_id).values(said=""))
    leave_issue(session, issue, choice)


def _empty_words(session: Session, person_id: int, choice: Choice) -> None:
    """While it is known whose they are: words in reports, objections and answers, and names that were hidden."""
    named = update(Decision).where(col(Decision.author_id) == person_id)
    session.execute(named.values(kept_name=None, given_name=None))
    if choice is Choice.TAKE_AWAY:
        mine = select(Content.id).where(Content.author_id == person_id)
        for change in (
            update(Flag).where(col(Flag.content_id).in_(mine)).values(said=""),
            update(Flag).where(col(Flag.person_id) == person_id).values(facts=""),
            update(SolvedAnswer).where(col(SolvedAnswer.person_id) == person_id).values(reason=""),
            update(Verdict).where(col(Verdict.person_id) == person_id).values(reason=""),
            update(Appeal).where(col(Appeal.person_id) == person_id).values(reasons=""),
        ):
            session.execute(change.execution_options(synchronize_session=False))


def _files_of(keys: Iterable[str]) -> list[str]:
    return [f"{key}-{size}.jpg" for key in keys for size in ("large", "small")]


def discard(session: Session, files: Iterable[str]) -> None:
    """The worker deletes them from the store once this is committed."""
    for file in files:
        insert_once(session, DiscardedFile, key=file, discarded_at=now())


def _discard_exports(session: Session, person_id: int) -> None:
    made = select(DataExport.key).where(DataExport.person_id == person_id, col(DataExport.key).is_not(None))
    discard(session, [key for key in session.exec(made) if key])


def _withdraw_mail(session: Session, person: Person, choice: Choice) -> None:
    """Mail on its way to others that cites what goes, or names who goes."""
    if choice is Choice.TAKE_AWAY:
        mine = session.exec(select(Content.id).where(Content.author_id == person.id)).all()
        _withdraw_mail_citing(session, mine)
    waiting = session.exec(
        select(OutgoingMail.id, OutgoingMail.context).where(col(OutgoingMail.due_at).is_not(None))
    ).all()
    words = [word for word in (person.display_name, person.email) if word]
    naming = [number for number, context in waiting if _says(context, words)]
    session.execute(delete(OutgoingMail).where(col(OutgoingMail.id).in_(naming)))


def _says(context: object, words: list[str]) -> bool:
    said = json.dumps(context, ensure_ascii=False)
    return any(word in said for word in words)


def _withdraw_mail_citing(session: Session, content_ids: Iterable[int]) -> None:
    cites = col(OutgoingMail.quotes).in_(list(content_ids))
    session.execute(delete(OutgoingMail).where(cites, col(OutgoingMail.due_at).is_not(None)))


def _follow_the_register(session: Session, person: Person) -> None:
    for name, held in ABOUT_PEOPLE.items():
        table = table_named(name)
        for column, then in held.people.items():
            theirs = table.c[column] == (person.email if column in ("email", "address") else person.id)
            if then is Then.UNLINK:
                session.execute(update(table).where(theirs).values({column: None}))
            elif then is Then.REMOVE:
                session.execute(delete(table).where(theirs))


def _strip(session: Session, person: Person) -> None:
    """The number is all that stays; of somebody who is suspended also the address, until that is over."""
    kept = {"email": person.email} if person.is_suspended else {"email": None, "suspended_until": None}
    bare = {
        "display_name": "",
        "rules_version": 0,
        "welcomed_at": None,
        "signed_in_at": None,
        "warned_at": None,
        "unread_notices": 0,
        "unmatched_since": None,
        "created_at": now(),
        "erased_at": now(),
    }
    session.execute(update(Person).where(col(Person.id) == person.id).values({**bare, **kept}))
    session.expire(person)


def something_went(session: Session, since: datetime) -> bool:
    """Whether somebody left or took an issue away since then."""
    left = select(Person.id).where(col(Person.erased_at) > since)
    taken = select(Issue.id).where(col(Issue.taken_away_at) > since)
    return any(session.exec(question.limit(1)).first() for question in (left, taken))
