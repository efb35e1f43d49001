"""`python -m bench.understanding`: does the thesaurus understand what residents mean when they do not name it?

`bench/sayings` has invented sentences and the problems that they are about. What those on odd lines missed was printed
when the thesaurus was widened, what the others missed was not; both are by the hand that widened it, so read the
figures as a guard against getting worse and not as a promise. For each half: how often the concept that the sentence
names most is right, how often a right one is among the first three, and how often nothing at all was understood.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from app.matching.knowledge.profile_memory import shipped_thesaurus
from app.matching.thesaurus.concepts import LANGUAGES
from app.matching.thesaurus.expressions import Thesaurus

SAYINGS = Path(__file__).parent / "sayings"


class Saying(NamedTuple):
    codes: tuple[str, ...]
    text: str


def sayings(language: str) -> Iterator[Saying]:
    for line in (SAYINGS / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            codes, _, text = line.partition("|")
            yield Saying(tuple(code.strip() for code in codes.split(",")), text.strip())


def named(thesaurus: Thesaurus, saying: Saying, language: str) -> list[str]:
    strengths = thesaurus.read("", saying.text, language).strengths
    return sorted(strengths, key=lambda code: (-strengths[code], code))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.understanding", description=__doc__)
    parser.add_argument("--missed", action="store_true", help="those on odd lines that were not understood")
    arguments = parser.parse_args()
    thesaurus = shipped_thesaurus()
    for language in LANGUAGES:
        known = [(saying, named(thesaurus, saying, language)) for saying in sayings(language)]
        for name, part in (("looked at", known[::2]), ("kept apart", known[1::2])):
            first = sum(codes[:1] != [] and codes[0] in saying.codes for saying, codes in part)
            third = sum(bool({*codes[:3]} & {*saying.codes}) for saying, codes in part)
            silent = sum(not codes for _, codes in part)
            print(f"{language} {name:<10} of {len(part)}: first {first}, in three {third}, nothing {silent}")
        for saying, codes in known[::2] if arguments.missed else ():
            if not {*codes[:1]} & {*saying.codes}:
                print(f"  {', '.join(saying.codes)} | {saying.text} → {', '.join(codes[:3])}")


if __name__ == "__main__":
    main()
