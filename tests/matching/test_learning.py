"""One decision at a time, and the next issue profits."""

from app.matching.learning import learn, linear_scores, shares, with_bias
from app.matching.problem import Weights
from app.matching.reading import read

THEMES = (1, 2)


def features(text: str) -> dict[str, float]:
    return with_bias(read(text, "", "nl").features())


def taught(*lessons: tuple[str, int]) -> dict[str, Weights]:
    weights: dict[str, Weights] = {}
    for text, theme in lessons:
        weights |= learn(features(text), weights, THEMES, theme, {})
    return weights


def best(weights: dict[str, Weights], text: str) -> int:
    scores = linear_scores(features(text), weights)
    return max(THEMES, key=lambda theme: scores.get(theme, 0.0))


def test_one_lesson_is_enough_for_the_same_words() -> None:
    weights = taught(("Vleermuizen schrikken van lampen", 2))
    assert best(weights, "Lampen en vleermuizen") == 2


def test_a_second_lesson_corrects_the_first() -> None:
    weights = taught(("Vleermuizen", 2), ("Vleermuizen", 1), ("Vleermuizen", 1))
    assert best(weights, "Vleermuizen") == 1


def test_what_is_known_already_moves_little() -> None:
    text = features("Vleermuizen")
    surprised = learn(text, {}, THEMES, 1, {})
    confirmed = learn(text, {}, THEMES, 1, {1: 3.0})
    word = next(feature for feature in text if feature.startswith("w:"))
    assert surprised[word][1][0] > 0.4 > abs(confirmed[word][1][0] - surprised[word][1][0])
    assert learn(text, {}, THEMES, 1, {1: 50.0}) == {}


def test_the_same_lessons_in_the_same_order_give_the_same_weights() -> None:
    lessons = [(f"Lantaarn {n} kapot bij de brug", 1 + n % 2) for n in range(20)]
    assert taught(*lessons) == taught(*lessons)


def test_words_that_say_nothing_are_outweighed() -> None:
    lessons = [("Kapotte lamp", 1), ("Kapotte fiets", 2)] * 10
    weights = taught(*lessons)
    assert best(weights, "Lamp") == 1
    assert best(weights, "Fiets") == 2


def test_shares_add_up_to_one_and_never_overflow() -> None:
    assert shares({}) == {}
    assert shares({1: 1e4, 2: -1e4}) == {1: 1.0, 2: 0.0}
    assert sum(shares({1: 0.3, 2: 0.2, 3: -1.0}).values()) == 1.0
