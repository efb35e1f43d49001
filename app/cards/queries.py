"""Pilots of other cities, as residents and the team read them."""

from collections.abc import Sequence

from sqlalchemy import Text, cast
from sqlmodel import Session, col, func, select

from app.approaches.queries import OPEN
from app.cards.models import CardFeed, ImportedCard
from app.core.paging import PAGE_SIZE, Page, decode_after, encode_after
from app.pilots.models import Pilot

MOST_FEEDS = 50
MOST_HIDDEN = 50
MOST_PILOTS = 30


def read_cards(
    session: Session, theme: str = "", stage: str = "", after: str = "", size: int = PAGE_SIZE
) -> Page[ImportedCard]:
    """Those that everybody may see, the newest first. `theme` is the slug of one."""
    statement = select(ImportedCard).where(col(ImportedCard.visible))
    if theme:
        # A list of slugs in JSON reads the same on both databases: ["mobility", "safety"].
        statement = statement.where(cast(ImportedCard.themes, Text).like(f'%"{theme}"%'))
    if stage:
        statement = statement.where(ImportedCard.stage == stage)
    if after:
        statement = statement.where(col(ImportedCard.id) < decode_after(after, (int,))[0])
    cards = session.exec(statement.order_by(col(ImportedCard.id).desc()).limit(size + 1)).all()
    shown = cards[:size]
    return Page(shown, encode_after(shown[-1].id) if len(cards) > size else None)


def visible_card(session: Session, card_id: int) -> ImportedCard | None:
    card = session.get(ImportedCard, card_id)
    return card if card is not None and card.visible else None


def all_feeds(session: Session) -> Sequence[CardFeed]:
    """An administrator keeps them by hand, and no more than fifty."""
    as_it_is_now = {"populate_existing": True}
    feeds = select(CardFeed).order_by(col(CardFeed.id)).limit(MOST_FEEDS)
    return session.exec(feeds, execution_options=as_it_is_now).all()


def cards_per_feed(session: Session) -> dict[int, int]:
    """How many a feed has now; those that are gone from it are not counted."""
    counted = select(ImportedCard.feed_id, func.count()).where(col(ImportedCard.gone_at).is_(None))
    return dict(session.exec(counted.group_by(col(ImportedCard.feed_id))).all())


def hidden_cards(session: Session, at_most: int = MOST_HIDDEN) -> Sequence[ImportedCard]:
    """The last ones to be hidden first."""
    hidden = select(ImportedCard).where(~col(ImportedCard.visible)).order_by(col(ImportedCard.updated_at).desc())
    return session.exec(hidden.limit(at_most)).all()


def pilots_without_a_choice(session: Session) -> Sequence[Pilot]:
    """Where another approach can still be proposed, those that something happened in last."""
    open_ones = select(Pilot).where(col(Pilot.visible), col(Pilot.frozen_at).is_(None), col(Pilot.stage).in_(OPEN))
    return session.exec(open_ones.order_by(col(Pilot.updated_at).desc(), col(Pilot.id).desc()).limit(MOST_PILOTS)).all()
