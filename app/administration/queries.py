"""Who has which roles."""

from collections.abc import Set
from dataclasses import dataclass

from sqlalchemy import exists, or_
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from app.accounts.models import Passkey, Person, RoleGrant, SecondFactor
from app.core.paging import PAGE_SIZE, Page, decode_after, encode_after


@dataclass(frozen=True)
class Holders:
    """A page of people with roles, and which of them have a second factor."""

    page: Page[Person]
    confirmed: Set[int]


HAS_ROLES = exists().where(col(RoleGrant.person_id) == col(Person.id))


def holders(session: Session, q: str, after: str) -> Holders:
    """Those with a role, by number; `q` is a part of their name or e-mail address."""
    asked = select(Person).where(HAS_ROLES).order_by(col(Person.id)).limit(PAGE_SIZE + 1)
    if q:
        asked = asked.where(
            or_(col(Person.email).icontains(q, autoescape=True), col(Person.display_name).icontains(q, autoescape=True))
        )
    if after:
        asked = asked.where(col(Person.id) > decode_after(after, (int,))[0])
    people = session.exec(asked.options(selectinload(Person.roles))).all()  # type: ignore[arg-type]
    shown = people[:PAGE_SIZE]
    next_page = encode_after(shown[-1].id) if len(people) > PAGE_SIZE else None
    return Holders(Page(shown, next_page), _with_second_factor(session, [person.id for person in shown]))


def _with_second_factor(session: Session, numbers: list[int]) -> Set[int]:
    app = select(SecondFactor.person_id).where(
        col(SecondFactor.person_id).in_(numbers), col(SecondFactor.app_secret).is_not(None)
    )
    passkeys = select(Passkey.person_id).where(col(Passkey.person_id).in_(numbers))
    return set(session.execute(app.union(passkeys)).scalars())


def holder(session: Session, person_id: int) -> Person | None:
    """Somebody with a role, as it is now."""
    return session.exec(
        select(Person)
        .where(Person.id == person_id, HAS_ROLES)
        .options(selectinload(Person.roles))  # type: ignore[arg-type]
        .execution_options(populate_existing=True)
    ).first()
