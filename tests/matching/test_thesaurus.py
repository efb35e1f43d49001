"""The thesaurus of the product is sound, and a city can change its own."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.activity.models import AuditEntry
from app.core.db import Database
from app.core.errors import BadRequest, Conflict, NotFound
from app.foundations import THEMES
from app.matching import actions
from app.matching.engine.problem import Problem
from app.matching.engine.suggestion import ReasonCode
from app.matching.models import CityExpression
from app.matching.thesaurus import editing
from app.matching.thesaurus.concepts import LANGUAGES, Concept, Expression, read_blocks, shipped_concepts
from app.matching.thesaurus.expressions import NOT, Meaning, Thesaurus, stems_of
from tests.conftest import Cast
from tests.crowd import at_once
from tests.factories import make_issue, make_pilot
from tests.matching.memory import shipped_thesaurus

CODES = [concept.code for concept in shipped_concepts()]


def meaning(text: str, language: str | None = "nl", title: str = "") -> Meaning:
    return shipped_thesaurus().read(title, text, language)


def strongest(text: str, language: str = "nl") -> str:
    found = meaning(text, language).strengths
    return max(found, key=lambda code: found[code])


class TestFiles:
    def test_codes_are_unique_and_what_they_point_at_is_there(self) -> None:
        assert len(CODES) == len(set(CODES)) >= 150
        for concept in shipped_concepts():
            assert {*concept.broader, *concept.related} <= set(CODES) - {concept.code}

    @pytest.mark.parametrize("concept", shipped_concepts(), ids=CODES)
    def test_every_concept_can_be_said_in_both_languages(self, concept: Concept) -> None:
        for language in LANGUAGES:
            said = [stems_of(each.text, language, each.exact) for each in concept.expressions[language]]
            assert len(said) >= 4
            assert all(stems and set(stems) != {NOT} for stems in said)

    def test_themes_are_those_of_a_new_city(self) -> None:
        known = THEMES.read_text(encoding="utf-8")
        for concept in shipped_concepts():
            assert concept.themes
            assert all(f'"{slug}"' in known and 0 < weight <= 1 for slug, weight in concept.themes.items())

    def test_a_line_that_nobody_reads_is_refused(self) -> None:
        with pytest.raises(ValueError, match="fr"):
            list(read_blocks("code | nl | en\nfr inondation"))


class TestReading:
    @pytest.mark.parametrize(
        ("text", "language", "code"),
        [
            ("Als het plenst sta ik met de dweil in de kelder", "nl", "rain-flooding"),
            ("Every time it rains hard I am mopping the basement", "en", "rain-flooding"),
            ("Ik durf er 's avonds niet langs, ik fiets liever om", "nl", "feeling-unsafe"),
            ("Ze scheuren hier met een rotvaart door de straat", "nl", "speeding"),
            ("Kom er met de rollator niet langs, de stoep staat vol", "nl", "obstructed-pavement"),
            ("I have nobody to talk to since my husband died", "en", "loneliness"),
            ("Vuilnisbakken bij het park lopen elke zondag over", "nl", "overflowing-bins"),
        ],
    )
    def test_everyday_words_name_a_concept(self, text: str, language: str, code: str) -> None:
        assert strongest(text, language) == code

    def test_words_are_quoted_as_they_were_written(self) -> None:
        said = meaning("Toen ik thuiskwam stond ik met de Dweil in de kelder.").said["rain-flooding"]
        assert said[0] == "dweil in de kelder"

    def test_a_negation_belongs_to_the_word_beside_it(self) -> None:
        assert "street-lighting" in meaning("Er is hier geen licht").strengths
        without, one = (meaning(text).strengths for text in ("Er is geen bankje", "Er is een bankje"))
        assert without["seats"] > one["seats"]

    def test_words_of_a_phrase_in_different_sentences_are_no_phrase(self) -> None:
        near = meaning("Het is hier te druk.").strengths
        assert near["crowding"] > meaning("Ik moet te lang wachten. Daarna werd het erg druk").strengths.get(
            "crowding", 0
        )

    def test_small_words_are_not_taken_for_others(self) -> None:
        assert "heat" not in meaning("Het is door de week zo dat het kan").strengths

    def test_a_word_that_is_named_as_a_whole_is_not_taken_apart(self) -> None:
        assert "dogs" not in meaning("hondenpoep").strengths
        assert "street-lighting" in meaning("fietspadverlichting").strengths

    def test_languages_without_expressions_have_no_meaning(self) -> None:
        assert meaning("Bar met terras", "ca") == Meaning()

    @given(st.text(max_size=400), st.sampled_from(["nl", "en", "ca", None]))
    def test_any_text_can_be_read(self, text: str, language: str | None) -> None:
        found = meaning(text, language, title=text[:40])
        assert found.strengths.keys() == found.said.keys()
        assert all(0 < strength <= 1 for strength in found.strengths.values())
        assert all(said and all(said) for said in found.said.values())

    def test_a_narrow_concept_says_something_about_the_wider_one(self) -> None:
        wide = Concept("wide", "breed", "wide")
        narrow = Concept("narrow", "smal", "narrow", broader=("wide",))
        narrowest = Concept("narrowest", "smalst", "narrowest", broader=("narrow", "gone"))
        reached = Thesaurus([narrowest, narrow, wide]).wider("narrowest")
        assert list(reached) == ["narrowest", "narrow", "wide"]
        assert reached["narrowest"] > reached["narrow"] > reached["wide"]

    def test_an_expression_of_two_concepts_counts_less_for_each(self) -> None:
        expressions = {"nl": (Expression("zeppelin"),)}
        alone = Thesaurus([Concept("a", "a", "a", expressions=expressions)])
        both = Thesaurus([Concept(code, code, code, expressions=expressions) for code in "ab"])
        assert alone.read("", "zeppelin", "nl").strengths["a"] > both.read("", "zeppelin", "nl").strengths["a"]


class TestEditing:
    def read(self, session: Session, text: str) -> Meaning:
        return actions.corpus_of(session).thesaurus.read("", text, "nl")

    def test_what_a_city_adds_is_used_at_once_by_every_process(self, session: Session, cast: Cast) -> None:
        assert "rain-flooding" not in self.read(session, "De straat is een zompig zootje").strengths
        assert editing.add_expression(session, cast.team.id or 0, "rain-flooding", "nl", " Zompig  zootje ")
        session.commit()
        with Session(session.get_bind()) as another_process:
            assert self.read(another_process, "Een zompig zootje").said["rain-flooding"] == ["zompig zootje"]
        assert not editing.add_expression(session, cast.team.id or 0, "rain-flooding", "nl", "zompig zootje")

    def test_what_a_city_takes_away_can_come_back(self, session: Session, cast: Cast) -> None:
        edit = partial(editing.remove_expression, session, cast.team.id or 0, "rain-flooding", "nl")
        assert edit("plenst")
        session.commit()
        assert "rain-flooding" not in self.read(session, "Het plenst").strengths
        assert not edit("plenst")
        assert editing.add_expression(session, cast.team.id or 0, "rain-flooding", "nl", "plenst")
        session.commit()
        assert "rain-flooding" in self.read(session, "Het plenst").strengths
        assert [row.kind for row in session.exec(select(AuditEntry).where(AuditEntry.subject_kind == "concept"))] == [
            "concept.expression_removed",
            "concept.expression_added",
        ]

    def test_a_concept_of_its_own(self, session: Session, cast: Cast) -> None:
        team = cast.team.id or 0
        code = editing.add_concept(session, team, "zeppelins", "airships", theme_id=3)
        editing.add_expression(session, team, code, "nl", "sigaar in de lucht")
        session.commit()
        pilot = make_pilot(session, [make_issue(session, cast.author, "Zeppelins boven het dak")])
        pilot.problem = "Zeppelins hangen boven de huizen."
        session.add(pilot)
        session.commit()
        found = actions.rank(session, Problem("Weer zo'n sigaar in de lucht", "", "nl"))
        assert found.themes.suggestions[0].key == 3
        (reason,) = [
            reason for each in found.themes.shown for reason in each.reasons if reason.code is ReasonCode.SAME_CONCEPT
        ]
        assert (reason.params["nl"], reason.params["said"]) == ("zeppelins", ["sigaar in de lucht"])
        editing.remove_concept(session, team, code)
        session.commit()
        assert self.read(session, "sigaar in de lucht").strengths == {}
        assert session.exec(select(CityExpression)).all() == []

    def test_what_makes_no_sense_is_refused(self, session: Session, cast: Cast) -> None:
        team = cast.team.id or 0
        for text in ("", "de het een", "🙂", "x" * 81):
            with pytest.raises(BadRequest):
                editing.add_expression(session, team, "rain-flooding", "nl", text)
        with pytest.raises(NotFound):
            editing.add_expression(session, team, "no-such-concept", "nl", "regen")
        with pytest.raises(NotFound):
            editing.remove_concept(session, team, "rain-flooding")
        editing.add_concept(session, team, "zeppelins", "airships")
        with pytest.raises(Conflict):
            editing.add_concept(session, team, "luchtschepen", "airships")

    def test_many_people_who_add_the_same_add_it_once(self, session: Session, cast: Cast, database: Database) -> None:
        team = cast.team.id or 0
        session.rollback()

        def add() -> None:
            with database.session() as own:
                editing.add_expression(own, team, "rain-flooding", "nl", "zompig")

        at_once([add] * 6)
        assert len(session.exec(select(CityExpression)).all()) == 1
