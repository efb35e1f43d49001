"""Our pilots as cards: whole, valid, and nothing in them that is not public."""

import json
from datetime import date
from typing import Any

import jsonschema
import pytest
from sqlmodel import Session, update

from app.approaches.models import Approach, ApproachChoice
from app.cards.describing import CARDS_PER_PAGE
from app.coalition.models import Partner, PartnerKind
from app.core.clock import now
from app.gates.models import GateDecision, Outcome
from app.lessons.models import Lesson
from app.measures.models import Direction, Indicator, Measurement
from app.pilots.models import Pilot, PilotTheme, Stage
from app.verdicts.models import VerdictQuestion
from tests.browsing import Browser
from tests.conftest import Cast, Counting
from tests.factories import make_approach, make_issue, make_lesson, make_pilot


@pytest.fixture
def pilot(session: Session, cast: Cast) -> Pilot:
    return make_pilot(session, [make_issue(session, cast.author)])


@pytest.fixture
def deep(session: Session, cast: Cast, pilot: Pilot) -> Pilot:
    """A pilot that is scaled up, with everything there is."""
    pilot.stage, pilot.lat, pilot.lon, pilot.radius_m = Stage.SCALING_UP, 52.1, 4.27, 400
    approach = make_approach(session, pilot, None)
    partner = Partner(
        pilot_id=pilot.id, name="Fietsersbond", kind=PartnerKind.RESIDENTS, role="Telt mee",
        website="https://fiets.example", email="geheim@fiets.example",
    )  # fmt: skip
    gone = Partner(pilot_id=pilot.id, name="Weggegaan", kind=PartnerKind.BUSINESS, role="Deed niets", left_at=now())
    answers = {
        "budget": {"text": "12.500", "internal": False},
        "sponsor": {"text": "Verborgen naam", "internal": True},
        "odd": "no answer at all",
    }
    decision = GateDecision(
        pilot_id=pilot.id, number=1, from_stage=Stage.PROOF_OF_CONCEPT, gate=Stage.PILOT, outcome=Outcome.PASS,
        reason="Het klopt.", language="nl", answers=answers,
    )  # fmt: skip
    lamps = Indicator(
        pilot_id=pilot.id, name="Fietsers", unit="per avond", source="Telling", better=Direction.HIGHER,
        measurements=[
            Measurement(taken_on=date(2026, 1, 5), value=40.5, is_baseline=True),
            Measurement(taken_on=date(2026, 5, 5), value=90.0, note="droog"),
        ],
    )  # fmt: skip
    old = Indicator(pilot_id=pilot.id, name="Oud", unit="x", source="y", better=Direction.LOWER, retired_at=now())
    question = VerdictQuestion(pilot_id=pilot.id, asked=120, solved=62, partly=10, not_solved=8, moved=3)
    choice = ApproachChoice(pilot_id=pilot.id, approach_id=approach.id, reason="Dit past.", language="nl")
    session.add_all(
        [pilot, partner, gone, decision, lamps, old, question, choice, PilotTheme(pilot_id=pilot.id, theme_id=1)]
    )
    make_lesson(session, pilot)
    session.commit()
    return pilot


def card_of(browser: Browser, pilot: Pilot) -> dict[str, Any]:
    answer = browser.get(f"/pilots/{pilot.id}.card.json")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_card_says_all_that_is_public(visitor: Browser, deep: Pilot) -> None:
    card = card_of(visitor, deep)
    assert (card["version"], card["stage"], card["licence"], card["invented"]) == (1, "scaling-up", "CC0-1.0", False)
    assert card["city"]["name"] == "Proefstad"
    assert card["url"].endswith(f"/pilots/{deep.id}")
    assert card["approach"]["parts"] == [{"kind": "social", "text": "Buren fietsen samen"}]
    assert card["approach"]["reason"] == "Dit past."
    (decision,) = card["history"]
    assert (decision["from"], decision["to"], decision["outcome"]) == ("proof-of-concept", "pilot", "pass")
    assert decision["answers"] == [{"question": "budget", "text": "12.500"}]
    assert card["costs"] == "€ 12.500"
    (indicator,) = card["indicators"]
    assert (indicator["baseline"]["value"], indicator["measurements"][0]["value"]) == (40.5, 90.0)
    assert {name: card["verdict"][name] for name in ("asked", "solved", "partly", "notSolved", "moved")} == {
        "asked": 120, "solved": 62, "partly": 10, "notSolved": 8, "moved": 3,
    }  # fmt: skip
    assert [partner["name"] for partner in card["partners"]] == ["Fietsersbond"]
    assert [lesson["title"] for lesson in card["lessons"]] == ["Begin klein en vraag wie er al loopt"]
    assert card["area"] == {"lat": 52.1, "lon": 4.27, "radius": 400}
    assert not {"geheim", "Verborgen"} & set(json.dumps(card).replace("@", " ").split())


def test_what_is_hidden_is_in_no_card(session: Session, visitor: Browser, deep: Pilot) -> None:
    for table in (Lesson, Approach):
        session.exec(update(table).values(visible=False))
    session.commit()
    card = card_of(visitor, deep)
    assert (card["lessons"], card["approach"]) == ([], None)
    deep.visible = False
    session.commit()
    assert visitor.get(f"/pilots/{deep.id}.card.json").status_code == 404
    assert visitor.get("/pilots/cards.json").json()["cards"] == []


def test_cards_and_feeds_fit_the_schema(visitor: Browser, deep: Pilot) -> None:
    told = visitor.get("/schemas/pilot-card/1")
    assert told.headers["content-type"] == "application/schema+json"
    schema = told.json()
    assert schema["$id"].endswith("/schemas/pilot-card/1")
    check = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    check.validate(card_of(visitor, deep))
    check.evolve(schema={**schema, "$ref": "#/$defs/Feed"} | {"required": [], "properties": {}}).validate(
        visitor.get("/pilots/cards.json").json()
    )
    with pytest.raises(jsonschema.ValidationError):
        check.validate({**card_of(visitor, deep), "stage": "finished"})


def test_for_everybody_and_not_sent_twice(session: Session, visitor: Browser, deep: Pilot) -> None:
    for path in ("/pilots/cards.json", f"/pilots/{deep.id}.card.json"):
        answer = visitor.get(path)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "last-modified" in answer.headers
        again = visitor.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    tag = answer.headers["etag"]
    session.get_one(VerdictQuestion, deep.id).solved += 1
    session.commit()
    assert visitor.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_the_feed_has_pages_and_asks_no_more_for_more_pilots(
    session: Session, visitor: Browser, deep: Pilot, cast: Cast, counting: Counting
) -> None:
    issue = make_issue(session, cast.author, "Nog een donker pad")
    with counting() as one:
        visitor.get("/pilots/cards.json")
    for number in range(CARDS_PER_PAGE + 2):
        make_pilot(session, [issue], f"Proef {number}")
    with counting() as many:
        first = visitor.get("/pilots/cards.json").json()
    assert many.count <= one.count
    second = visitor.get(first["links"]["next"].partition("8000")[2]).json()
    assert (len(first["cards"]), len(second["cards"])) == (CARDS_PER_PAGE, 3)
    assert second["links"]["next"] is None
    assert visitor.get("/pilots/cards.json?after=nonsense").status_code == 400
