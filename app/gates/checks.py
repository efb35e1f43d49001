"""What a gate asks for before it is passed: answers of the team, and things that have pages of their own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.core.i18n import Text, _
from app.gates.answers import is_answered
from app.gates.facts import Facts
from app.gates.models import gate_before
from app.gates.questions import QUESTIONS, Question, Said, Sort
from app.pilots.models import Pilot, Stage


@dataclass(frozen=True)
class Check:
    """`page` is where it is made, below the address of the pilot."""

    key: str
    text: Text
    page: str
    is_there: Callable[[Facts], bool]
    missing: Callable[[Facts], Text]
    anchor: str = ""
    waits: Callable[[Facts], bool] = lambda _facts: False


@dataclass(frozen=True)
class Item:
    """A line of the checklist. `missing` says what to do, and is None when it is done.

    `anchor` is the field on the page of the gate, `where` the address of that or of the page where it is made; a lesson
    has both. `beside` says it shorter, beside the field with its name. What `waits` is for others to do.
    """

    key: str
    text: Text
    where: str
    missing: Text | None = None
    anchor: str = ""
    is_needed: bool = True
    waits: bool = False
    beside: Text | None = None


def has_baseline(facts: Facts) -> bool:
    return any(indicator.baseline for indicator in facts.indicators)


def has_after_measure(facts: Facts) -> bool:
    return any(indicator.baseline and indicator.latest for indicator in facts.indicators)


def can_do_without_technology(facts: Facts) -> bool:
    return any(approach.does_without_technology for approach in facts.approaches)


def residents_say_enough(facts: Facts) -> bool:
    return facts.verdict is not None and facts.verdict.is_enough(facts.rule)


def waits_for_answers(facts: Facts) -> bool:
    """The team did its part; it is for residents to say something now."""
    return facts.verdict is not None and facts.verdict.answers < max(facts.rule.least_answers, 1)


def what_residents_still_have_to_say(facts: Facts) -> Text:
    if facts.verdict is None:
        return _("Ask the residents for their verdict.")
    if waits_for_answers(facts):
        return _(
            "The verdict was asked, and not enough residents have answered yet: %(answers)s of the %(least)s that the "
            "city asks for.",
            answers=facts.verdict.answers,
            least=max(facts.rule.least_answers, 1),
        )
    return _(
        "Not enough residents say that it helps: %(share)s%% of %(answers)s answers say solved or partly, and the city "
        "asks for %(least_share)s%%.",
        answers=facts.verdict.answers,
        share=facts.verdict.share,
        least_share=facts.rule.least_share,
    )


CHECKS: Mapping[Stage, Sequence[Check]] = {
    Stage.PROOF_OF_CONCEPT: (
        Check(
            "goal",
            _("A goal of the city that it serves"),
            "/edit#themes",
            lambda facts: facts.goals > 0,
            lambda _facts: _("Choose a goal of the city that this pilot serves."),
        ),
        Check(
            "indicator",
            _("An indicator with a baseline"),
            "/measures",
            has_baseline,
            lambda _facts: _("Add an indicator, and measure how it is now: the baseline."),
        ),
        Check(
            "approaches",
            _("Two or more approaches that compete"),
            "/approaches",
            lambda facts: len(facts.approaches) > 1,
            lambda _facts: _("Put at least two approaches beside each other."),
        ),
        Check(
            "without_technology",
            _("An approach without new technology"),
            "/approaches",
            can_do_without_technology,
            lambda _facts: _("Add an approach that does without new technology."),
        ),
        Check(
            "choice",
            _("One chosen, with the reason"),
            "/approaches",
            lambda facts: facts.choice is not None and bool(facts.choice.reason),
            lambda _facts: _("Choose an approach and say why."),
        ),
    ),
    Stage.PILOT: (
        Check(
            "partner",
            _("A partner with a role"),
            "/coalition",
            lambda facts: any(partner.role for partner in facts.partners),
            lambda _facts: _("Add at least one partner, with what they do in this pilot."),
        ),
    ),
    Stage.SCALING_UP: (
        Check(
            "after_measure",
            _("A measurement beside the baseline"),
            "/measures",
            has_after_measure,
            lambda _facts: _("Measure again, and put it beside the baseline."),
        ),
        Check(
            "verdict",
            _("The verdict of the residents concerned"),
            "#verdict",
            residents_say_enough,
            what_residents_still_have_to_say,
            waits=waits_for_answers,
        ),
        Check(
            "lesson",
            _("A lesson for others"),
            "/lessons/new",
            lambda facts: facts.lessons > 0,
            lambda _facts: _("Write down at least one lesson, here below or on its own page."),
            anchor="lesson_title",
        ),
    ),
    Stage.EMBEDDED: (),
    Stage.STOPPED: (),
}


def checklist(pilot: Pilot, facts: Facts, said: Said) -> list[Item]:
    """Everything that the gate before this pilot asks for, with what is missing; empty when there is no gate."""
    gate = gate_before(pilot.stage)
    if gate is None:
        return []
    made = [_made(check, pilot, facts, said) for check in CHECKS[gate]]
    return made + [_asked(question, pilot, gate, said) for question in QUESTIONS[gate]]


def _made(check: Check, pilot: Pilot, facts: Facts, said: Said) -> Item:
    is_there = check.is_there(facts) or (check.key == "lesson" and brings_a_lesson(said))
    where = f"/pilots/{pilot.id}{check.page}"
    if is_there:
        return Item(check.key, check.text, where, anchor=check.anchor)
    return Item(check.key, check.text, where, check.missing(facts), check.anchor, waits=check.waits(facts))


def brings_a_lesson(said: Said) -> bool:
    return bool(said.get("lesson_title") and said.get("lesson_text"))


def _asked(question: Question, pilot: Pilot, gate: Stage, said: Said) -> Item:
    where = f"/pilots/{pilot.id}/gates/{gate}#{question.key}"
    is_needed, is_there = question.needed(pilot, said), is_answered(question, said)
    if is_there or not is_needed:
        return Item(question.key, question.text, where, None, question.key, is_needed or is_there)
    missing, beside = _not_answered(question, said)
    return Item(question.key, question.text, where, missing, question.key, beside=beside)


def _not_answered(question: Question, said: Said) -> tuple[Text, Text]:
    """With the question, and without."""
    if not said.get(question.key):
        return _("Not answered yet: %(question)s", question=question.text), _("Not answered yet.")
    if question.sort is Sort.DATE:
        sentence = _("Choose today or a later day: %(question)s", question=question.text)
        return sentence, _("Choose today or a later day.")
    sentence = _("We do not understand this answer: %(question)s", question=question.text)
    return sentence, _("We do not understand this answer.")
