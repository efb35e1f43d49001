"""Reasons are stored as data and read as sentences."""

import pytest

from app.core.i18n import translate
from app.matching.engine.suggestion import Reason, ReasonCode
from app.matching.reasons import UNREADABLE, in_words, told_together

PARAMS = {
    ReasonCode.KEYWORD: {"words": ["lantaarn"]},
    ReasonCode.SHARED_WORDS: {"words": ["fietspad", "donker", "bang", "avond"]},
    ReasonCode.LOOKS_LIKE: {"words": ["fietspat"]},
    ReasonCode.SAME_CONCEPT: {
        "nl": "water na regen",
        "en": "water after rain",
        "said": ["dweil in de kelder"],
        "theirs": ["wateroverlast"],
    },
    ReasonCode.TALK: {"nl": "water na regen", "en": "water after rain", "people": 3},
    ReasonCode.MEANS_THE_SAME: {"theirs": "Na een hoosbui staat het water in de straat."},
    ReasonCode.CO_VOTES: {"people": 12},
    ReasonCode.LEARNED_CONCEPT: {"nl": "hitte", "en": "heat", "said": ["bloedheet"]},
    ReasonCode.NEAR: {"metres": 183},
    ReasonCode.SAME_TIME: {"days": 3},
    ReasonCode.LEARNED_WORDS: {"words": ["vleermuis"]},
    ReasonCode.TEAM_LINKED: {"issues": 4},
    ReasonCode.TEAM_DECIDED: {"issues": 1},
}


@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_has_a_sentence(code: ReasonCode) -> None:
    stored = Reason(code, 0.5, PARAMS.get(code, {})).stored()
    assert stored["code"] == code.value
    text = in_words(stored)
    assert text is not UNREADABLE
    for locale in ("nl", "en"):
        assert "%(" not in translate(text, locale)


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        (
            {"code": "shared_words", "words": ["fietspad", "donker", "bang", "avond"]},
            "fietspad, donker, bang",
        ),
        ({"code": "near", "metres": 183}, "180 m away"),
        ({"code": "near", "metres": 4}, "at the same spot"),
        ({"code": "near", "metres": 1749}, "1.7 km away"),
        ({"code": "same_time", "days": 0}, "on the same day"),
        ({"code": "same_time", "days": 1}, "a day apart"),
        ({"code": "team_linked", "issues": 4}, "4 similar issues"),
    ],
)
def test_a_sentence_names_what_decided(stored: dict[str, object], sentence: str) -> None:
    assert sentence in translate(in_words(stored), "en")


@pytest.mark.parametrize("stored", [{}, {"code": "from_the_future"}, {"code": "near"}, {"code": "near", "metres": "?"}])
def test_a_reason_of_another_version_breaks_nothing(stored: dict[str, object]) -> None:
    assert in_words(stored) is UNREADABLE


def test_a_word_is_named_once_and_the_same_theme_needs_a_theme() -> None:
    reasons = [
        {"code": "keyword", "words": ["rekken", "station"]},
        {"code": "shared_words", "words": ["rekken", "stoep"]},
        {"code": "looks_like", "words": ["station"]},
        {"code": "same_theme"},
    ]
    told = [translate(each, "en") for each in told_together(reasons)]
    assert told == [
        "has the keywords “rekken, station”",
        "shares the words “stoep”",
        "is about the same theme",
    ]
    assert len(told_together(reasons, themes_shown=False)) == 2
