"""What the engine finds, why, and when it keeps silent; without a database."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.engine.problem import Profile
from app.matching.engine.ranking import match
from app.matching.engine.suggestion import Likelihood, Matches, Ranking, Reason, ReasonCode
from tests.matching.memory import (
    LIGHT_PILOT,
    MOBILITY,
    NATURE,
    PATH,
    PILOTS,
    RAIN_PILOT,
    SAFETY,
    THEMES,
    MemoryCorpus,
    earlier,
    north_of,
    problem,
)


def keys(ranking: Ranking) -> list[int]:
    return [suggestion.key for suggestion in ranking.suggestions]


def shown(ranking: Ranking) -> list[int]:
    return [suggestion.key for suggestion in ranking.shown]


def reasons_for(ranking: Ranking, key: int) -> dict[ReasonCode, Reason]:
    found = next(suggestion for suggestion in ranking.suggestions if suggestion.key == key)
    return {reason.code: reason for reason in found.reasons}


class TestThemes:
    def test_all_are_ranked_by_description_and_keywords(self) -> None:
        themes = match(problem("Fietsenstallingen staan vol"), MemoryCorpus()).themes
        assert sorted(keys(themes)) == [SAFETY, MOBILITY, NATURE]
        assert keys(themes)[0] == MOBILITY
        assert abs(sum(each.score for each in themes.suggestions) - 1) < 1e-9
        assert reasons_for(themes, MOBILITY)[ReasonCode.KEYWORD].params == {"words": ["fietsenstallingen"]}

    def test_an_english_text_meets_english_keywords(self) -> None:
        assert shown(match(problem("Street lights out again", language="en"), MemoryCorpus()).themes) == [SAFETY]

    def test_what_a_text_is_about_counts_also_without_a_shared_word(self) -> None:
        themes = match(problem("Ik durf er niet langs"), MemoryCorpus()).themes
        assert shown(themes)[0] == SAFETY
        assert ReasonCode.SAME_CONCEPT in reasons_for(themes, SAFETY)

    def test_a_misspelled_word_still_leads_there(self) -> None:
        themes = match(problem("Parkkeren"), MemoryCorpus()).themes
        assert keys(themes)[0] == MOBILITY
        assert reasons_for(themes, MOBILITY)[ReasonCode.LOOKS_LIKE].params == {"words": ["parkkeren"]}

    def test_none_is_forced(self) -> None:
        for text in ("", "Ik heb een vraag", "12345", "🙂🙂🙂"):
            assert shown(match(problem(text), MemoryCorpus()).themes) == []

    def test_the_author_s_own_choice_counts(self) -> None:
        chosen = problem("Iets anders")
        themes = match(type(chosen)(chosen.title, "", "nl", theme_id=NATURE), MemoryCorpus()).themes
        assert keys(themes)[0] == NATURE
        assert ReasonCode.AUTHOR_CHOSE in reasons_for(themes, NATURE)

    def test_what_the_team_decided_on_similar_issues_counts(self) -> None:
        issues = [earlier(n, "Vleermuizen schrikken van schijnwerpers", theme_id=NATURE) for n in range(1, 5)]
        themes = match(problem("Schijnwerpers en vleermuizen"), MemoryCorpus(issues=issues)).themes
        assert keys(themes)[0] == NATURE
        assert reasons_for(themes, NATURE)[ReasonCode.TEAM_DECIDED].params == {"issues": 4}


class TestPilots:
    def test_words_and_place_bring_a_pilot(self) -> None:
        pilots = match(problem("Fietspad onverlicht", "Fietsers zien niets", PATH), MemoryCorpus()).pilots
        assert shown(pilots) == [LIGHT_PILOT]
        reasons = reasons_for(pilots, LIGHT_PILOT)
        assert ReasonCode.IN_PILOT_AREA in reasons
        assert set(reasons[ReasonCode.SHARED_WORDS].params["words"]) == {"fietspad", "onverlicht", "fietsers"}

    def test_what_both_are_about_brings_a_pilot_in_other_words_and_another_language(self) -> None:
        for text, language in (
            ("Als het plenst sta ik te dweilen", "nl"),
            ("I am mopping after every downpour", "en"),
        ):
            pilots = match(problem(text, language=language), MemoryCorpus()).pilots
            assert shown(pilots) == [RAIN_PILOT]
            common = reasons_for(pilots, RAIN_PILOT)[ReasonCode.SAME_CONCEPT].params
            assert common["nl"] == "water na regen"
            assert "hoosbui" in common["theirs"]

    def test_what_the_team_did_with_the_same_concept_teaches(self) -> None:
        corpus = MemoryCorpus()
        corpus.linked = {LIGHT_PILOT: {"rain-flooding": 0.9}, RAIN_PILOT: {"rain-flooding": -0.9}}
        asked = problem("Het plenst")
        before, after = match(asked, MemoryCorpus()).pilots, match(asked, corpus).pilots
        assert (keys(before)[0], keys(after)[0]) == (RAIN_PILOT, LIGHT_PILOT)
        reason = reasons_for(after, LIGHT_PILOT)[ReasonCode.LEARNED_CONCEPT]
        assert reason.params["said"] == ["plenst"]

    def test_far_away_counts_for_less(self) -> None:
        corpus = MemoryCorpus()
        near = match(problem("Fietspad onverlicht", point=PATH), corpus).pilots.suggestions[0]
        far = match(problem("Fietspad onverlicht", point=north_of(PATH, 3_000)), corpus).pilots.suggestions[0]
        assert near.score > far.score

    def test_place_alone_is_no_reason(self) -> None:
        assert shown(match(problem("Bushokje stuk", point=PATH), MemoryCorpus()).pilots) == []

    def test_a_keyword_counts(self) -> None:
        pilots = match(problem("Kelder ondergelopen"), MemoryCorpus()).pilots
        assert shown(pilots) == [RAIN_PILOT]
        assert set(reasons_for(pilots, RAIN_PILOT)[ReasonCode.KEYWORD].params["words"]) == {
            "kelder",
            "ondergelopen",
        }

    def test_the_team_s_links_teach(self) -> None:
        text = "Mijn lantaarns flikkeren"
        issues = [earlier(1, text, point=None, pilot_ids=(RAIN_PILOT,))]
        without = match(problem(text), MemoryCorpus()).pilots
        pilots = match(problem(text), MemoryCorpus(issues=issues)).pilots
        assert RAIN_PILOT not in shown(without)
        assert shown(pilots) == [RAIN_PILOT]
        assert reasons_for(pilots, RAIN_PILOT)[ReasonCode.TEAM_LINKED].params == {"issues": 1}

    def test_the_team_s_rejections_teach_too(self) -> None:
        text = "Fietspad onverlicht"
        issues = [earlier(1, text, rejected_pilot_ids=(LIGHT_PILOT,))]
        before = match(problem(text), MemoryCorpus()).pilots
        after = match(problem(text), MemoryCorpus(issues=issues)).pilots
        assert shown(before) == [LIGHT_PILOT]
        assert shown(after) == []


class TestSimilar:
    def test_the_same_thing_at_the_same_place_comes_first(self) -> None:
        issues = [
            earlier(1, "Lantaarn kapot", north_of(PATH, 2_000)),
            earlier(2, "Lantaarnpaal kapot", north_of(PATH, 20)),
            earlier(3, "Bankje kapot", north_of(PATH, 10)),
        ]
        similar = match(problem("Kapotte lantaarn", point=PATH), MemoryCorpus(issues=issues)).similar
        assert keys(similar)[0] == 2
        reasons = reasons_for(similar, 2)
        assert reasons[ReasonCode.NEAR].params == {"metres": 20}
        assert reasons[ReasonCode.SHARED_WORDS].params == {"words": ["lantaarn", "kapotte"]}

    def test_newer_goes_before_older(self) -> None:
        issues = [earlier(1, "Lantaarn kapot", days=300), earlier(2, "Lantaarn kapot", days=1)]
        assert keys(match(problem("Lantaarn kapot", point=PATH), MemoryCorpus(issues=issues)).similar) == [
            2,
            1,
        ]

    def test_only_what_can_be_voted_for(self) -> None:
        issues = [earlier(1, "Lantaarn kapot", is_open=False)]
        assert keys(match(problem("Lantaarn kapot", point=PATH), MemoryCorpus(issues=issues)).similar) == []

    def test_being_near_is_not_being_alike(self) -> None:
        issues = [earlier(1, "Hondenpoep")]
        assert shown(match(problem("Lantaarn kapot", point=PATH), MemoryCorpus(issues=issues)).similar) == []

    def test_before_there_is_a_pin_the_words_alone_say_what_is_alike(self) -> None:
        issues = [
            earlier(1, "Fietsenrekken bij het station staan elke dag vol", days=150),
            earlier(2, "Meeuwen trekken de vuilniszakken open", days=0.1),
        ]
        similar = match(problem("Fietsenrekken bij het station altijd vol"), MemoryCorpus(issues=issues)).similar
        assert shown(similar) == [1]
        assert keys(similar)[0] == 1

    def test_an_issue_is_not_similar_to_itself(self) -> None:
        issues = [earlier(7, "Lantaarn kapot")]
        stored = problem("Lantaarn kapot", point=PATH)
        itself = type(stored)(stored.title, "", "nl", PATH.lat, PATH.lon, issue_id=7)
        assert keys(match(itself, MemoryCorpus(issues=issues)).similar) == []


def everything(matches: Matches) -> list[Ranking]:
    return [matches.themes, matches.pilots, matches.similar]


WILD_TEXT = st.text(max_size=300) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        "1 " * 900,
        "a" * 50_000,
        "Het plenst en de kelder staat blank. " * 1_400,
        "ضوضاء 🙂 噪音 шум",
        "'\"; -- OR NEAR(x)",
        "\x00\ud800",
        "<p>Het <b>plenst</b> &amp; it pours, der Keller läuft voll</p>",
        "geen niet zonder no not never " * 60,
        "de het een " * 500,
    ]
)
WILD_POINT = st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(WILD_TEXT, WILD_TEXT, WILD_POINT, st.sampled_from(["nl", "en", "tr", "xx", None]))
@settings(max_examples=150, deadline=None)
def test_wild_input_gets_an_answer_or_an_abstention(
    title: str, text: str, point: tuple[float, float] | None, language: str | None
) -> None:
    lat, lon = point or (None, None)
    asked = type(problem(""))(title, text, language, lat, lon)
    issues = [earlier(1, "Lantaarn kapot", theme_id=SAFETY, pilot_ids=(LIGHT_PILOT,)), earlier(2, text, None)]
    pilots = [*PILOTS, Profile(3, (("nl", text),), (("en", title),)), Profile(4, ())]
    for ranking in everything(match(asked, MemoryCorpus(pilots=pilots, issues=issues))):
        assert all(0 <= each.score <= 1 for each in ranking.suggestions)
        assert len(ranking.shown) <= 5
        assert list(ranking.shown) == list(ranking.suggestions[: len(ranking.shown)])
        assert all(each.reasons for each in ranking.shown)


def test_a_bare_city_gets_an_abstention() -> None:
    empty = MemoryCorpus(themes=(), pilots=())
    assert [keys(each) for each in everything(match(problem("Donker fietspad", point=PATH), empty))] == [
        [],
        [],
        [],
    ]
    wordless = MemoryCorpus(themes=[Profile(1, (("nl", ""), ("en", ""))), Profile(2, ())], pilots=[Profile(1, ())])
    for ranking in everything(match(problem("Donker fietspad", point=PATH), wordless)):
        assert ranking.shown == ()


def test_two_themes_with_one_name_are_both_ranked() -> None:
    twins = MemoryCorpus(themes=[THEMES[0], Profile(9, THEMES[0].texts, THEMES[0].keywords)])
    assert keys(match(problem("Straatverlichting stuk"), twins).themes) == [SAFETY, 9]


def test_the_order_of_the_data_changes_nothing() -> None:
    issues = [earlier(n, f"Lantaarn kapot in straat {n % 3}", theme_id=1 + n % 3, days=n) for n in range(1, 30)]
    asked = problem("Lantaarn kapot", "Straat 2 is donker", PATH)
    one = match(asked, MemoryCorpus(issues=issues))
    other = match(asked, MemoryCorpus(pilots=PILOTS[::-1], issues=issues[::-1]))
    assert [(keys(a), [e.reasons for e in a.suggestions]) for a in everything(one)] == [
        (keys(a), [e.reasons for e in a.suggestions]) for a in everything(other)
    ]


def test_reasons_are_the_parts_that_carried_the_score() -> None:
    issues = [earlier(1, "Fietspad donker en onverlicht", theme_id=SAFETY, pilot_ids=(LIGHT_PILOT,))]
    asked = problem("Onverlicht fietspad", "Fietsers zien niets na zonsondergang", PATH)
    for ranking in everything(match(asked, MemoryCorpus(issues=issues))):
        for suggestion in ranking.shown:
            weights = [reason.weight for reason in suggestion.reasons]
            assert weights == sorted(weights, reverse=True)
            assert 0.7 < sum(weights) <= 1.0001
            assert 1 <= len(weights) <= 4
            assert suggestion.likelihood is not Likelihood.UNSURE
