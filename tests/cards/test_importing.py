"""From a feed to cards: once, again, changed, gone, wrong, and while an administrator does something else."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import Session, col, select, update

from app.cards.fetching import Refused, Why
from app.cards.importing import Claim, claim_due_feed, fetch_due_feed, keep_what_came
from app.cards.models import CardFeed, ImportedCard
from app.cards.reading import Brought, read_cards
from app.core.clock import now
from app.core.db import Database
from app.settings import Settings
from tests.cards.hostile import city_that, said
from tests.conftest import Cast
from tests.factories import card_document, make_card


def feed_of(*cards: Any, **also: Any) -> bytes:
    city = {"name": "Elders", "url": "https://elders.example"}
    return json.dumps({"version": 1, "city": city, "licence": "CC0-1.0", "cards": cards, **also}).encode()


@pytest.fixture
def feed(session: Session) -> CardFeed:
    feed = CardFeed(url="https://elders.example/pilots/cards.json")
    session.add(feed)
    session.commit()
    return feed


def ask(session: Session, database: Database, settings: Settings, feed: CardFeed, answers: bytes) -> CardFeed:
    """As the background work does when it is time."""
    with city_that(answers) as address:
        session.exec(update(CardFeed).where(col(CardFeed.id) == feed.id).values(url=address, next_at=now()))
        session.commit()
        assert fetch_due_feed(database, settings)
    session.expire_all()
    session.refresh(feed)
    return feed


def cards_in(session: Session) -> dict[str, tuple[str, bool]]:
    session.expire_all()
    return {card.key: (card.title, card.gone_at is None) for card in session.exec(select(ImportedCard))}


def test_a_feed_is_taken_over_kept_up_and_never_spoiled(
    session: Session, database: Database, settings: Settings, feed: CardFeed
) -> None:
    first, second = card_document(1), card_document(2)
    ask(session, database, settings, feed, said(feed_of(first, second), 'ETag: "one"'))
    assert (feed.city, feed.etag, feed.problem, feed.failures) == ("Elders", '"one"', "", 0)
    assert feed.brought == {"new": 2, "changed": 0, "same": 0, "gone": 0, "refused": 0, "named": []}
    both = cards_in(session)
    stamps = {card.id: card.updated_at for card in session.exec(select(ImportedCard))}

    ask(session, database, settings, feed, said(feed_of(first, second)))
    assert feed.brought["same"] == 2
    assert {card.id: card.updated_at for card in session.exec(select(ImportedCard))} == stamps

    broken = {**second, "stage": "finished"}
    nameless = {"version": 1, "title": 5}
    ask(session, database, settings, feed, said(feed_of(broken, nameless)))
    assert (feed.brought["gone"], feed.brought["refused"]) == (0, 2)
    assert [(each["name"], each["where"]) for each in feed.brought["named"]] == [(second["title"], "stage"), ("", "id")]
    assert cards_in(session) == both

    ask(session, database, settings, feed, said(feed_of({**first, "title": "Nieuw"}, broken)))
    assert feed.brought["changed"] == 1
    assert cards_in(session) == {first["id"]: ("Nieuw", True), second["id"]: (second["title"], True)}

    ask(session, database, settings, feed, said(feed_of(first)))
    assert feed.brought["gone"] == 1
    assert cards_in(session)[second["id"]] == (second["title"], False)
    ask(session, database, settings, feed, said(feed_of(first, second)))
    assert cards_in(session) == both


def test_a_feed_that_cannot_be_read_changes_nothing_and_is_asked_less_and_less(
    session: Session, database: Database, settings: Settings, feed: CardFeed
) -> None:
    ask(session, database, settings, feed, said(feed_of(card_document(1)), 'ETag: "one"'))
    before = cards_in(session)
    many = feed_of(*[{"id": number} for number in range(1001)])
    pages = feed_of(card_document(9), links={"next": "/pilots/cards.json"})
    answers = {"not-json": b"<html>", "newer": b'{"version":2}', "many 1000": many, "not-a-feed": b"[]"}
    for failures, (code, body) in enumerate(answers.items(), 1):
        at = now()
        ask(session, database, settings, feed, said(body))
        assert (feed.problem, feed.failures, feed.etag) == (code, failures, '"one"')
        assert feed.next_at - at >= min(timedelta(hours=2**failures), timedelta(hours=24))
    ask(session, database, settings, feed, said(pages))
    assert feed.problem == "many 1000"
    assert cards_in(session) == before
    ask(session, database, settings, feed, said(feed_of(card_document(1))))
    assert (feed.problem, feed.failures) == ("", 0)


def test_nothing_changed_says_the_city(
    session: Session, database: Database, settings: Settings, feed: CardFeed
) -> None:
    ask(session, database, settings, feed, said(feed_of(card_document(1)), 'ETag: "one"'))
    brought = feed.brought
    ask(session, database, settings, feed, said(b"", status="304 Not Modified"))
    assert (feed.problem, feed.etag, feed.brought) == ("", '"one"', brought)
    assert feed.next_at > now() + timedelta(minutes=55)


def test_what_is_hidden_here_stays_so_whatever_the_city_says(
    session: Session, database: Database, settings: Settings
) -> None:
    card = make_card(session)
    session.exec(update(ImportedCard).values(visible=False))
    session.commit()
    feed = session.get_one(CardFeed, card.feed_id)
    ask(session, database, settings, feed, said(feed_of(card_document(1, title="Nieuw"))))
    session.refresh(card)
    assert (card.title, card.visible) == ("Nieuw", False)


def test_only_one_process_asks_and_only_what_is_on(session: Session, database: Database, feed: CardFeed) -> None:
    assert claim_due_feed(database) is not None
    assert claim_due_feed(database) is None
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert claim_due_feed(database) is not None  # whoever took it first died over it
    session.exec(update(CardFeed).values(is_on=False, next_at=now()))
    session.commit()
    assert claim_due_feed(database) is None


@pytest.mark.parametrize("meanwhile", ["removed", "switched off", "asked anew"])
def test_what_comes_too_late_is_left(session: Session, database: Database, feed: CardFeed, meanwhile: str) -> None:
    claim = claim_due_feed(database)
    assert isinstance(claim, Claim)
    session.expire_all()
    if meanwhile == "removed":
        session.delete(session.get_one(CardFeed, feed.id))
    else:
        late = {"is_on": False} if meanwhile == "switched off" else {"tried_at": now() + timedelta(seconds=1)}
        session.exec(update(CardFeed).values(**late))
    session.commit()
    with database.session() as another:
        keep_what_came(another, claim, Brought(*read_cards([card_document(1)])))
    assert cards_in(session) == {}


def test_in_production_only_https_is_asked(
    session: Session, database: Database, settings: Settings, feed: CardFeed
) -> None:
    careful = settings.model_copy(update={"environment": "production"})
    ask(session, database, careful, feed, said(feed_of(card_document(1))))
    assert feed.problem == Refused(Why.ADDRESS).code
    assert cards_in(session) == {}


def test_removing_a_feed_takes_its_cards_along(session: Session, cast: Cast) -> None:
    card = make_card(session)
    session.delete(session.get_one(CardFeed, card.feed_id))
    session.commit()
    assert cards_in(session) == {}
