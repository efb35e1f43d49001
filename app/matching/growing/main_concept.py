"""What a pilot or a theme is mainly about: by its own text, and by what the issues name that were confirmed for it."""

from collections.abc import Sequence
from math import log

from app.matching.thesaurus.expressions import Meaning, Thesaurus

NAMED_AT_LEAST = 1.0  # evidence for a concept in the text itself: about one firm expression
ENOUGH = 3.0  # more of it says nothing more
BY_ISSUES = 2.0  # what the issues name adds up to so many times what the text says
CLEARLY_MOST = 1.3  # times the second concept


def main_concept(own: Meaning, issues: Sequence[Meaning], thesaurus: Thesaurus) -> tuple[str, float]:
    """It, and the share of the issues that name it; ("", 0) when nothing stands out."""
    evidence = {code: -log(1 - min(strength, 0.999)) for code, strength in own.strengths.items()}
    said = {code: min(ENOUGH, each) for code, each in evidence.items() if each >= NAMED_AT_LEAST}
    named = {code: sum(each.strengths.get(code, 0.0) for each in issues) / max(1, len(issues)) for code in said}
    scores = {code: said[code] * (1 + BY_ISSUES * named[code]) for code in said}
    ordered = sorted(scores, key=lambda code: (-scores[code], code))
    if not ordered:
        return "", 0.0
    first = ordered[0]
    rivals = [scores[code] for code in ordered[1:] if not belong_together(first, code, thesaurus)]
    clear = scores[first] >= CLEARLY_MOST * max(rivals, default=0.0)
    return (first, named[first]) if clear else ("", 0.0)


def belong_together(one: str, other: str, thesaurus: Thesaurus) -> bool:
    return other in thesaurus.wider(one) or one in thesaurus.wider(other)
