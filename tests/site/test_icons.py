"""Every icon that a page asks for is in the sprite, and the sprite holds nothing but shapes."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {f"{SVG}{name}" for name in ("svg", "symbol", "path", "circle", "rect", "g")}
THEMES = ["safety-liveability", "mobility", "sustainability", "participation-economy", "tourism-recreation"]


def sprite() -> set[str]:
    symbols = ElementTree.parse(ROOT / "static" / "icons.svg").getroot().findall(f"{SVG}symbol")
    return {symbol.attrib["id"] for symbol in symbols}


def test_every_icon_that_is_asked_for_exists() -> None:
    pages = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "app").rglob("*.py")]
    asked = {f"icon-{name}" for page in pages for name in re.findall(r"\bicon\(['\"]([\w-]+)['\"]\)", page.read_text())}
    assert asked <= sprite()


@pytest.mark.parametrize("theme", THEMES)
def test_every_default_theme_has_its_icon(theme: str) -> None:
    assert f"icon-theme-{theme}" in sprite()


@pytest.mark.parametrize("name", ["icons.svg", "logo.svg", "favicon.svg"])
def test_drawings_are_shapes_without_scripts_or_styles(name: str) -> None:
    for element in ElementTree.parse(ROOT / "static" / name).getroot().iter():
        assert element.tag in SHAPES
        assert not {key for key in element.attrib if key.startswith("on") or key in ("style", "href")}


def test_symbols_take_the_colour_of_the_text_around_them() -> None:
    for symbol in ElementTree.parse(ROOT / "static" / "icons.svg").getroot():
        assert symbol.attrib["viewBox"] == "0 0 24 24"
        assert symbol.attrib["stroke"] == "currentColor"
        assert symbol.attrib["fill"] == "none"
