"""What is right is taken over, what is wrong is named, and nothing breaks."""

import json
from contextlib import suppress
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cards.document import Card, is_link, schema
from app.cards.fetching import Refused
from app.cards.importing import columns_of
from app.cards.reading import BadCard, next_page, read_card, read_cards, read_document
from app.cards.words import bad_card_in_words
from tests.factories import card_document

SCHEMA = schema("https://stad.example/schemas/pilot-card/1")
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def test_the_schema_is_one_and_fits_a_card() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    VALIDATOR.validate(card_document())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", "1"),
        ("version", True),
        ("id", "javascript:alert(1)"),
        ("id", "https://a b"),
        ("url", "ftp://stad.example"),
        ("url", "https://name@stad.example/"),
        ("city", {"name": "", "url": "https://stad.example"}),
        ("city", None),
        ("invented", "no"),
        ("language", "nederlands"),
        ("licence", "all mine"),
        ("title", " \u200b "),
        ("title", 5),
        ("stage", "finished"),
        ("themes", "mobility"),
        ("verdict", {"asked": 5, "solved": 6, "partly": 0, "notSolved": 0, "askedOn": "2026-01-01"}),
        ("verdict", {"asked": -1, "solved": 0, "partly": 0, "notSolved": 0, "askedOn": "2026-01-01"}),
        ("verdict", {"asked": "5", "solved": 0, "partly": 0, "notSolved": 0, "askedOn": "2026-01-01"}),
        ("verdict", {"asked": 10**12, "solved": 0, "partly": 0, "notSolved": 0, "askedOn": "2026-01-01"}),
        ("indicators", [{"name": "a", "unit": "b", "better": "lower", "target": 1e300}]),
        ("area", {"lat": 91.0, "lon": 4.0}),
        ("createdOn", 1_700_000_000),
        ("createdOn", "0001-01-01"),
        ("updatedAt", "2026-06-01T12:00:00"),
        ("updatedAt", "9999-12-31T23:59:59+00:00"),
        ("approach", {"title": "a", "summary": "b", "language": "nl", "parts": [{"kind": "magical", "text": "c"}]}),
    ],
)
def test_a_card_with_something_wrong_is_named_and_the_others_stay(field: str, value: object) -> None:
    cards, bad = read_cards([card_document(1), {**card_document(2), field: value}, card_document(3)])
    assert [card.id for card in cards] == [card_document(1)["id"], card_document(3)["id"]]
    assert [each.where.partition(".")[0] for each in bad] == [field]
    assert bad_card_in_words({"name": bad[0].name, "why": bad[0].why, "where": bad[0].where}).params["name"]


def test_texts_are_cleaned_and_cut_and_markup_stays_text() -> None:
    card = read_card(
        card_document(
            title="<script>alert(1)</script>\u202e\x00" + "x" * 200,
            problem="p" * 50_000,
            approach={"title": "a", "summary": "b", "language": "nl", "parts": [{"kind": "social", "text": "c"}] * 500},
            partners=[{"name": "A", "kind": "business", "website": "javascript:alert(1)", "email": "a@b.nl"}],
            secret="left out",
        )
    )
    assert isinstance(card, Card)
    assert card.title.startswith("<script>alert(1)</script>xxx")
    assert (len(card.title), len(card.problem)) == (120, 3000)
    assert card.approach is not None
    assert len(card.approach.parts) == 20
    assert card.partners[0].website == ""
    assert "secret" not in columns_of(card)["document"]
    assert "email" not in json.dumps(columns_of(card)["document"])


def test_cards_of_a_newer_version_and_twice_the_same() -> None:
    cards, bad = read_cards([card_document(1), {**card_document(2), "version": 2}, card_document(1, title="Anders")])
    assert [card.title for card in cards] == [card_document(1)["title"]]
    assert [each.why for each in bad] == ["newer", "twice"]
    for each in bad:
        assert bad_card_in_words({"name": each.name, "why": each.why}).params["name"] == each.name


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not-json"),
        (b"<!doctype html>", "not-json"),
        (b"\xff\xfe", "not-json"),
        (b'{"version":1,"cards":[NaN]}', "not-json"),
        (b'{"version":1,"cards":["\\ud800"]}', "not-json"),
        (b"[" * 1_000_000, "not-json"),
        (b"9" * 1_000_000, "not-json"),
        (b"[]", "not-a-feed"),
        (b"{}", "not-a-feed"),
        (b'{"version":1}', "not-a-feed"),
        (b'{"version":"1","cards":[]}', "not-a-feed"),
        (b'{"version":true,"cards":[]}', "not-a-feed"),
        (b'{"version":1,"cards":{}}', "not-a-feed"),
        (b'{"version":1,"cards":[' + b"[" * 20 + b"]" * 20 + b"]}", "not-a-feed"),
        (b'{"version":2,"cards":"of another shape"}', "newer"),
    ],
)
def test_what_is_no_feed(body: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_document(body)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "following", ["https://elders.example/2", "//elders.example/2", 5, "x" * 600, "http://stad.example"]
)
def test_the_next_page_is_on_the_same_site(following: object) -> None:
    with pytest.raises(Refused):
        next_page({"links": {"next": following}}, "https://stad.example/1")
    assert next_page({"links": {"next": "?after=2"}}, "https://stad.example/1") == "https://stad.example/1?after=2"
    assert next_page({"links": {"next": None}}, "https://stad.example/1") == ""


@given(JSON)
def test_any_json_is_a_card_or_a_bad_card(entry: Any) -> None:
    assert isinstance(read_card(entry), Card | BadCard)


@given(st.sampled_from(sorted(card_document())), JSON)
def test_a_card_with_anything_anywhere_fits_the_tables_or_is_refused(field: str, value: Any) -> None:
    card = read_card(card_document(**{field: value}))
    if isinstance(card, BadCard):
        return
    columns = columns_of(card)
    assert Card.model_validate(columns["document"]) == card
    assert len(columns["title"]) <= 120
    assert len(columns["approach"]) <= 2000
    assert is_link(card.id)
    VALIDATOR.validate(json.loads(card.model_dump_json(by_alias=True)))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_feed_or_refused(body: bytes) -> None:
    with suppress(Refused):
        assert isinstance(read_document(body)["cards"], list)
