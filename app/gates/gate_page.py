"""Everything that the page of a gate shows to the team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from sqlmodel import Session

from app.accounts.models import Person
from app.core.i18n import Text, _
from app.gates.answers import answers_typed, in_words, said_in, typed_again
from app.gates.checks import Item, checklist
from app.gates.facts import Facts, gather_facts
from app.gates.history import Told, read_history
from app.gates.models import GateDraft, Outcome, outcomes_at
from app.gates.queries import saved_answers
from app.gates.questions import QUESTIONS, Question
from app.issues.models import Issue
from app.pilots.models import Pilot, Stage
from app.pilots.queries import issues_behind

WORDS_SHOWN = 6
LABELS = {
    "outcome": _("What do you decide?"),
    "reason": _("Why do you decide that?"),
    "next_step": _("What happens next?"),
    "next_on": _("When?"),
    "lesson_title": _("The lesson in one sentence"),
    "lesson_text": _("What would you tell somebody who starts with this tomorrow?"),
}
"""The fields of the decision, as the form names them."""


@dataclass(frozen=True)
class GatePage:
    """`refused` is what a pass still needed when somebody pressed. `theirs` is what a colleague saved meanwhile, where
    it differs from what was typed; `meanwhile` what somebody decided.
    """

    gate: Stage
    questions: Sequence[Question]
    outcomes: Sequence[Outcome]
    items: Sequence[Item]
    issues: Sequence[Issue]
    typed: Mapping[str, str]
    draft: GateDraft | None = None
    saved_by: str | None = None
    errors: Mapping[str, Text] = field(default_factory=dict)
    refused: Sequence[Item] = ()
    theirs: Mapping[str, Text | str] = field(default_factory=dict)
    meanwhile: Told | None = None

    @property
    def labels(self) -> dict[str, Text]:
        """For sentences that do not name what they are about."""
        own = {question.key: question.text for question in self.questions} | LABELS
        named = {item.anchor for item in self.refused if item.beside is None}
        return {key: text for key, text in own.items() if key not in named}

    @property
    def chapters(self) -> list[tuple[Text | None, list[Question]]]:
        return [(chapter, list(some)) for chapter, some in groupby(self.questions, lambda each: each.chapter)]


def prepare_gate(
    session: Session, pilot: Pilot, gate: Stage, typed: Mapping[str, str] | None = None, facts: Facts | None = None
) -> GatePage:
    """With what was saved, or with what somebody just typed."""
    draft = saved_answers(session, pilot.id, gate)
    saver = session.get(Person, draft.saved_by) if draft and draft.saved_by else None
    shown = dict(typed) if typed is not None else typed_again(draft.answers if draft else {})
    shown |= {"version": str(draft.version if draft else 0), "decisions": str(pilot.decisions)}
    facts = facts or gather_facts(session, [pilot.id])[pilot.id]
    return GatePage(
        gate=gate,
        questions=QUESTIONS[gate],
        outcomes=outcomes_at(pilot.stage),
        items=checklist(pilot, facts, said_in(answers_typed(gate, shown))),
        issues=issues_behind(session, pilot.id, WORDS_SHOWN),
        typed=shown,
        draft=draft,
        saved_by=saver.display_name if saver else None,
    )


def refused_gate(page: GatePage, errors: Mapping[str, Text], refused: Sequence[Item]) -> GatePage:
    """Beside each field stands what is missing there."""
    beside = {item.anchor: item.beside or item.missing for item in refused if item.anchor and item.missing}
    return replace(page, errors={**beside, **errors}, refused=refused)


def overtaken_gate(session: Session, pilot: Pilot, page: GatePage, typed: Mapping[str, str], message: Text) -> GatePage:
    """Shows what happened meanwhile; pressed again, it counts with that in view."""
    mine = answers_typed(page.gate, page.typed)
    saved = page.draft.answers if page.draft else {}
    theirs = {key: _said(page.gate, key, answer) for key, answer in saved.items() if answer != mine.get(key)}
    last = next(iter(read_history(session, pilot, sees_internal=True, size=1).items), None)
    is_new = last is not None and str(last.decision.number) != typed.get("decisions")
    return replace(page, errors={"form": message}, theirs=theirs, meanwhile=last if is_new else None)


def _said(gate: Stage, key: str, answer: Mapping[str, Any]) -> Text | str:
    question = next((question for question in QUESTIONS[gate] if question.key == key), None)
    return in_words(question, answer["text"]) if question else str(answer["text"])


def what_was_typed(gate: Stage, typed: Mapping[str, str]) -> list[tuple[Text, Text | str]]:
    """So that nothing is lost where a form has no place any more."""
    labels = {question.key: question.text for question in QUESTIONS[gate]} | LABELS
    del labels["outcome"]
    mine = answers_typed(gate, typed)
    return [(label, _said(gate, key, mine[key])) for key, label in labels.items() if key in mine]
