"""The invented town of the benchmark, in other words than its pilots: what must not get worse by accident."""

from pathlib import Path

import pytest

from app.demo.progress import silently
from app.matching.evaluation.running import evaluate
from bench.matching import FIGURES, Pair, by_id, read

TOWN = Path(__file__).parents[2] / "bench" / "towns" / "lindemeer"


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    out = tmp_path_factory.mktemp("town") / "answers.jsonl"
    evaluate(TOWN, out, True, silently)
    said = by_id(read(out))
    return [(gold, said[gold["id"]]) for gold in read(TOWN / "gold.jsonl")]


@pytest.mark.parametrize(
    ("figure", "least"),
    [
        ("themes accuracy", 0.8),
        ("themes macro-F1", 0.75),
        ("pilots R@1", 0.9),
        ("pilots R@5", 0.95),
        ("pilots right of shown", 0.85),
        ("pilots shown of right", 0.7),
    ],
)
def test_figures_of_the_invented_town(pairs: list[Pair], figure: str, least: float) -> None:
    value = FIGURES[figure](pairs)
    assert value is not None
    assert value >= least
