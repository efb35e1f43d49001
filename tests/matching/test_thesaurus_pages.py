"""The team changes how the engine reads: words of a problem, and problems of its own."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from app.accounts.models import Person
from app.matching.actions import rank
from app.matching.engine.problem import Problem
from tests.browsing import Browser, text_of
from tests.conftest import Cast
from tests.factories import make_issue, make_pilot

CONCEPTS = "/team/matching/concepts"


@pytest.fixture
def team(browser_of: Callable[[Person | None], Browser], cast: Cast) -> Browser:
    return browser_of(cast.team)


def test_a_word_that_the_team_adds_is_understood_at_once(team: Browser, session: Session, cast: Cast) -> None:
    flood = make_issue(session, cast.author, "Straat onder water", description="Na elke hoosbui.")
    make_pilot(session, [flood], title="Wateroverlast bij hevige regen")
    told = Problem("Zompelkuil", "Alweer een zompelkuil voor de deur.")
    before = rank(session, told).pilots.suggestions
    added = team.post(f"{CONCEPTS}/rain-flooding/expressions", data={"language": "nl", "text": "zompelkuil"})
    assert added.status_code == 303
    session.rollback()
    assert "zompelkuil" in text_of(team.get(f"{CONCEPTS}/rain-flooding").text)
    assert rank(session, told).pilots.suggestions[0].score > max((each.score for each in before), default=0.0)
    gone = team.post(f"{CONCEPTS}/rain-flooding/expressions/removal", data={"language": "nl", "text": "zompelkuil"})
    assert gone.status_code == 303
    assert "zompelkuil" not in text_of(team.get(f"{CONCEPTS}/rain-flooding").text)


def test_a_problem_of_this_city_comes_and_goes(team: Browser) -> None:
    form = {"name_nl": "Konijnen in de tuin", "name_en": "Rabbits in the garden", "theme": "sustainability"}
    page = team.post(CONCEPTS, data=form, follow_redirects=True)
    assert "Konijnen in de tuin" in text_of(page.text)
    again = team.post(CONCEPTS, data=form)
    assert again.status_code == 422
    assert "Rabbits in the garden" in again.text
    assert "Konijnen in de tuin" in text_of(team.get(f"{CONCEPTS}?q=konijn").text)
    assert team.post(f"{CONCEPTS}/city-rabbits-in-the-garden/removal").status_code == 303
    assert team.get(f"{CONCEPTS}/city-rabbits-in-the-garden").status_code == 404


def test_what_says_nothing_is_refused_and_kept_to_be_corrected(team: Browser) -> None:
    for text in ("x", "??", "y" * 81):
        refused = team.post(f"{CONCEPTS}/rain-flooding/expressions", data={"language": "nl", "text": text})
        assert refused.status_code == 422
        assert f'value="{text}"' in refused.text
    assert team.post(f"{CONCEPTS}/rain-flooding/removal").status_code == 404
