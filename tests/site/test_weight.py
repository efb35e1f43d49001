"""A phone on a slow line: style sheets of at most 15 kB, our own scripts of at most 15 kB, compressed.

The desks of the staff have a style sheet of their own, which residents never load.
"""

import gzip

from app.core.templates import STATIC

FOR_STAFF = {"desk.css", "desk.js", "passkeys.js"}


def compressed(folder: str, ending: str, for_staff: bool = False) -> int:
    files = [path for path in (STATIC / folder).glob(f"*{ending}") if (path.name in FOR_STAFF) == for_staff]
    assert files
    return sum(len(gzip.compress(path.read_bytes(), 5)) for path in files)


def test_style_sheets_are_light() -> None:
    assert compressed("css", ".css") <= 15 * 1024
    assert compressed("css", ".css", for_staff=True) <= 4 * 1024


def test_scripts_are_light() -> None:
    assert compressed("js", ".js") <= 15 * 1024


def test_style_sheets_and_scripts_stay_readable() -> None:
    for path in [*(STATIC / "css").glob("*.css"), *(STATIC / "js").glob("*.js")]:
        assert len(path.read_text().splitlines()) <= 400, path.name
