"""The demo's files speak of places, people, issues and goals that exist, in a possible order."""

import json
import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point, shape
from shapely.ops import unary_union

from app.demo.scenes import SCENES
from app.demo.seasons import WINDOWS, in_season, is_in
from app.demo.stories import OPENED_DAYS_AGO, read_stories
from app.issues.models import NEEDS_PUBLIC_TEXT, TRANSITIONS, Precision, Source, Status

APP = Path(__file__).parents[2] / "app"


def read(name: str) -> Any:
    return json.loads((APP / name).read_text("utf-8"))


AREAS = {f["properties"]["code"]: f for f in read("demo/content/neighbourhoods.geojson")["features"]}
THEMES = {theme["slug"]: theme for theme in read("themes/default_themes.json")["themes"]}
PEOPLE = read("demo/content/people.json")
ISSUES = {issue["key"]: issue for file in read_stories("issues") for issue in file["issues"]}
PILOTS = read_stories("pilots")
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
    assert len(ISSUES) >= 150
    assert len(PEOPLE["residents"]) >= 60
    assert len({issue["author"] for issue in ISSUES.values()}) >= 50
    assert sum(len(comments_of(issue)) for issue in ISSUES.values()) >= 350
    assert 0.15 <= english / len(ISSUES) <= 0.25
    assert {issue["neighbourhood"] for issue in ISSUES.values()} == set(AREAS)
    assert {issue["theme"] for issue in ISSUES.values()} == set(THEMES)
    assert {photo["scene"] for issue in ISSUES.values() for photo in issue["photos"]} == set(SCENES)
    assert 700 < max(issue["days_ago"] for issue in ISSUES.values()) < OPENED_DAYS_AGO


def test_no_two_say_the_same() -> None:
    said = [issue[part] for issue in ISSUES.values() for part in ("title", "description")]
    said += [comment["body"] for issue in ISSUES.values() for comment in comments_of(issue)]
    assert len(said) == len(set(said))


REAL = (
    "Scheveningen", "Den Haag", "The Hague", "Utrecht", "Amsterdam", "Rotterdam", "Katwijk", "Noordwijk", "Zandvoort",
    "Stockholm", "Rijkswaterstaat", "Delfland", "Staatsbosbeheer", "Terschelling", "HTM", "Connexxion", "Arriva", "TNO",
    "Google", "Facebook", "Instagram", "WhatsApp", "Uber", "Felyx", "Tier",
)  # fmt: skip


@pytest.mark.parametrize("folder", ["issues", "pilots", "."])
def test_nothing_is_said_of_a_real_city_or_organisation(folder: str) -> None:
    words = " ".join(path.read_text("utf-8") for path in (APP / "demo/content" / folder).glob("*.json"))
    assert not [name for name in REAL if re.search(rf"\b{name}\b", words)]


@pytest.mark.parametrize("today", [date(2027, month, 22) for month in (1, 4, 7, 10)], ids=str)
def test_what_belongs_to_a_season_happens_in_it(today: date) -> None:
    seasonal = [issue for issue in ISSUES.values() if "season" in issue]
    assert {issue["season"] for issue in seasonal} == set(WINDOWS)
    for issue in seasonal:
        moved = in_season(issue, today)
        assert is_in(issue["season"], today - timedelta(days=moved["days_ago"]))
        assert moved["days_ago"] < OPENED_DAYS_AGO
        by = moved["days_ago"] - issue["days_ago"]
        before, after = ([e["days_ago"] for e in (*i["timeline"], *comments_of(i))] for i in (issue, moved))
        assert after == [days + by for days in before]
        assert min(after, default=1) >= 1


def test_what_others_speak_of_stays_where_it_is() -> None:
    linked = {key for pilot in PILOTS for key in pilot["issues"]}
    spoken_of = {item["issue"] for item in read("demo/content/moderation.json")["items"]}
    spoken_of |= {note["issue"] for note in read("demo/content/desk.json")["notes"]}
    merged = {key for key, issue in ISSUES.items() if "merged_into" in issue}
    merged |= {ISSUES[key]["merged_into"]["key"] for key in merged}
    assert not [key for key in linked | spoken_of | merged if "season" in ISSUES[key]]
