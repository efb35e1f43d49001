"""From what another city answered to cards: everything that is right, and the names of what is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from pydantic import ValidationError
from pydantic_core import from_json

from app.cards.document import VERSION, Card, is_link
from app.cards.fetching import Budget, Fetcher, Refused, Why
from app.core.forms import clean_text

MOST_CARDS, MOST_PAGES, DEEPEST = 1000, 40, 12
LONGEST_NAME = 80
OF_A_NEWER_VERSION, TWICE, WRONG = "newer", "twice", "wrong"


@dataclass(frozen=True)
class BadCard:
    """`key` is empty when even its address cannot be read; `why` is a code, and `where` the field that is wrong."""

    key: str
    name: str
    why: str
    where: str = ""


@dataclass(frozen=True)
class Brought:
    """A whole feed. `cards` is None when nothing changed."""

    cards: Sequence[Card] | None
    bad: Sequence[BadCard] = ()
    etag: str = ""


def read_feed(fetcher: Fetcher, address: str, etag: str = "") -> Brought:
    """All pages of it; raises Refused for a feed that cannot be read whole."""
    budget, entries, pages = Budget(), list[Any](), 0
    page, tag = fetcher.fetch(address, budget, etag), ""
    while page.body is not None:
        document = read_document(page.body)
        entries += document["cards"]
        pages, tag = pages + 1, page.etag
        following = next_page(document, address)
        if len(entries) > MOST_CARDS or (following and pages >= MOST_PAGES):
            raise Refused(Why.MANY, MOST_CARDS)
        if not following:
            cards, bad = read_cards(entries)
            # The tag is of one page; with several, the first may stay as it was while others change.
            return Brought(cards, bad, tag if pages == 1 else "")
        page = fetcher.fetch(following, budget)
    if pages:
        raise Refused(Why.NOT_A_FEED)
    return Brought(None, etag=etag)


def read_document(body: bytes) -> dict[str, Any]:
    """The envelope of a feed: of our version, and with a list of cards."""
    try:
        document = from_json(body, allow_inf_nan=False)
    except ValueError:
        raise Refused(Why.NOT_JSON) from None
    if not isinstance(document, dict) or is_too_deep(document):
        raise Refused(Why.NOT_A_FEED)
    if is_newer(document.get("version")):
        raise Refused(Why.NEWER)
    version = document.get("version")
    if type(version) is not int or version != VERSION or not isinstance(document.get("cards"), list):
        raise Refused(Why.NOT_A_FEED)
    return document


def is_newer(version: object) -> bool:
    return isinstance(version, int) and version > VERSION


def is_too_deep(document: object) -> bool:
    level: list[object] = [document]
    for _depth in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return False
    return True


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def next_page(document: dict[str, Any], address: str) -> str:
    """Only on the same site; "" when this was the last."""
    links = document.get("links")
    following = links.get("next") if isinstance(links, dict) else None
    if following is None:
        return ""
    whole = urljoin(address, following) if isinstance(following, str) and len(following) < 500 else ""
    if not is_link(whole) or urlsplit(whole)[:2] != urlsplit(address)[:2]:
        raise Refused(Why.NOT_A_FEED)
    return whole


def read_cards(entries: Sequence[Any]) -> tuple[list[Card], list[BadCard]]:
    """One bad card does not spoil the others. Of two with one address, the first counts."""
    cards: dict[str, Card] = {}
    bad: list[BadCard] = []
    for entry in entries:
        card = read_card(entry)
        if isinstance(card, BadCard):
            bad.append(card)
        elif card.id in cards:
            bad.append(BadCard(card.id, card.title[:LONGEST_NAME], TWICE))
        else:
            cards[card.id] = card
    return list(cards.values()), bad


def read_card(entry: object) -> Card | BadCard:
    key, name = names_of(entry)
    if isinstance(entry, dict) and is_newer(entry.get("version")):
        return BadCard(key, name, OF_A_NEWER_VERSION)
    try:
        return Card.model_validate(entry)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors(include_url=False, include_context=False)[0]["loc"])
        return BadCard(key, name, WRONG, where[:LONGEST_NAME])


def names_of(entry: object) -> tuple[str, str]:
    """What a card that may be wrong says of itself, as far as it can be shown."""
    if not isinstance(entry, dict):
        return "", ""
    address, title = entry.get("id"), entry.get("title")
    key = address if isinstance(address, str) and is_link(address) else ""
    name = clean_text(title)[:LONGEST_NAME] if isinstance(title, str) else ""
    return key, name or key[:LONGEST_NAME]
