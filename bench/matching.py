"""`python -m bench.matching DIR…`: how good the matching is on issues with known answers.

Each DIR is one of `buurtlab match-eval`, with the answers in `gold.jsonl`: one object per line with `id` and, as far as
known, `theme`, `pilots` and `duplicate_of`. For every figure its 95% interval, from a thousand bootstrap samples
of the issues. With `--against FOLDER` also the difference to earlier answers in `FOLDER/<name of DIR>.jsonl`, paired:
the same issues are drawn for both.
"""

import argparse
import json
import random
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlmodel import col, select

import app.tables  # noqa: F401
from app.demo.progress import silently
from app.matching.evaluation.files import IssueLine, read_lines
from app.matching.evaluation.running import staged
from app.matching.models import ThemeForecast

SAMPLES = 1_000
BINS = 10
CURVE = (0, 25, 50, 100, 200, 400, 800, 1_600, 3_200)

Line = dict[str, Any]
Pair = tuple[Line, Line]  # what is right, what the engine said


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.matching", description=__doc__)
    parser.add_argument("directories", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--cold", action="store_true", help="without the decisions in train.jsonl")
    parser.add_argument("--against", type=Path, metavar="FOLDER", help="earlier answers to compare with")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where to keep the answers")
    arguments = parser.parse_args()
    for directory in arguments.directories:
        print(f"\n{directory.name}{', without decisions' if arguments.cold else ''}", flush=True)
        report(directory, arguments.cold, arguments.against, arguments.keep or Path("/tmp"))


def report(directory: Path, cold: bool, against: Path | None, keep: Path) -> None:
    name = f"{directory.name}{'-cold' if cold else ''}.jsonl"
    forecasts = answer(directory, keep / name, cold)
    gold = read(directory / "gold.jsonl")
    said = by_id(read(keep / name))
    before = by_id(read(against / name)) if against and (against / name).is_file() else {}
    pairs = [(each, said.get(each["id"], {})) for each in gold]
    older = [(each, before.get(each["id"], {})) for each in gold] if before else []
    for figure, measure in FIGURES.items():
        tell(figure, measure, pairs, older)
    tell_honesty(pairs)
    tell_curve(forecasts)


def answer(directory: Path, out: Path, cold: bool) -> list[tuple[dict[str, float], str]]:
    """Writes the answers; gives what was expected before each decision on a theme, and what was decided."""
    with staged(directory) as scene:
        scene.decide([] if cold else read_lines(IssueLine, directory / "train.jsonl"), silently)
        kept = scene.session.exec(select(ThemeForecast).order_by(col(ThemeForecast.id))).all()
        forecasts = [(each.scores, str(each.theme_id)) for each in kept]
        scene.match(read_lines(IssueLine, directory / "test.jsonl"), out, silently)
        return forecasts


def read(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def by_id(lines: Sequence[Line]) -> dict[str, Line]:
    return {line["id"]: line for line in lines}


def accuracy(pairs: Sequence[Pair]) -> float | None:
    rights = [best_theme(said) == gold["theme"] for gold, said in pairs if gold.get("theme")]
    return sum(rights) / len(rights) if rights else None


def macro_f1(pairs: Sequence[Pair]) -> float | None:
    """The mean over the themes that are an answer somewhere."""
    told = [(gold["theme"], best_theme(said)) for gold, said in pairs if gold.get("theme")]
    found = []
    for theme in {right for right, _ in told}:
        hits = sum(right == theme == best for right, best in told)
        found.append(2 * hits / sum((right == theme) + (best == theme) for right, best in told))
    return sum(found) / len(found) if found else None


def best_theme(said: Line) -> str | None:
    return said["themes"][0][0] if said.get("themes") else None


def places(pairs: Sequence[Pair], wanted: str, field: str) -> list[int]:
    """Where the first right answer stands, counted from 1; 0 when it is not there."""
    found = []
    for gold, said in pairs:
        ranked = [key for key, _ in said.get(field, [])]
        if truths := gold.get(wanted):
            found.append(min((ranked.index(each) + 1 for each in truths if each in ranked), default=0))
    return found


def recall_at(most: int, wanted: str, field: str) -> Callable[[Sequence[Pair]], float | None]:
    def measure(pairs: Sequence[Pair]) -> float | None:
        found = places(pairs, wanted, field)
        return sum(0 < place <= most for place in found) / len(found) if found else None

    return measure


def reciprocal_rank(wanted: str, field: str) -> Callable[[Sequence[Pair]], float | None]:
    def measure(pairs: Sequence[Pair]) -> float | None:
        found = places(pairs, wanted, field)
        return sum(1 / place for place in found if place) / len(found) if found else None

    return measure


def shown(wanted: str, field: str, of_truths: bool) -> Callable[[Sequence[Pair]], float | None]:
    """Of what the site shows, the share that is right; or of what is right, the share that it shows."""

    def measure(pairs: Sequence[Pair]) -> float | None:
        right = whole = 0
        for gold, said in pairs:
            if wanted in gold:
                visible = [key for key, _ in said.get(field, [])][: said.get("shown", {}).get(field, 0)]
                right += sum(key in gold[wanted] for key in visible)
                whole += len(gold[wanted]) if of_truths else len(visible)
        return right / whole if whole else None

    return measure


FIGURES: Mapping[str, Callable[[Sequence[Pair]], float | None]] = {
    "themes accuracy": accuracy,
    "themes macro-F1": macro_f1,
    **{
        f"{field} {name}": measure
        for field, wanted in (("pilots", "pilots"), ("similar", "duplicate_of"))
        for name, measure in (
            ("R@1", recall_at(1, wanted, field)),
            ("R@5", recall_at(5, wanted, field)),
            ("MRR", reciprocal_rank(wanted, field)),
            ("right of shown", shown(wanted, field, False)),
            ("shown of right", shown(wanted, field, True)),
        )
    },
}


def tell(
    figure: str, measure: Callable[[Sequence[Pair]], float | None], pairs: Sequence[Pair], older: Sequence[Pair]
) -> None:
    value = measure(pairs)
    if value is None:
        return
    line = f"  {figure:<24} {value:.3f}  {interval(lambda drawn: measure([pairs[at] for at in drawn]), len(pairs))}"
    if older and (before := measure(older)) is not None:

        def difference(drawn: Sequence[int]) -> float | None:
            now, then = (measure([side[at] for at in drawn]) for side in (pairs, older))
            return None if now is None or then is None else now - then

        line += f"  {value - before:+.3f} {interval(difference, len(pairs))}"
    print(line, flush=True)


def interval(measure: Callable[[Sequence[int]], float | None], size: int) -> str:
    """From the 2.5th to the 97.5th of a hundred samples."""
    rng = random.Random(1)
    drawn = (measure(rng.choices(range(size), k=size)) for _sample in range(SAMPLES))
    values = sorted(value for value in drawn if value is not None)
    return f"[{values[len(values) // 40]:+.3f}, {values[-1 - len(values) // 40]:+.3f}]" if values else ""


def tell_honesty(pairs: Sequence[Pair]) -> None:
    """Expected calibration error, and per tenth of probability how often that came true."""
    told = [(said["themes"][0][1], best_theme(said) == gold["theme"]) for gold, said in pairs if gold.get("theme")]
    if not told:
        return
    bins: dict[int, list[tuple[float, bool]]] = {}
    for chance, right in told:
        bins.setdefault(min(BINS - 1, int(chance * BINS)), []).append((chance, right))
    rows = [(sum(c for c, _ in each), sum(r for _, r in each), len(each)) for _, each in sorted(bins.items())]
    error = sum(abs(chances - rights) for chances, rights, _ in rows) / len(told)
    print(f"  themes calibration error {error:.3f}; said, came true, number of issues:")
    for chances, rights, number in rows:
        print(f"    {chances / number:.2f}  {rights / number:.2f}  {number}")


def tell_curve(forecasts: Sequence[tuple[dict[str, float], str]]) -> None:
    """Accuracy on each next decision, before it was learned from, by how many decisions went before."""
    rights = [max(scores, key=lambda key: scores[key]) == right for scores, right in forecasts if scores]
    parts = [(start, rights[start:end]) for start, end in pairwise(CURVE)]
    for start, part in parts:
        if part:
            print(f"  after {start} decisions, the next {len(part)}: {sum(part) / len(part):.3f}")


if __name__ == "__main__":
    main()
