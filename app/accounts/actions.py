"""Signing in and out, and what people set about themselves."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from app.accounts import keys, queries
from app.accounts.models import (
    ApiCall,
    ApiToken,
    Person,
    Role,
    RoleGrant,
    SignedInSession,
    SignInRequest,
)
from app.accounts.names import suggested_name
from app.activity.actions import write_down
from app.core.clock import now
from app.core.db import Database
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.writes import count_changed, insert_once

CODE_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(days=90)
STAFF_SESSION_LASTS = timedelta(hours=12)
TRIES_PER_CODE = 5
TRIES_PER_DAY = 50


@dataclass(frozen=True)
class MailedKeys:
    """What leaves by mail and is not stored: the code, the link's token, and the cookie of the browser."""

    code: str
    token: str
    cookie: str


def ask_to_sign_in(
    session: Session, email: str, locale: str, go_to: str, browser: str, secret: str
) -> tuple[SignInRequest, MailedKeys]:
    """The same for known and unknown addresses: an account comes into being when the code is right."""
    request_id, browser_key, code, token = keys.new_id(), keys.new_key(), keys.new_code(), keys.new_key()
    request = SignInRequest(
        id=request_id,
        email=email,
        locale=locale,
        go_to=go_to,
        browser=browser,
        browser_hash=keys.fingerprint(browser_key),
        code_hash=keys.code_fingerprint(secret, request_id, code),
        link_hash=keys.fingerprint(token),
        expires_at=now() + CODE_LASTS,
    )
    session.add(request)
    session.flush()
    return request, MailedKeys(code, token, f"{request_id}.{browser_key}")


def claim_try(database: Database, request: SignInRequest) -> bool:
    """Uses up one try of a code, committed before anything is compared, so that no race or failure gives it back."""
    a_day_ago = now() - timedelta(days=1)
    others = select(SignInRequest.tries, SignInRequest.email, SignInRequest.created_at).subquery()
    tries_today = (
        select(func.coalesce(func.sum(others.c.tries), 0))
        .where(others.c.email == request.email, others.c.created_at > a_day_ago)
        .scalar_subquery()
    )
    claim = (
        update(SignInRequest)
        .where(
            col(SignInRequest.id) == request.id,
            col(SignInRequest.tries) < TRIES_PER_CODE,
            col(SignInRequest.used_at).is_(None),
            col(SignInRequest.expires_at) > now(),
            tries_today < TRIES_PER_DAY,
        )
        .values(tries=SignInRequest.tries + 1)
        .execution_options(synchronize_session=False)
    )
    with database.session() as own:
        return count_changed(own, claim) == 1


def is_right_code(request: SignInRequest, code: str, secret: str) -> bool:
    return keys.same(request.code_hash, keys.code_fingerprint(secret, request.id, code))


def use_up(session: Session, request: SignInRequest) -> bool:
    """True for exactly one of any number of parallel calls."""
    used = update(SignInRequest).where(col(SignInRequest.id) == request.id, col(SignInRequest.used_at).is_(None))
    return count_changed(session, used.values(used_at=now())) == 1


def approve(session: Session, request: SignInRequest) -> None:
    """The mailed link was opened in another browser: the tab that asked may go on."""
    request.approved_at = now()
    session.add(request)


def sign_in(session: Session, request: SignInRequest) -> tuple[Person, str]:
    """The person (new or known) and the key for their session cookie. Accepts the newest house rules."""
    person = find_or_create_person(session, request.email, request.locale)
    if person.erased_at is not None:  # suspended people who left and come back before that is over
        person.erased_at, person.display_name = None, suggested_name(request.locale)
    person.rules_version = queries.newest_rules_version(session)
    session.add(person)
    return person, open_session_for(session, person, request.browser)


def open_session_for(session: Session, person: Person, browser: str) -> str:
    key = keys.new_key()
    lasts = session_lasts(person)
    person.signed_in_at, person.warned_at = now(), None
    session.add(person)
    session.add(
        SignedInSession(key_hash=keys.fingerprint(key), person_id=person.id, browser=browser, expires_at=now() + lasts)
    )
    session.flush()
    return key


def session_lasts(person: Person) -> timedelta:
    return STAFF_SESSION_LASTS if person.holds_roles else SESSION_LASTS


def find_or_create_person(session: Session, email: str, locale: str) -> Person:
    insert_once(
        session,
        Person,
        email=email,
        locale=locale,
        display_name=suggested_name(locale),
        rules_version=0,
        created_at=now(),
    )
    person = queries.person_with_email(session, email)
    if person is None:
        raise LookupError("a person that was just created is gone")
    return person


def confirm_identity(session: Session, session_id: int, request: SignInRequest) -> bool:
    """They typed the code that was mailed to them; False when it was used already."""
    if not use_up(session, request):
        return False
    mine = update(SignedInSession).where(col(SignedInSession.id) == session_id)
    return count_changed(session, mine.values(confirmed_at=now())) == 1


def change_address(session: Session, person: Person, email: str) -> None:
    """After the code that was mailed to the new address; raises Conflict when somebody else has it by now."""
    try:
        with session.begin_nested():
            changed = update(Person).where(col(Person.id) == person.id, col(Person.erased_at).is_(None))
            count_changed(session, changed.values(email=email))
    except IntegrityError:
        raise Conflict(_("This address belongs to another account. Choose another one.")) from None
    session.execute(delete(SignInRequest).where(col(SignInRequest.email) == person.email))


def introduce_yourself(session: Session, person: Person, display_name: str, locale: str) -> None:
    person.display_name = display_name
    person.locale = locale
    person.welcomed_at = person.welcomed_at or now()
    session.add(person)


def sign_out(session: Session, key: str) -> None:
    _revoke(session, col(SignedInSession.key_hash) == keys.fingerprint(key))


def sign_out_everywhere(session: Session, person: Person) -> None:
    _revoke(session, col(SignedInSession.person_id) == person.id)


def sign_out_one(session: Session, person: Person, session_id: int) -> None:
    _revoke(session, (col(SignedInSession.person_id) == person.id) & (col(SignedInSession.id) == session_id))


def _revoke(session: Session, which: object) -> None:
    revoke = update(SignedInSession).where(which, col(SignedInSession.revoked_at).is_(None))  # type: ignore[arg-type]
    session.execute(revoke.values(revoked_at=now()))


def grant_roles(session: Session, email: str, roles: list[Role], locale: str) -> Person:
    """From the console: gives roles, creating the person if needed."""
    person = find_or_create_person(session, email, locale)
    for role in roles:
        grant_role(session, person, role, actor_id=None, as_role="console")
    return person


def grant_role(session: Session, person: Person, role: Role, *, actor_id: int | None, as_role: str) -> bool:
    """False when they have it already. Ends the sessions of others, so that the rules for staff hold at once."""
    if not insert_once(session, RoleGrant, person_id=person.id, role=role, granted_at=now()):
        return False
    if person.id != actor_id:
        sign_out_everywhere(session, person)
    write_down(session, f"role.granted.{role}", "person", person.id, actor_id=actor_id, role=as_role)
    return True


def wait_for_leaving(session: Session, person_id: int) -> None:
    """Whoever leaves in this very moment is gone first, or takes along what is written after this.

    Erasing holds the person's row before any other, so this comes before any other lock, too.
    """
    session.exec(select(Person.id).where(Person.id == person_id).with_for_update(read=True, key_share=True)).first()


def create_token(session: Session, person: Person, name: str) -> str:
    token = f"bl_{keys.new_key()}"
    session.add(ApiToken(key_hash=keys.fingerprint(token), person_id=person.id, name=name))
    session.flush()
    return token


def carry_out_once(session: Session, nonce: str, content: str) -> None:
    """Notes in the same transaction what was done under this nonce; raises Conflict when it was something else."""
    content_hash = keys.fingerprint(content)
    if insert_once(session, ApiCall, nonce=nonce, content_hash=content_hash, created_at=now()):
        return
    if session.exec(select(ApiCall.content_hash).where(ApiCall.nonce == nonce)).first() != content_hash:
        raise Conflict(_("This Idempotency-Key was used for something else. Use a new key for a new call."))


def belongs_to_browser(request: SignInRequest, cookie: str) -> bool:
    """True for the browser that asked; `cookie` is `<id>.<browser key>`."""
    request_id, _dot, browser_key = cookie.partition(".")
    return request_id == request.id and keys.same(request.browser_hash, keys.fingerprint(browser_key))
