"""What a card of another city gives to an approach here."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.cards.document import Card
from app.cards.models import ImportedCard
from app.cards.queries import visible_card
from app.pilots.models import PartKind


@dataclass(frozen=True)
class Seed:
    """To be typed into the form for an approach, and changed there.

    `tried_in` is kept with the approach: card, city, title, url, stage, invented, and its verdict (asked, solved,
    partly, notSolved) or None.
    """

    title: str
    summary: str
    parts: tuple[tuple[PartKind, str], ...]
    tried_in: dict[str, Any]


def seed_of(session: Session, card_id: int) -> Seed | None:
    """None for a card that is not there or hidden, and for one without an approach."""
    card = visible_card(session, card_id)
    if card is None:
        return None
    approach = Card.model_validate(card.document).approach
    if approach is None:
        return None
    parts = tuple((part.kind, part.text) for part in approach.parts)
    return Seed(approach.title, approach.summary, parts, tried_in(card))


def tried_in(card: ImportedCard) -> dict[str, Any]:
    document = Card.model_validate(card.document)
    return {
        "card": card.id,
        "city": card.city,
        "title": card.title,
        "url": document.url,
        "stage": card.stage.value,
        "invented": document.invented,
        "verdict": verdict_in_numbers(card),
    }


def verdict_in_numbers(card: ImportedCard) -> dict[str, int] | None:
    if card.asked is None:
        return None
    return {"asked": card.asked, "solved": card.solved, "partly": card.partly, "notSolved": card.not_solved}
