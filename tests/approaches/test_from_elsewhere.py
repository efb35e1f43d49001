"""An approach from another city: its card fills the form, and what residents there said goes along."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session, select

from app.approaches.models import Approach
from app.cards.document import Card
from app.cards.models import CardFeed, ImportedCard
from app.pilots.models import Pilot, Stage
from tests.browsing import Browser, text_of
from tests.conftest import Cast
from tests.factories import make_approach

DOCUMENT: dict[str, Any] = {
    "version": 1,
    "id": "https://zandhaven.example/pilots/3.card.json",
    "url": "https://zandhaven.example/pilots/3",
    "city": {"name": "Zandhaven", "url": "https://zandhaven.example"},
    "invented": True,
    "language": "nl",
    "licence": "CC0-1.0",
    "title": "Licht in het park",
    "problem": "Bewoners mijden het park in het donker.",
    "stage": "embedded",
    "approach": {
        "title": "Licht dat meebeweegt",
        "summary": "Lampen die zachtjes branden en helderder worden als er iemand aankomt.",
        "language": "nl",
        "parts": [
            {"kind": "physical", "text": "Lage lampen"},
            {"kind": "digital", "text": "Lampen die iets merken"},
        ],
    },
    "verdict": {"asked": 120, "solved": 62, "partly": 10, "notSolved": 8, "askedOn": "2026-05-01"},
    "createdOn": "2025-01-01",
    "updatedAt": "2026-06-01T10:00:00Z",
}


@pytest.fixture
def card(session: Session) -> ImportedCard:
    feed = CardFeed(url="https://zandhaven.example/pilots/cards.json", city="Zandhaven")
    session.add(feed)
    session.flush()
    document = Card.model_validate(DOCUMENT).model_dump(mode="json", by_alias=True)
    imported = ImportedCard(
        feed_id=feed.id, key=DOCUMENT["id"], city="Zandhaven", title="Licht in het park", problem=DOCUMENT["problem"],
        language="nl", stage=Stage.EMBEDDED, asked=120, solved=62, partly=10, not_solved=8, document=document,
        fingerprint="x" * 64, updated_at=datetime(2026, 6, 1, tzinfo=UTC),
    )  # fmt: skip
    session.add(imported)
    session.commit()
    return imported


def form_in(html: str) -> dict[str, str]:
    typed = dict(re.findall(r'<input[^>]* name="([a-z0-9-]+)"[^>]* value="([^"]*)"', html))
    typed |= dict(re.findall(r'<textarea[^>]* name="([a-z0-9-]+)"[^>]*>\n([^<]*)<', html))
    chosen = r'<select[^>]* name="([a-z0-9-]+)"(?:(?!</select>).)*<option value="([a-z]+)" selected'
    return typed | dict(re.findall(chosen, html, re.DOTALL))


def test_a_card_fills_the_form_and_its_verdict_goes_along(
    resident: Browser, visitor: Browser, session: Session, pilot: Pilot, card: ImportedCard
) -> None:
    form = resident.get(f"/pilots/{pilot.id}/approaches/new?card={card.id}").text
    assert "62 of 80 said solved" in text_of(form)
    typed = form_in(form)
    assert (typed["title"], typed["kind-2"], typed["card"]) == ("Licht dat meebeweegt", "digital", str(card.id))
    sent = resident.post(f"/pilots/{pilot.id}/approaches", data=typed)
    assert sent.status_code == 303
    approach = session.exec(select(Approach)).one()
    assert approach.tried_in is not None
    assert approach.tried_in["verdict"]["solved"] == 62
    for page in ("/approaches", f"/approaches/{approach.id}"):
        shown = text_of(visitor.get(f"/pilots/{pilot.id}{page}").text)
        assert "Tried in another city, Zandhaven: 62 of 80 said solved." in shown
        assert "(invented)" in shown


def test_nobody_makes_up_where_something_was_tried(
    resident: Browser, session: Session, pilot: Pilot, card: ImportedCard
) -> None:
    typed = form_in(resident.get(f"/pilots/{pilot.id}/approaches/new?card={card.id}").text)
    card.visible = False
    session.add(card)
    session.commit()
    refused = resident.post(f"/pilots/{pilot.id}/approaches", data=typed)
    assert refused.status_code == 422
    assert 'name="card"' not in refused.text
    assert resident.get(f"/pilots/{pilot.id}/approaches/new?card={card.id}").text.count("Zandhaven") == 0
    assert resident.get(f"/pilots/{pilot.id}/approaches/new?card=999").status_code == 200
    assert session.exec(select(Approach)).first() is None


def test_the_api_tells_what_competes_and_what_was_chosen(
    visitor: Browser, resident: Browser, session: Session, cast: Cast, pilot: Pilot, card: ImportedCard, team: Browser
) -> None:
    one = make_approach(session, pilot, cast.author)
    resident.post(
        f"/pilots/{pilot.id}/approaches",
        data=form_in(resident.get(f"/pilots/{pilot.id}/approaches/new?card={card.id}").text),
    )
    resident.post(f"/pilots/{pilot.id}/approaches/{one.id}/preference")
    told = visitor.get(f"/api/v1/pilots/{pilot.id}", headers={"Accept": "application/json"}).json()
    assert told["choice"] is None
    first, second = told["approaches"]
    assert (first["title"], first["preferences"], first["withoutTechnology"]) == (one.title, 1, True)
    assert first["author"] == {"displayName": "Anna"}
    assert second["parts"][1] == {"kind": "digital", "text": "Lampen die iets merken"}
    assert (second["triedIn"]["city"], second["triedIn"]["notSolved"]) == ("Zandhaven", 8)
    reason = "Bewoners vinden deze het beste, en hij kan meteen beginnen."
    form = {"approach": f"{one.id}.1", "reason": reason, "seen": 0, "problem": 1}
    assert team.post(f"/pilots/{pilot.id}/choice", data=form).status_code == 303
    told = visitor.get(f"/api/v1/pilots/{pilot.id}", headers={"Accept": "application/json"}).json()
    assert (told["choice"]["approach"], told["choice"]["reason"]) == (one.id, reason)
    assert told["frozenAt"]
