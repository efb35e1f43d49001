from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col, func, select

from app.accounts.keys import fingerprint
from app.accounts.models import (
    ApiToken,
    HouseRules,
    Passkey,
    Person,
    RecoveryCode,
    SecondFactor,
    SignedInSession,
    SignInRequest,
)
from app.core.clock import now
from app.core.db import Moment

# Asked by every request of somebody who is signed in: putting a statement together takes longer than running it.
PRESENCE = (
    select(  # type: ignore[call-overload]
        Person,
        SignedInSession.id,
        func.coalesce(SignedInSession.last_seen_at, SignedInSession.created_at, type_=Moment),
        SignedInSession.second_factor_at,
        SignedInSession.expires_at,
    )
    .join(SignedInSession, col(SignedInSession.person_id) == Person.id)
    .where(
        SignedInSession.key_hash == bindparam("key_hash"),
        col(SignedInSession.revoked_at).is_(None),
        col(SignedInSession.expires_at) > bindparam("moment"),
    )
    .options(joinedload(Person.roles))  # type: ignore[arg-type]
)


@dataclass(frozen=True)
class Presence:
    """Somebody in a browser that is signed in."""

    person: Person
    session_id: int
    seen_at: datetime
    second_factor_at: datetime | None
    expires_at: datetime


def presence_with(session: Session, key: str) -> Presence | None:
    values = {"key_hash": fingerprint(key), "moment": now()}
    found = session.execute(PRESENCE, values).unique().first()
    return Presence(*found) if found else None


IDENTIFIED_FOR = timedelta(minutes=10)


def was_identified(session: Session, session_id: int) -> bool:
    """Whether somebody signed in, or typed a mailed code, just now and in this browser."""
    since = func.coalesce(SignedInSession.confirmed_at, SignedInSession.created_at)
    fresh = select(SignedInSession.id).where(
        SignedInSession.id == session_id, since > bindparam("since", now() - IDENTIFIED_FOR, Moment)
    )
    return session.exec(fresh).first() is not None


def person_with_token(session: Session, token: str) -> Person | None:
    return session.exec(
        select(Person)
        .join(ApiToken, col(ApiToken.person_id) == Person.id)
        .where(ApiToken.key_hash == fingerprint(token), col(ApiToken.revoked_at).is_(None))
        .options(selectinload(Person.roles))  # type: ignore[arg-type]
    ).first()


def person_with_email(session: Session, email: str) -> Person | None:
    return session.exec(
        select(Person).where(Person.email == email).options(selectinload(Person.roles))  # type: ignore[arg-type]
    ).first()


def sessions_of(session: Session, person: Person) -> Sequence[SignedInSession]:
    """Where this person is signed in now, newest first."""
    return session.exec(
        select(SignedInSession)
        .where(
            SignedInSession.person_id == person.id,
            col(SignedInSession.revoked_at).is_(None),
            col(SignedInSession.expires_at) > now(),
        )
        .order_by(col(SignedInSession.id).desc())
    ).all()


def sign_in_request(session: Session, cookie: str | None) -> SignInRequest | None:
    """The request that this browser made, if it can still be used; `cookie` is `<id>.<browser key>`."""
    request_id, _dot, browser_key = (cookie or "").partition(".")
    if not browser_key:
        return None
    return session.exec(
        select(SignInRequest).where(
            SignInRequest.id == request_id,
            SignInRequest.browser_hash == fingerprint(browser_key),
            col(SignInRequest.used_at).is_(None),
            col(SignInRequest.expires_at) > now(),
        )
    ).first()


def request_behind_link(session: Session, token: str) -> SignInRequest | None:
    return session.exec(
        select(SignInRequest).where(
            SignInRequest.link_hash == fingerprint(token),
            col(SignInRequest.used_at).is_(None),
            col(SignInRequest.expires_at) > now(),
        )
    ).first()


def newest_house_rules(session: Session) -> HouseRules | None:
    """The newest that hold already; a version can be written ahead."""
    return session.exec(
        select(HouseRules).where(HouseRules.since <= now()).order_by(col(HouseRules.version).desc())
    ).first()


def newest_rules_version(session: Session) -> int:
    return session.exec(select(func.max(HouseRules.version)).where(HouseRules.since <= now())).one() or 0


def rules_versions(session: Session, before: int = 0, at_most: int = 11) -> Sequence[HouseRules]:
    """All versions, also those that do not hold yet, newest first; `before` is where the last page ended."""
    versions = select(HouseRules).order_by(col(HouseRules.version).desc()).limit(at_most)
    return session.exec(versions.where(HouseRules.version < before) if before else versions).all()


@dataclass(frozen=True)
class Factors:
    """What somebody has set up as a second factor."""

    app_since: datetime | None
    passkeys: Sequence[Passkey]
    codes_left: int

    @property
    def any(self) -> bool:
        return self.app_since is not None or bool(self.passkeys)


def factors_of(session: Session, person_id: int) -> Factors:
    app = session.exec(select(SecondFactor.app_since).where(SecondFactor.person_id == person_id)).first()
    unused = select(func.count()).where(RecoveryCode.person_id == person_id, col(RecoveryCode.used_at).is_(None))
    return Factors(app, passkeys_of(session, person_id), session.exec(unused).one())


def passkeys_of(session: Session, person_id: int) -> Sequence[Passkey]:
    return session.exec(select(Passkey).where(Passkey.person_id == person_id).order_by(col(Passkey.id))).all()


def app_secret_of(session: Session, person_id: int) -> str | None:
    """The secret of the authenticator app, still sealed."""
    return session.exec(select(SecondFactor.app_secret).where(SecondFactor.person_id == person_id)).first()


def tries_of(session: Session, person_id: int) -> int | None:
    """How many codes were typed lately, right or wrong."""
    return session.exec(select(SecondFactor.tries).where(SecondFactor.person_id == person_id)).first()


def has_second_factor(session: Session, person_id: int) -> bool:
    app = exists().where(col(SecondFactor.person_id) == person_id, col(SecondFactor.app_secret).is_not(None))
    return session.exec(select(app | exists().where(col(Passkey.person_id) == person_id))).one()
