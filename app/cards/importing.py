"""Taking over what a feed brought: the same twice changes nothing, and what is wrong changes nothing either."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.cards.document import Card
from app.cards.fetching import Fetcher, Refused
from app.cards.models import CardFeed, ImportedCard
from app.cards.reading import BadCard, Brought, read_feed
from app.core.clock import now
from app.core.db import Database
from app.core.language import search_document
from app.core.writes import count_changed
from app.settings import Settings

EVERY = timedelta(hours=1)
LONGEST_WAIT = timedelta(hours=24)
TAKEN_FOR = timedelta(minutes=10)
MOST_NAMED = 20


@dataclass(frozen=True)
class Claim:
    """A feed that this process asks now; `tried_at` says that nobody took it since."""

    feed_id: int
    url: str
    etag: str
    failures: int
    tried_at: datetime


def fetch_due_feed(database: Database, settings: Settings) -> bool:
    """One feed at most, so that the other background work does not wait for a slow city. No transaction is open
    while we wait for it."""
    claim = claim_due_feed(database)
    if claim is None:
        return False
    try:
        brought = read_feed(Fetcher(is_careful=not settings.in_development), claim.url, claim.etag)
    except Refused as refused:
        with database.session() as session:
            keep_failure(session, claim, refused.code)
        return True
    with database.session() as session:
        keep_what_came(session, claim, brought)
    return True


def claim_due_feed(database: Database) -> Claim | None:
    """For one of any number of processes; whoever dies over it leaves it to be asked again later."""
    at = now()
    is_due = (col(CardFeed.is_on), col(CardFeed.next_at) <= at)
    with database.session() as session:
        feed = session.exec(select(CardFeed).where(*is_due).order_by(col(CardFeed.next_at)).limit(1)).first()
        if feed is None:
            return None
        taken = update(CardFeed).where(col(CardFeed.id) == feed.id, *is_due)
        if not count_changed(session, taken.values(next_at=at + TAKEN_FOR, tried_at=at)):
            return None
        return Claim(feed.id, feed.url, feed.etag, feed.failures, at)


def keep_failure(session: Session, claim: Claim, code: str) -> None:
    """What was imported before stays as it was."""
    failures = min(claim.failures + 1, 20)
    wait = min(EVERY * 2**failures, LONGEST_WAIT)
    _note(session, claim, problem=code, failures=failures, next_at=now() + wait)


def keep_what_came(session: Session, claim: Claim, brought: Brought) -> None:
    """Nothing when the feed was switched off, removed or asked anew in the meantime."""
    at = now()
    seen: dict[str, Any] = {"problem": "", "failures": 0, "fetched_at": at, "next_at": at + EVERY, "etag": brought.etag}
    if brought.cards:
        seen["city"] = brought.cards[0].city.name
    if not _note(session, claim, **seen) or brought.cards is None:
        return
    counts = take_over(session, claim.feed_id, brought.cards, brought.bad)
    named = [asdict(bad) for bad in brought.bad[:MOST_NAMED]]
    _note(session, claim, brought={**counts, "refused": len(brought.bad), "named": named})


def _note(session: Session, claim: Claim, **values: Any) -> bool:
    mine = update(CardFeed).where(
        col(CardFeed.id) == claim.feed_id, col(CardFeed.is_on), col(CardFeed.tried_at) == claim.tried_at
    )
    return count_changed(session, mine.values(**values)) == 1


def take_over(session: Session, feed_id: int, cards: Sequence[Card], bad: Sequence[BadCard]) -> dict[str, int]:
    """How many are new, changed, the same, and gone from the feed."""
    known = {card.key: card for card in session.exec(select(ImportedCard).where(ImportedCard.feed_id == feed_id))}
    counts = {"new": 0, "changed": 0, "same": 0, "gone": 0}
    for card in cards:
        counts[take_one_over(session, feed_id, card, known.get(card.id))] += 1
    # A card that is wrong is still there; and one that does not say which it is may be any of those we miss.
    there = {card.id for card in cards} | {each.key for each in bad}
    if all(each.key for each in bad):
        counts["gone"] = mark_as_gone([card for key, card in known.items() if key not in there])
    session.flush()
    return counts


def take_one_over(session: Session, feed_id: int, card: Card, known: ImportedCard | None) -> str:
    values = columns_of(card)
    if known is None:
        session.add(ImportedCard(feed_id=feed_id, key=card.id, **values))
        return "new"
    if known.fingerprint == values["fingerprint"] and known.gone_at is None:
        return "same"
    known.sqlmodel_update({**values, "gone_at": None, "updated_at": now()})
    return "changed"


def mark_as_gone(cards: Sequence[ImportedCard]) -> int:
    still_there = [card for card in cards if card.gone_at is None]
    for card in still_there:
        card.gone_at = card.updated_at = now()
    return len(still_there)


def columns_of(card: Card) -> Mapping[str, Any]:
    document, verdict = card.model_dump(mode="json", by_alias=True), card.verdict
    approach = card.approach
    said = f"{approach.title}. {approach.summary}" if approach else ""
    return {
        "city": card.city.name,
        "title": card.title,
        "problem": card.problem,
        "approach": said[:2000],
        "language": card.language,
        "stage": card.stage,
        "themes": [theme.slug for theme in card.themes],
        "asked": verdict.asked if verdict else None,
        "solved": verdict.solved if verdict else 0,
        "partly": verdict.partly if verdict else 0,
        "not_solved": verdict.not_solved if verdict else 0,
        "document": document,
        "fingerprint": sha256(card.model_dump_json(by_alias=True).encode()).hexdigest(),
        "search_stems": search_document(card.title, card.problem, card.language),
    }
