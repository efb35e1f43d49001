"""The only ways to get at a card or a feed from a request."""

from typing import Annotated

from fastapi import Depends

from app.accounts.access import Admin
from app.cards.models import CardFeed, ImportedCard
from app.cards.queries import visible_card
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import RowId


def load_visible_card(session: SessionDep, card_id: RowId) -> ImportedCard:
    card = visible_card(session, card_id)
    if card is None:
        raise NotFound
    return card


def load_any_card(session: SessionDep, admin: Admin, card_id: RowId) -> ImportedCard:
    card = session.get(ImportedCard, card_id)
    if card is None:
        raise NotFound
    return card


def load_feed(session: SessionDep, admin: Admin, feed_id: RowId) -> CardFeed:
    feed = session.get(CardFeed, feed_id)
    if feed is None:
        raise NotFound
    return feed


VisibleCard = Annotated[ImportedCard, Depends(load_visible_card)]
AnyCard = Annotated[ImportedCard, Depends(load_any_card)]
SomeFeed = Annotated[CardFeed, Depends(load_feed)]
