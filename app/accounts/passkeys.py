"""Passkeys (WebAuthn): the browser signs a challenge that is used once, and asks the person for finger, face or PIN.

The library is loaded at the first use: residents never need it.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from secrets import token_bytes
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.accounts import queries
from app.accounts.models import Passkey, Person, SignedInSession
from app.accounts.second_factor import note
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.writes import count_changed, insert_once
from app.settings import LOOPBACK, Settings

CHALLENGE_LASTS = timedelta(minutes=5)


@dataclass(frozen=True)
class Home:
    """The site for which a passkey is made: browsers refuse it everywhere else."""

    id: str
    origin: str


def home_of(settings: Settings) -> Home:
    """Browsers make no passkeys for a bare address, so a site on this machine is known by its name."""
    if settings.host in LOOPBACK:
        return Home("localhost", settings.origin.replace(settings.host, "localhost"))
    return Home(settings.host, settings.origin)


def give_challenge(session: Session, session_id: int) -> bytes:
    challenge = token_bytes(32)
    mine = update(SignedInSession).where(col(SignedInSession.id) == session_id)
    count_changed(session, mine.values(challenge=as_text(challenge), challenge_until=now() + CHALLENGE_LASTS))
    return challenge


def take_challenge(session: Session, session_id: int) -> bytes | None:
    """What this browser was given to sign, for exactly one of any number of parallel calls."""
    given = session.exec(select(SignedInSession.challenge).where(SignedInSession.id == session_id)).first()
    if given is None:
        return None
    unused = update(SignedInSession).where(
        col(SignedInSession.id) == session_id,
        col(SignedInSession.challenge) == given,
        col(SignedInSession.challenge_until) > now(),
    )
    return as_bytes(given) if count_changed(session, unused.values(challenge=None)) == 1 else None


def options_to_register(session: Session, session_id: int, person: Person, settings: Settings) -> str:
    """What the browser needs to make a passkey, as JSON."""
    import webauthn
    from webauthn.helpers.structs import AuthenticatorSelectionCriteria, UserVerificationRequirement

    options = webauthn.generate_registration_options(
        rp_id=home_of(settings).id,
        rp_name="Buurtlab",
        user_id=handle_of(person, settings),
        user_name=person.email or person.display_name,
        user_display_name=person.display_name,
        challenge=give_challenge(session, session_id),
        authenticator_selection=AuthenticatorSelectionCriteria(user_verification=UserVerificationRequirement.REQUIRED),
        exclude_credentials=_described(queries.passkeys_of(session, person.id)),
    )
    return webauthn.options_to_json(options)


def options_to_confirm(session: Session, session_id: int, person: Person, settings: Settings) -> str:
    """What the browser needs to sign with one of this person's passkeys, as JSON."""
    import webauthn
    from webauthn.helpers.structs import UserVerificationRequirement

    options = webauthn.generate_authentication_options(
        rp_id=home_of(settings).id,
        challenge=give_challenge(session, session_id),
        allow_credentials=_described(queries.passkeys_of(session, person.id)),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def _described(passkeys: Sequence[Passkey]) -> list[Any]:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    return [PublicKeyCredentialDescriptor(id=as_bytes(passkey.credential_id)) for passkey in passkeys]


def register(session: Session, session_id: int, person: Person, credential: str, name: str, settings: Settings) -> bool:
    """Keeps a passkey that signed our challenge. Raises Conflict when we know it already."""
    import webauthn

    challenge = take_challenge(session, session_id)
    if challenge is None:
        return False
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=home_of(settings).id,
            expected_origin=home_of(settings).origin,
            require_user_verification=True,
        )
    except unreadable():
        return False
    row = {
        "person_id": person.id,
        "credential_id": as_text(made.credential_id),
        "public_key": as_text(made.credential_public_key),
        "sign_count": made.sign_count,
        "name": name,
        "created_at": now(),
    }
    if not insert_once(session, Passkey, **row):
        raise Conflict(_("This passkey is in use already."))
    note(session, person, "passkey_added")
    return True


def is_right_passkey(session: Session, session_id: int, person: Person, credential: str, settings: Settings) -> bool:
    """True once for a signature of our challenge by one of this person's passkeys."""
    import webauthn

    challenge = take_challenge(session, session_id)
    passkey = _named_in(session, person, credential)
    if challenge is None or passkey is None:
        return False
    try:
        signed = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=home_of(settings).id,
            expected_origin=home_of(settings).origin,
            credential_public_key=as_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except unreadable():
        return False
    unchanged = update(Passkey).where(col(Passkey.id) == passkey.id, col(Passkey.sign_count) == passkey.sign_count)
    return count_changed(session, unchanged.values(sign_count=signed.new_sign_count, last_used_at=now())) == 1


def _named_in(session: Session, person: Person, credential: str) -> Passkey | None:
    try:
        named = json.loads(credential).get("id")
    except (ValueError, AttributeError, RecursionError):
        return None
    asked = select(Passkey).where(Passkey.person_id == person.id, Passkey.credential_id == str(named))
    return session.exec(asked).first()


def unreadable() -> tuple[type[Exception], ...]:
    """What the library raises for answers that are wrong, and what it does not catch in answers that are nonsense."""
    from webauthn.helpers.exceptions import WebAuthnException

    return (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)


def handle_of(person: Person, settings: Settings) -> bytes:
    """What an authenticator keeps of a person: the same for all their passkeys, and nothing about them."""
    return hmac.new(settings.secret_key.encode(), f"passkeys of {person.id}".encode(), sha256).digest()


def as_text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def as_bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
