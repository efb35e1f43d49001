"""What staff have besides their mail: an authenticator app, passkeys, and codes for when those are lost."""

from base64 import b32encode
from datetime import timedelta
from secrets import choice, token_bytes

import pyotp
from sqlalchemy import case, exists, or_, update
from sqlmodel import Session, col, delete, select

from app.accounts import keys, queries
from app.accounts.actions import sign_out_everywhere
from app.accounts.models import Passkey, Person, RecoveryCode, SecondFactor, SignedInSession
from app.accounts.sealing import seal, unseal
from app.activity.actions import post, write_down
from app.core.clock import now
from app.core.db import Database
from app.core.errors import Conflict, SignInNeeded
from app.core.i18n import _
from app.core.writes import count_changed, insert_once

STEP_SECONDS = 30
TRIES = 10
TRIES_COUNT_FOR = timedelta(hours=6)
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike on paper."""


def claim_try(database: Database, person: Person) -> bool:
    """Uses up one try of this person, committed before anything is compared, so that no race gives it back."""
    moment = now()
    is_over = col(SecondFactor.tries_since) < moment - TRIES_COUNT_FOR
    claim = (
        update(SecondFactor)
        .where(col(SecondFactor.person_id) == person.id, or_(is_over, col(SecondFactor.tries) < TRIES))
        .values(
            tries=case((is_over, 1), else_=SecondFactor.tries + 1),
            tries_since=case((or_(is_over, col(SecondFactor.tries) == 0), moment), else_=SecondFactor.tries_since),
        )
    )
    with database.session() as own:
        insert_once(own, SecondFactor, person_id=person.id, tries=0, tries_since=moment, last_step=0)
        if count_changed(own, claim) != 1:
            return False
        if queries.tries_of(own, person.id) == TRIES:
            note(own, person, "tries_used_up")
        return True


def use_code(session: Session, person: Person, code: str, secret_key: str) -> bool:
    """A code of the app or a recovery code: right, and never used before."""
    if is_app_code(code):
        return use_app_code(session, person, code, secret_key)
    return use_recovery_code(session, person, code, secret_key)


def is_app_code(code: str) -> bool:
    return code.isascii() and code.isdigit() and len(code) == 6


def use_app_code(session: Session, person: Person, code: str, secret_key: str) -> bool:
    sealed = queries.app_secret_of(session, person.id)
    secret = unseal(sealed, secret_key, owner_of(person)) if sealed else None
    step = step_of_code(secret, code) if secret else None
    if step is None:
        return False
    newer = update(SecondFactor).where(col(SecondFactor.person_id) == person.id, col(SecondFactor.last_step) < step)
    return count_changed(session, newer.values(last_step=step)) == 1


def use_recovery_code(session: Session, person: Person, code: str, secret_key: str) -> bool:
    unused = update(RecoveryCode).where(
        col(RecoveryCode.person_id) == person.id,
        col(RecoveryCode.code_hash) == recovery_fingerprint(secret_key, person, code),
        col(RecoveryCode.used_at).is_(None),
    )
    if count_changed(session, unused.values(used_at=now())) != 1:
        return False
    note(session, person, "recovery_code_used")
    return True


def step_of_code(secret: str, code: str) -> int | None:
    """The time step to which a code belongs: this one, or a neighbour for clocks that are not quite right."""
    if not is_app_code(code):
        return None
    app, this = pyotp.TOTP(secret), int(now().timestamp()) // STEP_SECONDS
    return next((step for step in (this, this - 1, this + 1) if keys.same(app.generate_otp(step), code)), None)


def owner_of(person: Person) -> str:
    return f"person {person.id}"


def recovery_fingerprint(secret_key: str, person: Person, code: str) -> str:
    """However somebody writes it down: capitals, spaces and hyphens do not matter."""
    letters = "".join(letter for letter in code.lower() if letter.isalnum())
    return keys.code_fingerprint(secret_key, f"recovery {person.id}", letters)


def begin_app(session: Session, session_id: int, person: Person, secret_key: str) -> None:
    """A new secret, kept with this browser's session until its first code proves that the app has it."""
    secret = b32encode(token_bytes(20)).decode()
    mine = update(SignedInSession).where(col(SignedInSession.id) == session_id)
    count_changed(session, mine.values(new_app_secret=seal(secret, secret_key, owner_of(person))))


def new_app_secret(session: Session, session_id: int, person: Person, secret_key: str) -> str | None:
    asked = select(SignedInSession.new_app_secret).where(SignedInSession.id == session_id)
    sealed = session.exec(asked).first()
    return unseal(sealed, secret_key, owner_of(person)) if sealed else None


def confirm_app(session: Session, session_id: int, person: Person, secret: str, code: str, secret_key: str) -> bool:
    """The app is set up when its code is right. Raises Conflict when another one was set up meanwhile."""
    step = step_of_code(secret, code)
    if step is None:
        return False
    insert_once(session, SecondFactor, person_id=person.id, tries=0, tries_since=now(), last_step=0)
    free = update(SecondFactor).where(col(SecondFactor.person_id) == person.id, col(SecondFactor.app_secret).is_(None))
    sealed = seal(secret, secret_key, owner_of(person))
    if count_changed(session, free.values(app_secret=sealed, app_since=now(), last_step=step)) != 1:
        raise Conflict(_("You have an authenticator app already. Remove it first if you want to use another one."))
    mine = update(SignedInSession).where(col(SignedInSession.id) == session_id)
    count_changed(session, mine.values(new_app_secret=None))
    note(session, person, "app_added")
    return True


def remove_app(session: Session, person: Person) -> None:
    mine = update(SecondFactor).where(col(SecondFactor.person_id) == person.id)
    held = mine.where(col(SecondFactor.app_secret).is_not(None))
    if count_changed(session, held.values(app_secret=None, app_since=None)):
        note(session, person, "app_removed")
        forget_codes_without_factor(session, person)


def remove_passkey(session: Session, person: Person, passkey_id: int) -> None:
    mine = delete(Passkey).where(col(Passkey.person_id) == person.id, col(Passkey.id) == passkey_id)
    if count_changed(session, mine):
        note(session, person, "passkey_removed")
        forget_codes_without_factor(session, person)


def forget_codes_without_factor(session: Session, person: Person) -> None:
    """Without app and passkeys the codes have nothing to recover, and no session counts as confirmed any longer."""
    if queries.has_second_factor(session, person.id):
        return
    count_changed(session, delete(RecoveryCode).where(col(RecoveryCode.person_id) == person.id))
    theirs = update(SignedInSession).where(col(SignedInSession.person_id) == person.id)
    count_changed(session, theirs.values(second_factor_at=None))


def renew_recovery_codes(session: Session, person: Person, secret_key: str) -> list[str]:
    """New codes, to be shown once; the old ones stop working."""
    count_changed(session, delete(RecoveryCode).where(col(RecoveryCode.person_id) == person.id))
    codes = [new_recovery_code() for _code in range(RECOVERY_CODES)]
    for code in codes:
        session.add(RecoveryCode(person_id=person.id, code_hash=recovery_fingerprint(secret_key, person, code)))
    note(session, person, "recovery_codes_made")
    return codes


def new_recovery_code() -> str:
    """Twelve letters in three groups, 59 bits."""
    return "-".join("".join(choice(LETTERS) for _letter in range(4)) for _group in range(3))


def first_recovery_codes(session: Session, person: Person, secret_key: str) -> list[str]:
    """Codes for somebody who has none yet; nothing for others."""
    held = select(exists().where(col(RecoveryCode.person_id) == person.id))
    return [] if session.exec(held).one() else renew_recovery_codes(session, person, secret_key)


def pass_second_factor(session: Session, session_id: int, person: Person) -> str:
    """This browser may now do what the roles allow; with a new key, so that one that leaked before opens nothing."""
    key = keys.new_key()
    mine = update(SignedInSession).where(
        col(SignedInSession.id) == session_id, col(SignedInSession.revoked_at).is_(None)
    )
    if count_changed(session, mine.values(second_factor_at=now(), key_hash=keys.fingerprint(key))) != 1:
        raise SignInNeeded
    count_changed(session, update(SecondFactor).where(col(SecondFactor.person_id) == person.id).values(tries=0))
    return key


def reset_second_factor(session: Session, person: Person, *, actor_id: int | None, role: str) -> None:
    """For somebody who lost everything: they set up a new one after signing in by mail."""
    for table in (SecondFactor, Passkey, RecoveryCode):
        count_changed(session, delete(table).where(col(table.person_id) == person.id))
    write_down(session, "second_factor.reset", "person", person.id, actor_id=actor_id, role=role)
    post(session, "second_factor", person.id, person.locale, {"what": "reset"})
    sign_out_everywhere(session, person)


def note(session: Session, person: Person, what: str) -> None:
    """In the audit, and by mail to the person, in case it was not them."""
    write_down(session, f"second_factor.{what}", "person", person.id, actor_id=person.id)
    post(session, "second_factor", person.id, person.locale, {"what": what})


def count_apps_of_another_key(session: Session, secret_key: str) -> int:
    """Authenticator apps that were set up before the site's secret key was changed: their codes are never right."""
    held = select(Person, SecondFactor.app_secret).join(SecondFactor, col(SecondFactor.person_id) == Person.id)
    sealed = session.exec(held.where(col(SecondFactor.app_secret).is_not(None))).all()
    return sum(unseal(secret or "", secret_key, owner_of(person)) is None for person, secret in sealed)
