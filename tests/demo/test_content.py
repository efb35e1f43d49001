"""The demo's files speak of places, people, issues and goals that exist, in a possible order."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point, shape
from shapely.ops import unary_union

from app.demo.scenes import SCENES
from app.issues.models import NEEDS_PUBLIC_TEXT, TRANSITIONS, Precision, Source, Status
from app.pilots.models import Stage

APP = Path(__file__).parents[2] / "app"


def read(name: str) -> Any:
    return json.loads((APP / name).read_text("utf-8"))


AREAS = {f["properties"]["code"]: f for f in read("demo/content/neighbourhoods.geojson")["features"]}
THEMES = {theme["slug"]: theme for theme in read("themes/default_themes.json")["themes"]}
PEOPLE = read("demo/content/people.json")
ISSUES = {issue["key"]: issue for issue in read("demo/content/issues.json")["issues"]}
PILOTS = read("demo/content/pilots.json")["pilots"]
NAMED = {person["key"] for group in ("accounts", "residents") for person in PEOPLE[group]}


def moment(entry: dict[str, Any]) -> tuple[int, str]:
    return -entry["days_ago"], entry["time"]


def comments_of(issue: dict[str, Any]) -> list[dict[str, Any]]:
    return [c for comment in issue["comments"] for c in (comment, *comment.get("replies", []))]


def test_the_neighbourhoods_cover_one_area_without_gaps_or_overlaps() -> None:
    outlines = [shape(f["geometry"]) for f in AREAS.values()]
    assert len(AREAS) == 8
    assert all(outline.is_valid for outline in outlines)
    district = unary_union(outlines)
    assert district.geom_type == "Polygon"
    assert not district.interiors
    assert district.area == pytest.approx(sum(outline.area for outline in outlines), rel=1e-9)


def test_the_sea_lies_to_the_north_west() -> None:
    features = read("demo/content/landmarks.geojson")["features"]
    shapes = {f["properties"]["kind"]: shape(f["geometry"]) for f in features}
    assert {"sea", "coast", "beach", "dunes", "canal", "main_road", "station", "boulevard"} <= set(shapes)
    assert all(f["properties"]["name_nl"] and f["properties"]["name_en"] for f in features)
    middle = unary_union([shape(f["geometry"]) for f in AREAS.values()]).centroid
    assert shapes["sea"].contains(Point(middle.x - 0.03, middle.y + 0.02))
    assert not shapes["sea"].contains(middle)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())
def test_a_theme_has_words_and_goals_in_both_languages(theme: dict[str, Any]) -> None:
    for language in ("nl", "en"):
        words = theme[f"keywords_{language}"]
        assert 40 <= len(words) <= 70
        assert len(words) == len({word.lower() for word in words})
        assert theme[f"name_{language}"]
        assert theme[f"description_{language}"]
    assert 1 <= len(theme["goals"]) <= 3
    for goal in theme["goals"]:
        assert all(goal[f"{part}_nl"] and goal[f"{part}_en"] for part in ("text", "indicator", "target"))
        assert goal["source"]


def test_the_default_themes_are_the_five_of_the_contract() -> None:
    assert list(THEMES) == [
        "safety-liveability",
        "mobility",
        "sustainability",
        "participation-economy",
        "tourism-recreation",
    ]


def test_people_have_invented_addresses_of_their_own() -> None:
    people = [*PEOPLE["accounts"], *PEOPLE["residents"]]
    addresses = [person["email"] for person in people]
    assert len(set(addresses)) == len(people)
    assert all(address.endswith("@duinwijk.example") for address in addresses)
    assert {"moderator", "team", "admin"} == {role for person in people for role in person["roles"]}


@pytest.mark.parametrize("issue", ISSUES.values(), ids=ISSUES.keys())
def test_an_issue_lies_in_its_neighbourhood(issue: dict[str, Any]) -> None:
    outline = shape(AREAS[issue["neighbourhood"]]["geometry"])
    assert outline.contains(Point(issue["lon"], issue["lat"]))


@pytest.mark.parametrize("issue", ISSUES.values(), ids=ISSUES.keys())
def test_an_issue_refers_to_what_exists(issue: dict[str, Any]) -> None:
    assert issue["theme"] in THEMES
    assert issue["language"] in ("nl", "en")
    assert Precision(issue["precision"])
    assert Source(issue["source"])
    assert {issue["author"], *issue["voters"]} <= NAMED
    assert issue["author"] not in issue["voters"]
    assert len(set(issue["voters"])) == len(issue["voters"])
    assert 0 <= issue["quiet_voters"] <= PEOPLE["quiet_residents"]["count"]
    assert all(photo["scene"] in SCENES and photo["alt"] for photo in issue["photos"])
    assert len(issue["title"]) <= 120
    assert {comment["author"] for comment in comments_of(issue)} <= NAMED


@pytest.mark.parametrize("issue", ISSUES.values(), ids=ISSUES.keys())
def test_what_happened_to_an_issue_can_have_happened(issue: dict[str, Any]) -> None:
    steps = [Status.NEW, *(Status(entry["status"]) for entry in issue["timeline"])]
    assert all(after in TRANSITIONS[before] for before, after in pairwise(steps))
    assert all(entry["text"] for entry in issue["timeline"] if Status(entry["status"]) in NEEDS_PUBLIC_TEXT)
    assert all(before < after for before, after in pairwise(map(moment, [issue, *issue["timeline"]])))


@pytest.mark.parametrize("issue", ISSUES.values(), ids=ISSUES.keys())
def test_comments_come_after_what_they_react_to(issue: dict[str, Any]) -> None:
    assert len(comments_of(issue)) <= 9
    for comment in issue["comments"]:
        assert moment(issue) < moment(comment)
        assert all(moment(comment) < moment(reply) for reply in comment.get("replies", []))
        assert not any("replies" in reply for reply in comment.get("replies", []))


def test_there_is_enough_of_everything_to_look_around() -> None:
    english = sum(issue["language"] == "en" for issue in ISSUES.values())
    assert len(ISSUES) >= 70
    assert 0.15 <= english / len(ISSUES) <= 0.25
    assert {issue["neighbourhood"] for issue in ISSUES.values()} == set(AREAS)
    assert {issue["theme"] for issue in ISSUES.values()} == set(THEMES)
    assert {photo["scene"] for issue in ISSUES.values() for photo in issue["photos"]} == set(SCENES)
    assert max(issue["days_ago"] for issue in ISSUES.values()) <= 430


@pytest.mark.parametrize("pilot", PILOTS, ids=[pilot["key"] for pilot in PILOTS])
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


@pytest.mark.parametrize("pilot", PILOTS, ids=[pilot["key"] for pilot in PILOTS])
def test_a_pilot_passes_its_stages_in_order_with_reasons(pilot: dict[str, Any]) -> None:
    history = pilot["history"]
    assert all(before["days_ago"] > after["days_ago"] for before, after in pairwise(history))
    assert all(step["reason"] for step in history)
    passed = [Stage(step["stage"]) for step in history if step["decision"] == "pass"]
    assert passed == list(Stage)[: len(passed)]
    assert all(Stage(step["stage"]) == Stage.STOPPED for step in history if step["decision"] == "stop")


def test_an_issue_in_a_pilot_says_so_and_belongs_to_one() -> None:
    linked = {key for pilot in PILOTS for key in pilot["issues"]}
    told = {key for key, issue in ISSUES.items() if any(e["status"] == "in-pilot" for e in issue["timeline"])}
    assert linked == told
    for pilot in PILOTS:
        began = pilot["history"][0]["days_ago"]
        for key in pilot["issues"]:
            joined = next(e for e in ISSUES[key]["timeline"] if e["status"] == "in-pilot")
            assert joined["days_ago"] <= began
