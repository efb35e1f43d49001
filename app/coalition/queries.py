from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.coalition.models import ENDED, CoalitionLetter, CoCreator, Partner
from app.content.models import Content, Kind, Visibility
from app.core.clock import now
from app.core.paging import PAGE_SIZE, Page, decode_after, encode_after
from app.pilots.models import Pilot

FIRST_FEW = 5
LETTERS_PER_PAGE = 10
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Together:
    """What the page of a pilot says about who makes it."""

    partners: Sequence[Partner]
    residents: Sequence[CoCreator]
    count: int
    joined: bool
    may_join: bool


def on_pilot(session: Session, pilot: Pilot, viewer: Person | None) -> Together:
    return Together(
        partners=partners_of(session, pilot.id),
        residents=co_creators_of(session, pilot.id, FIRST_FEW),
        count=count_co_creators(session, pilot.id),
        joined=has_joined(session, pilot.id, viewer),
        may_join=pilot.stage not in ENDED,
    )


def partners_of(session: Session, pilot_id: int) -> Sequence[Partner]:
    """Who take part now, in the order in which they came."""
    return session.exec(
        select(Partner).where(Partner.pilot_id == pilot_id, col(Partner.left_at).is_(None)).order_by(col(Partner.id))
    ).all()


def earlier_partners_of(session: Session, pilot_id: int) -> Sequence[Partner]:
    """Who took part once, the last to leave first; as few as a pilot may have partners in all."""
    return session.exec(
        select(Partner)
        .where(Partner.pilot_id == pilot_id, col(Partner.left_at).is_not(None))
        .order_by(col(Partner.left_at).desc(), col(Partner.id).desc())
    ).all()


def partner_of(session: Session, pilot_id: int, partner_id: int) -> Partner | None:
    """One who takes part now."""
    return session.exec(
        select(Partner).where(Partner.id == partner_id, Partner.pilot_id == pilot_id, col(Partner.left_at).is_(None))
    ).first()


def count_partners(session: Session, pilot_id: int) -> int:
    """Also those who left."""
    return session.exec(select(func.count()).select_from(Partner).where(Partner.pilot_id == pilot_id)).one()


def co_creators_of(session: Session, pilot_id: int, at_most: int) -> Sequence[CoCreator]:
    """The first who joined, with their names."""
    return session.exec(
        select(CoCreator)
        .where(CoCreator.pilot_id == pilot_id)
        .options(joinedload(CoCreator.person))  # type: ignore[arg-type]
        .order_by(col(CoCreator.joined_at), col(CoCreator.person_id))
        .limit(at_most)
    ).all()


def read_co_creators(session: Session, pilot_id: int, after: str = "", size: int = PAGE_SIZE) -> Page[Row[Any]]:
    """With their names, and the number under which a name can be reported; in the order in which they joined."""
    its_number: Any = (
        select(func.max(Content.id))
        .where(Content.author_id == CoCreator.person_id, Content.kind == Kind.DISPLAY_NAME)
        .where(Content.visibility == Visibility.VISIBLE)
        .correlate(CoCreator)
        .scalar_subquery()
    )
    joined, number = col(CoCreator.joined_at), col(CoCreator.person_id)
    rows = select(CoCreator, its_number.label("name_id")).where(CoCreator.pilot_id == pilot_id)
    if after:
        microseconds, person_id = decode_after(after, (int, int))
        since = EPOCH + int(microseconds) * MICROSECOND if 0 <= microseconds < 2**52 else EPOCH
        rows = rows.where(or_(joined > since, (joined == since) & (number > person_id)))
    rows = rows.options(joinedload(CoCreator.person)).order_by(joined, number)  # type: ignore[arg-type]
    found: Any = session.exec(rows.limit(size + 1)).all()
    shown = found[:size]
    return Page(shown, _place_of(shown[-1][0]) if len(found) > size else None)


def _place_of(last: CoCreator) -> str:
    return encode_after((last.joined_at - EPOCH) // MICROSECOND, last.person_id)


def count_co_creators(session: Session, pilot_id: int) -> int:
    return session.exec(select(func.count()).select_from(CoCreator).where(CoCreator.pilot_id == pilot_id)).one()


def has_joined(session: Session, pilot_id: int, person: Person | None) -> bool:
    return person is not None and session.get(CoCreator, (pilot_id, person.id)) is not None


def readers_among(session: Session, pilot_id: int) -> Sequence[tuple[int, str]]:
    """Number and language of everybody who joined and can be written to."""
    readers = select(Person.id, Person.locale).where(_can_be_written_to(pilot_id)).order_by(col(Person.id))
    return session.exec(readers).all()


def count_readers(session: Session, pilot_id: int) -> int:
    return session.exec(select(func.count()).select_from(Person).where(_can_be_written_to(pilot_id))).one()


def _can_be_written_to(pilot_id: int) -> ColumnElement[bool]:
    joined = select(CoCreator.person_id).where(CoCreator.pilot_id == pilot_id)
    suspended = col(Person.suspended_until)
    return and_(
        col(Person.id).in_(joined), col(Person.email).is_not(None), or_(suspended.is_(None), suspended <= now())
    )


def read_letters(session: Session, pilot_id: int, after: str = "") -> Page[Row[Any]]:
    """What the team wrote, with the name of who did; newest first."""
    rows: Any = (
        select(CoalitionLetter, Person.display_name)
        .join(Person, col(Person.id) == CoalitionLetter.author_id, isouter=True)
        .where(CoalitionLetter.pilot_id == pilot_id)
    )
    if after:
        rows = rows.where(col(CoalitionLetter.number) < decode_after(after, (int,))[0])
    found = session.exec(rows.order_by(col(CoalitionLetter.number).desc()).limit(LETTERS_PER_PAGE + 1)).all()
    shown = found[:LETTERS_PER_PAGE]
    return Page(shown, encode_after(shown[-1][0].number) if len(found) > LETTERS_PER_PAGE else None)


def newest_letter(session: Session, pilot_id: int) -> int:
    """Its number; 0 when nothing was written yet."""
    newest = select(func.max(CoalitionLetter.number)).where(CoalitionLetter.pilot_id == pilot_id)
    return session.exec(newest).one() or 0


def letter_numbered(session: Session, pilot_id: int, number: int) -> CoalitionLetter:
    numbered = select(CoalitionLetter).where(CoalitionLetter.pilot_id == pilot_id, CoalitionLetter.number == number)
    return session.exec(numbered).one()
