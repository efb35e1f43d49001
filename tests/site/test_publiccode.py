"""What other governments read about us agrees with what we are."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def card() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    return loaded


def test_it_has_what_the_standard_asks(card: dict[str, Any]) -> None:
    assert {
        "publiccodeYmlVersion",
        "name",
        "url",
        "platforms",
        "categories",
        "developmentStatus",
    } <= card.keys()
    assert {"softwareType", "description", "legal", "maintenance", "localisation"} <= card.keys()
    assert card["maintenance"]["contacts"][0]["name"]


def test_descriptions_fit_and_are_in_both_languages(card: dict[str, Any]) -> None:
    assert set(card["description"]) == set(card["localisation"]["availableLanguages"]) == {"nl", "en"}
    for description in card["description"].values():
        assert len(description["shortDescription"]) <= 150
        assert 150 <= len(description["longDescription"]) <= 10_000
        assert 5 <= len(description["features"]) <= 20


def test_it_agrees_with_the_package(card: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert card["legal"]["license"] == project["license"]
    assert card["name"].lower() == project["name"]
    python = next(need for need in card["dependsOn"]["open"] if need["name"] == "Python")
    assert project["requires-python"] == f">={python['versionMin']}"
    assert (ROOT / card["logo"]).is_file()


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert all(f"\n{article}. " in text for article in range(1, 16))
    assert "\nAppendix\n" in text
    assert len(text.split()) > 2200
