"""One decision at a time, and the next issue profits."""

from hypothesis import given
from hypothesis import strategies as st

from app.matching.engine.learning import (
    FINE,
    Learned,
    Lesson,
    as_weights,
    lesson_of,
    linear_scores,
    shares,
    with_bias,
    with_lesson,
)
from app.matching.engine.reading import read

THEMES = (1, 2)


def features(text: str) -> dict[str, float]:
    return with_bias(read(text, "", "nl").features())


def taught(*lessons: tuple[str, int]) -> dict[str, Learned]:
    known: dict[str, Learned] = {}
    for text, theme in lessons:
        known |= with_lesson(known, lesson_of(features(text), known, THEMES, theme, {}))
    return known


def best(known: dict[str, Learned], text: str) -> int:
    scores = linear_scores(features(text), {feature: as_weights(each) for feature, each in known.items()})
    return max(THEMES, key=lambda theme: scores.get(theme, 0.0))


def test_one_lesson_is_enough_for_the_same_words() -> None:
    weights = taught(("Vleermuizen schrikken van lampen", 2))
    assert best(weights, "Lampen en vleermuizen") == 2


def test_a_second_lesson_corrects_the_first() -> None:
    weights = taught(("Vleermuizen", 2), ("Vleermuizen", 1), ("Vleermuizen", 1))
    assert best(weights, "Vleermuizen") == 1


def test_what_is_known_already_moves_little() -> None:
    text = features("Vleermuizen")
    word = next(feature for feature in text if feature.startswith("w:"))
    surprised, expected = (
        with_lesson({}, lesson_of(text, {}, THEMES, 1, expected))[word].weights[1] / FINE**2
        for expected in ({}, {1: 3.0})
    )
    assert surprised > 2 * expected > 0
    assert lesson_of(text, {}, THEMES, 1, {1: 50.0}) == Lesson()


@given(st.lists(st.tuples(st.sampled_from(["Lamp", "Fiets en lamp", "Fiets", "Boom"]), st.sampled_from(THEMES))))
def test_lessons_taken_back_in_any_order_leave_nothing(given: list[tuple[str, int]]) -> None:
    known: dict[str, Learned] = {}
    lessons = []
    for text, theme in given:
        lessons.append(lesson_of(features(text), known, THEMES, theme, {}))
        known |= with_lesson(known, lessons[-1])
    for lesson in sorted(lessons, key=lambda each: -len(each.steps)):
        known |= with_lesson(known, lesson, -1)
    assert all(not each.weights and not each.spread for each in known.values())


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
