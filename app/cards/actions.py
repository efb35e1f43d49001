"""What administrators do with the feeds and cards of other cities."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, func, select

from app.activity.actions import write_down
from app.cards.models import CardFeed, ImportedCard
from app.cards.queries import MOST_FEEDS
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.writes import count_changed, insert_once

KNOWN = _("This feed is on the list already.")
FULL = _("There are %(most)s feeds already. Remove one first.", most=MOST_FEEDS)
OVERTAKEN = _("Somebody else changed this in the meantime. Below is how it is now.")


def add_feed(session: Session, admin_id: int, url: str) -> None:
    """It is asked within seconds, in the background. Raises Conflict for one that is known or too many."""
    if session.exec(select(func.count()).select_from(CardFeed)).one() >= MOST_FEEDS:
        raise Conflict(FULL)
    at = now()
    values = {"city": "", "is_on": True, "etag": "", "problem": "", "failures": 0, "brought": {}}
    if not insert_once(session, CardFeed, url=url, added_by=admin_id, added_at=at, next_at=at, **values):
        raise Conflict(KNOWN)
    feed = session.exec(select(CardFeed).where(CardFeed.url == url)).one()
    _write_down(session, admin_id, "feed-added", feed)


def switch_feed(session: Session, admin_id: int, feed: CardFeed, *, was_on: bool) -> None:
    """Off: it is not asked any more, and what it brought stays. Raises Conflict when somebody was faster."""
    values: dict[str, Any] = {"is_on": not was_on} if was_on else {"is_on": True, "next_at": now(), "failures": 0}
    as_seen = update(CardFeed).where(col(CardFeed.id) == feed.id, col(CardFeed.is_on) == was_on)
    if not count_changed(session, as_seen.values(**values)):
        raise Conflict(OVERTAKEN)
    _write_down(session, admin_id, "feed-off" if was_on else "feed-on", feed)


def ask_feed_now(session: Session, admin_id: int, feed: CardFeed) -> None:
    """The background work does it within seconds, whatever it waited for; twice is once."""
    soon = update(CardFeed).where(col(CardFeed.id) == feed.id, col(CardFeed.is_on), col(CardFeed.next_at) > now())
    if count_changed(session, soon.values(next_at=now(), etag="")):
        _write_down(session, admin_id, "feed-asked", feed)


def remove_feed(session: Session, admin_id: int, feed: CardFeed) -> None:
    """With its cards, and what they were linked to."""
    if count_changed(session, delete(CardFeed).where(col(CardFeed.id) == feed.id)):
        _write_down(session, admin_id, "feed-removed", feed)


def show_card(session: Session, admin_id: int, card: ImportedCard, *, shown: bool, seen: datetime) -> None:
    """Hides it from everybody, or shows it again; what the feed says of it later changes nothing about that.

    Raises Conflict when the card was changed since `seen`.
    """
    as_seen = update(ImportedCard).where(
        col(ImportedCard.id) == card.id, col(ImportedCard.updated_at) == seen, col(ImportedCard.visible) != shown
    )
    if not count_changed(session, as_seen.values(visible=shown, updated_at=now())):
        raise Conflict(OVERTAKEN)
    kind = "cards.shown" if shown else "cards.hidden"
    facts = {"key": card.key, "city": card.city}
    write_down(session, kind, "imported_card", card.id, actor_id=admin_id, role="admin", facts=facts)


def _write_down(session: Session, admin_id: int, kind: str, feed: CardFeed) -> None:
    facts = {"url": feed.url}
    write_down(session, f"cards.{kind}", "card_feed", feed.id, actor_id=admin_id, role="admin", facts=facts)
