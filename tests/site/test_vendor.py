"""What others wrote lies here unchanged, listed, and with its licence."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "static" / "vendor", ROOT / "tests" / "vendor"]


def listed(folder: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((folder / "vendor.json").read_text())
    assert entries
    return entries


@pytest.mark.parametrize("folder", FOLDERS, ids=["static", "tests"])
def test_every_file_is_the_one_we_took(folder: Path) -> None:
    for entry in listed(folder):
        for name, checksum in entry["files"].items():
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == checksum, name


@pytest.mark.parametrize("folder", FOLDERS, ids=["static", "tests"])
def test_nothing_lies_here_unlisted(folder: Path) -> None:
    known = {name for entry in listed(folder) for name in entry["files"]} | {"vendor.json"}
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == known


@pytest.mark.parametrize("folder", FOLDERS, ids=["static", "tests"])
def test_every_entry_says_what_it_is(folder: Path) -> None:
    for entry in listed(folder):
        assert set(entry) == {"name", "version", "licence", "project", "files"}
        home = f"{entry['name']}-{entry['version']}/"
        assert all(name.startswith(home) for name in entry["files"])
        assert f"{home}LICENSE" in entry["files"]
