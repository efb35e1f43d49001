"""What people typed opens in a spreadsheet as they typed it, and calculates nothing."""

import pytest

from app.core.spreadsheets import harmless


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1"])
def test_a_text_that_a_spreadsheet_would_calculate_stays_a_text(cell: str) -> None:
    assert harmless(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["a=1", "", "12", "'=1"])
def test_any_other_text_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell
