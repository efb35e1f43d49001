"""What the files tell of a pilot can have happened in that order, to people who are there."""

from collections.abc import Iterator
from typing import Any

import pytest
from shapely.geometry import Point, shape
from shapely.ops import unary_union

from app.demo.stories import read_story
from app.pilots.models import PartKind
from tests.demo.test_content import AREAS, ISSUES, NAMED, PEOPLE, PILOTS, THEMES

each_pilot = pytest.mark.parametrize("pilot", PILOTS, ids=[pilot["key"] for pilot in PILOTS])


def days_in(told: Any) -> Iterator[int]:
    if isinstance(told, list):
        for each in told:
            yield from days_in(each)
    elif isinstance(told, dict):
        yield from (told["days_ago"] for _ in range("days_ago" in told))
        for each in told.values():
            yield from days_in(each)


@each_pilot
def test_a_pilot_grows_from_issues_and_serves_goals(pilot: dict[str, Any]) -> None:
    goals = {goal["key"] for slug in pilot["themes"] for goal in THEMES[slug]["goals"]}
    assert pilot["goals"]
    assert set(pilot["goals"]) <= goals
    assert pilot["issues"]
    assert set(pilot["issues"]) <= set(ISSUES)
    district = unary_union([shape(f["geometry"]) for f in AREAS.values()])
    assert district.contains(Point(pilot["lon"], pilot["lat"]))
    assert len(pilot["title"]) <= 120
    assert 12 <= len(pilot["keywords"]) == len(set(pilot["keywords"]))


def test_an_issue_in_a_pilot_says_so_and_belongs_to_one() -> None:
    linked = [key for pilot in PILOTS for key in pilot["issues"]]
    told = {key for key, issue in ISSUES.items() if any(e["status"] == "in-pilot" for e in issue["timeline"])}
    assert sorted(linked) == sorted(told)
    for pilot in PILOTS:
        for key in pilot["issues"]:
            joined = next(e for e in ISSUES[key]["timeline"] if e["status"] == "in-pilot")
            assert joined["days_ago"] <= pilot["days_ago"]


@each_pilot
def test_nothing_happens_before_the_pilot_or_after_today(pilot: dict[str, Any]) -> None:
    assert all(1 <= days <= pilot["days_ago"] for days in days_in(pilot))
    decided = [step["days_ago"] for step in pilot.get("decisions", [])]
    assert decided == sorted(decided, reverse=True)


@each_pilot
def test_approaches_compete_and_one_needs_no_technology(pilot: dict[str, Any]) -> None:
    approaches = {each["key"]: each for each in pilot["approaches"]}
    assert len(approaches) >= 2
    kinds = [{PartKind(part["kind"]) for part in each["parts"]} for each in approaches.values()]
    assert any(PartKind.DIGITAL not in made_of for made_of in kinds)
    voices = [reason["author"] for each in approaches.values() for reason in each["reasons"]]
    assert len(voices) == len(set(voices))
    silent = sum(each["quiet_preferences"] for each in approaches.values())
    assert silent <= PEOPLE["quiet_residents"]["count"]
    if choice := pilot.get("choice"):
        assert choice["approach"] in approaches
        said = [r["days_ago"] for each in approaches.values() for r in (each, *each["reasons"])]
        assert min(said) > choice["days_ago"] > pilot["decisions"][-1]["days_ago"]


@each_pilot
def test_only_who_is_there_speaks(pilot: dict[str, Any]) -> None:
    speakers = {reason["author"] for each in pilot["approaches"] for reason in (each, *each["reasons"])}
    assert speakers | set(pilot["co_creators"]) <= NAMED
    behind = {name for key in pilot["issues"] for name in (ISSUES[key]["author"], *ISSUES[key]["voters"])}
    verdict = pilot.get("verdict", {"reasons": [], "counts": {}})
    assert {reason["author"] for reason in verdict["reasons"]} <= behind
    for answer, count in verdict["counts"].items():
        assert sum(reason["answer"].replace("-", "_") == answer for reason in verdict["reasons"]) <= count


def test_the_cards_of_another_town_are_there_to_be_taken_over() -> None:
    story = read_story("cards.json")
    assert len(story["cards"]) == 3
    assert ".example/" in story["feed"]["url"]
    wanted = {each["tried_in"] for pilot in PILOTS for each in pilot["approaches"] if "tried_in" in each}
    assert wanted <= {card["key"] for card in story["cards"]}
