"""A city's own face: other values for the design tokens, and a warning where they cannot be read."""

from pathlib import Path

import pytest

from app.check import findings
from app.core.style import Style, contrast, luminance, read_style, tokens_of, unreadable_pairs
from app.main import create_app
from app.settings import Settings
from tests.browsing import Browser

SHIPPED = sorted(Path("static/styles").glob("*.css"))
OURS = Path("static/css/tokens.css").read_text()


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert luminance("#000") == 0
    assert luminance("#ffffff") == pytest.approx(1)
    assert contrast(0, 1) == pytest.approx(21)
    assert contrast(luminance("#767676") or 0, 1) == pytest.approx(4.54, abs=0.01)
    assert luminance("rgb(0 0 0 / 8%)") is None


def test_our_own_colours_can_be_read() -> None:
    assert unreadable_pairs(Style()) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_style_can_be_read_and_sets_only_tokens_that_there_are(path: Path) -> None:
    assert unreadable_pairs(read_style(str(path))) == []
    css = path.read_text()
    assert (set(tokens_of(css, dark=False)) | set(tokens_of(css, dark=True))) <= set(tokens_of(OURS, dark=False))


def test_faint_colours_are_named_by_the_check(settings: Settings, tmp_path: Path) -> None:
    faint = tmp_path / "faint.css"
    faint.write_text(":root { --basis-color-default-color-document: #777; }")
    found = "\n".join(findings(settings.model_copy(update={"style": str(faint)})))
    assert "color-default-color-document on --basis-color-default-bg-document has a contrast of 4.2 in light" in found
    assert "in dark" in found


@pytest.mark.parametrize(("text", "problem"), [("p { color: red }", "sets none"), ("x" * 20_001, "larger than")])
def test_a_sheet_that_is_none_of_ours_is_refused(settings: Settings, tmp_path: Path, text: str, problem: str) -> None:
    sheet = tmp_path / "sheet.css"
    sheet.write_text(text)
    with pytest.raises(ValueError, match=problem):
        create_app(settings.model_copy(update={"style": str(sheet)}))
    assert any(problem in finding for finding in findings(settings.model_copy(update={"style": str(sheet)})))


def test_pages_wear_the_style_of_the_city(settings: Settings) -> None:
    site = create_app(settings.model_copy(update={"style": str(SHIPPED[0])}))
    with Browser(site) as browser:
        page = browser.get("/").text
        address = f"/style.css?v={site.state.style.version}"
        assert f'<link rel="stylesheet" href="{address}">' in page
        sheet = browser.get(address)
        assert sheet.content == SHIPPED[0].read_bytes()
        assert "immutable" in sheet.headers["cache-control"]
        assert "immutable" not in browser.get("/style.css").headers["cache-control"]
        assert address in browser.get("/sw.js").text


def test_without_a_style_there_is_none(visitor: Browser) -> None:
    assert "/style.css" not in visitor.get("/").text
    assert visitor.get("/style.css").status_code == 404
