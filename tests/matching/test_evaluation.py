"""`buurtlab match-eval`: what other cities measure us with."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import app.tables  # noqa: F401
from app.demo.progress import silently
from app.matching.evaluation.running import evaluate

CITY = {
    "languages": ["nl"],
    "themes": [
        {"slug": "licht", "name": "Licht", "description": "Lantaarns en donkere straten", "keywords": ["lantaarn"]},
        {"slug": "water", "name": "Water", "description": "Regen, riool en natte kelders"},
    ],
}
PILOTS = [
    {
        "id": "p1",
        "title": "Droog",
        "problem": "Na regen staan kelders blank.",
        "themes": ["water"],
        "lat": 52.1,
        "lon": 4.3,
    },
    {"id": "p2", "title": "Licht", "problem": "Lantaarns zijn kapot.", "themes": ["licht", "nergens"]},
]
TRAIN = [
    {
        "id": "a",
        "text": "Vleermuizen schrikken",
        "theme": "licht",
        "pilots": ["p2"],
        "created": "2026-01-01T10:00:00+01:00",
    },
    {"id": "b", "title": "Put", "text": "Put loopt over", "theme": "water", "pilots": [], "duplicate_of": ["x"]},
]
TEST = [
    {"id": "c", "text": "Vleermuizen schrikken", "lat": 52.1, "lon": 4.3, "created": "2026-02-01T10:00:00"},
    {"id": "d", "text": "De vleermuizen schrikken", "lat": 52.1, "lon": 4.3, "created": "2026-02-01T11:00:00"},
    {"id": "e", "title": "🙂", "text": ""},
]

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_files(**files: Any) -> Path:
        for name, rows in {"pilots": PILOTS, "train": TRAIN, "test": TEST, **files}.items():
            lines = rows if isinstance(rows, str) else "".join(json.dumps(row) + "\n" for row in rows)
            (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        (tmp_path / "city.json").write_text(json.dumps(CITY), encoding="utf-8")
        return tmp_path

    return write_files


def answers(directory: Path, cold: bool = False) -> list[dict[str, Any]]:
    out = directory / "out.jsonl"
    assert evaluate(directory, out, cold, silently) > 0
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_one_line_for_each_test_issue_in_order(write: Write) -> None:
    found = answers(write())
    assert [line["id"] for line in found] == ["c", "d", "e"]
    for line in found:
        assert {slug for slug, _ in line["themes"]} == {"licht", "water"}
        assert set(line["shown"]) == {"themes", "pilots", "similar"}
        assert all(line["shown"][kind] <= len(line[kind]) for kind in line["shown"])
        assert all(0 <= score <= 1 for kind in line["shown"] for _, score in line[kind])


def test_decisions_in_train_are_learned_from_unless_cold(write: Write) -> None:
    warm, cold = answers(write())[0], answers(write(), cold=True)[0]
    assert warm["themes"][0][0] == "licht"
    assert warm["themes"][0][1] > dict(cold["themes"])["licht"]
    assert warm["pilots"][0][0] == "p2"
    assert "a" in dict(warm["similar"])
    assert cold["similar"] == []


def test_an_issue_may_match_earlier_test_issues_only(write: Write) -> None:
    first, second, _ = answers(write(), cold=True)
    assert first["similar"] == []
    assert [key for key, _ in second["similar"]] == ["c"]
    assert second["shown"]["similar"] == 1


def test_the_same_files_give_the_same_answers(write: Write) -> None:
    assert answers(write()) == answers(write())


def test_pilots_and_train_are_optional(write: Write) -> None:
    directory = write()
    (directory / "pilots.jsonl").unlink()
    (directory / "train.jsonl").unlink()
    assert all(line["pilots"] == [] for line in answers(directory))


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("test", "", "has no issues"),
        ("test", '{"id": "a", "text": "b"}\nnot json\n', "line 2: this is not JSON"),
        ("test", '{"text": "no id"}\n', "line 1: id"),
        ("train", '{"id": "a", "text": "b", "lat": "north"}\n', "line 1: lat"),
        ("pilots", '{"id": "p", "title": "no problem"}\n', "line 1: problem"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(write: Write, name: str, text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        answers(write(**{name: text}))


def test_a_missing_directory_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"city\.json is not there"):
        evaluate(tmp_path, tmp_path / "out.jsonl", False, silently)
