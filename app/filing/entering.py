"""The city team files for somebody who cannot or will not do it on the site."""

from collections.abc import Sequence

from sqlmodel import Session, select

from app.accounts.actions import find_or_create_person
from app.accounts.models import Person
from app.accounts.names import suggested_name
from app.accounts.queries import person_with_email
from app.activity.actions import post, write_down
from app.content.actions import publish_name
from app.core.errors import Conflict
from app.core.forms import Submission
from app.core.i18n import _, say_date
from app.filing.actions import Prepared, prepare, publish_issue
from app.filing.forms import EntryForm
from app.filing.models import DraftPhoto, Entry
from app.issues.models import Issue
from app.issues.queries import issue_with_nonce
from app.issues.slugs import issue_path


def enter_issue(
    session: Session, member: Person, submission: Submission[EntryForm], photos: Sequence[DraftPhoto] = ()
) -> Issue | None:
    """As `file_issue`: exactly once per nonce, and None when something is wrong with it."""
    _check_account(session, submission, member.locale)
    if not submission.ok:
        return None
    if known := _entered_before(session, member, submission.data):
        return known
    prepared = prepare(session, submission)
    if prepared is None:
        return None
    try:
        with session.begin_nested():  # whoever comes second leaves no person behind
            return _enter(session, member, submission.data, prepared, photos)
    except Conflict:
        known = _entered_before(session, member, submission.data)
        if known is None:
            raise
        return known


def _check_account(session: Session, submission: Submission[EntryForm], locale: str) -> None:
    if not submission.ok or submission.data.email is None:
        return
    known = person_with_email(session, submission.data.email)
    if known is not None and known.suspended_until is not None and known.is_suspended:
        until = say_date(known.suspended_until, locale)
        submission.refuse("email", _("The account with this address is suspended until %(date)s.", date=until))


def _entered_before(session: Session, member: Person, form: EntryForm) -> Issue | None:
    """What this form became when it was sent earlier."""
    known = issue_with_nonce(session, form.nonce_of_problem) if form.nonce_of_problem else None
    entry = session.get(Entry, known.id) if known else None
    return known if entry is not None and entry.entered_by == member.id else None


def _enter(
    session: Session, member: Person, form: EntryForm, prepared: Prepared, photos: Sequence[DraftPhoto]
) -> Issue:
    author = _author(session, form, prepared.problem.language or "nl")
    issue = publish_issue(session, author, prepared, photos, form.channel)
    session.add(Entry(issue_id=issue.id, entered_by=member.id, phone=form.phone))
    write_down(
        session, "issue.entered", "issue", issue.id, actor_id=member.id, role="team", facts={"channel": form.channel}
    )
    if form.email:
        context = {"title": issue.title, "path": issue_path(issue.id, issue.title), "email": form.email}
        post(session, "entered", author.id, author.locale, context, quotes=issue.content_id)
    return issue


def _author(session: Session, form: EntryForm, locale: str) -> Person:
    """With an address the account that it has, or a new one to take over; else somebody who cannot sign in."""
    if form.email and (known := person_with_email(session, form.email)):
        return known
    name = form.display_name or suggested_name(locale)
    if form.email:
        person = find_or_create_person(session, form.email, locale)
        person.display_name = name
    else:
        person = Person(display_name=name, locale=locale)
    session.add(person)
    session.flush()
    publish_name(session, person.id, locale)
    return person


def phone_of(session: Session, issue_id: int) -> str:
    return session.exec(select(Entry.phone).where(Entry.issue_id == issue_id)).first() or ""


def has_phone(session: Session, issue_id: int) -> bool:
    return session.exec(select(Entry.phone != "").where(Entry.issue_id == issue_id)).first() or False
