from collections.abc import Sequence

from sqlalchemy import bindparam
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col, func, select

from app.accounts.keys import fingerprint
from app.accounts.models import (
    ApiToken,
    HouseRules,
    Person,
    SignedInSession,
    SignInRequest,
)
from app.core.clock import now

# Asked by every request of somebody who is signed in: putting a statement together takes longer than running it.
PERSON_WITH_SESSION = (
    select(Person)
    .join(SignedInSession, col(SignedInSession.person_id) == Person.id)
    .where(
        SignedInSession.key_hash == bindparam("key_hash"),
        col(SignedInSession.revoked_at).is_(None),
        col(SignedInSession.expires_at) > bindparam("moment"),
    )
    .options(joinedload(Person.roles))  # type: ignore[arg-type]
)


def person_with_session(session: Session, key: str) -> Person | None:
    values = {"key_hash": fingerprint(key), "moment": now()}
    return session.execute(PERSON_WITH_SESSION, values).unique().scalars().first()


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
    return session.exec(select(HouseRules).order_by(col(HouseRules.version).desc())).first()


def newest_rules_version(session: Session) -> int:
    return session.exec(select(func.max(HouseRules.version))).one() or 0
