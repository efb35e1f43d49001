import re

import pytest

from tests.site.texts import texts_in_catalogue, texts_in_use

DUTCH = texts_in_catalogue("nl")
PLACES = re.compile(r"%\(\w+\)[sd]|%%")


def test_no_text_is_missing_in_dutch() -> None:
    missing = {text for text in texts_in_use() if not DUTCH.get(text) or not all(DUTCH[text])}
    assert not missing


def test_no_dutch_text_is_left_over() -> None:
    assert not set(DUTCH) - texts_in_use()


@pytest.mark.parametrize("text", DUTCH, ids=str)
def test_a_translation_fills_in_the_same_things(text: str | tuple[str, str]) -> None:
    english = set(PLACES.findall(text if isinstance(text, str) else text[-1]))
    translations = [DUTCH[text]] if isinstance(text, str) else list(DUTCH[text])
    assert set(PLACES.findall(str(translations[-1]))) == english
