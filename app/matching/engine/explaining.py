"""What is worth showing, and which of the things that were weighed are worth telling."""

from collections.abc import Callable, Iterable

from app.matching.engine.meaning import Common
from app.matching.engine.suggestion import Likelihood, Ranking, Reason, ReasonCode, Suggestion

MOST_TOLD = 4
LEAST_SHARE = 0.08  # of all that speaks for it
MOST_WORDS = 4


def in_order(suggestions: Iterable[Suggestion]) -> Ranking:
    """Best first, but what is not shown comes after what is."""
    return Ranking(tuple(sorted(suggestions, key=lambda each: each.likelihood is Likelihood.UNSURE)))


def suggest(key: int, score: float, likelihood: Likelihood, explain: Callable[[], tuple[Reason, ...]]) -> Suggestion:
    """What is unsure is not shown, so it needs no reasons; what has no reason to tell is unsure."""
    reasons = explain() if likelihood is not Likelihood.UNSURE else ()
    return Suggestion(key, score, likelihood if reasons else Likelihood.UNSURE, reasons)


def most_telling(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """At most four that carried the score, heaviest first, with their shares; one about words names them."""
    told = [reason for reason in reasons if reason.weight > 0 and reason.params.get("words") != []]
    whole = sum(reason.weight for reason in told)
    told.sort(key=lambda reason: (-reason.weight, reason.code))
    return tuple(
        Reason(reason.code, reason.weight / whole, _shortened(reason.params))
        for reason in told[:MOST_TOLD]
        if reason.weight >= LEAST_SHARE * whole
    )


def concept_reasons(weight: float, common: Iterable[Common]) -> list[Reason]:
    """One reason for each concept, with its part of the weight."""
    return [
        Reason(
            ReasonCode.SAME_CONCEPT,
            weight * each.share,
            {"nl": each.nl, "en": each.en, "said": list(each.words), "theirs": list(each.theirs), **_learned(each)},
        )
        for each in common
    ]


def _learned(common: Common) -> dict[str, list[str]]:
    learned = [words for words in common.words if words in common.grown]
    return {"learned": learned} if learned else {}


def _shortened(params: object) -> dict[str, object]:
    return {
        name: value[:MOST_WORDS] if isinstance(value, list) else value
        for name, value in dict(params).items()  # type: ignore[call-overload]
    }
