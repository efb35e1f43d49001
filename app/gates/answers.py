"""What the team answered: read from a form, kept as it was typed, and understood when it counts."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from app.core.i18n import Text, _, today
from app.gates.models import Answers
from app.gates.questions import QUESTIONS, YES_NO, Question, Said, Sort
from app.pilots.models import Stage

DECISION = {"outcome": 20, "reason": 2000, "next_step": 300, "next_on": 20}
LESSON = {"lesson_title": 120, "lesson_text": 3000, "lesson_part": 20}
PREPARED = {**DECISION, **LESSON}
"""What is kept with half-finished answers, and how long it may be."""
AMOUNT = re.compile(r"(?:€|eur(?:o)?)?\s*(\d{1,3}(?:([.,\s])\d{3}(?:\2\d{3})*)?|\d{1,12})(?:[.,](\d{2}|-))?\s*", re.I)
MOST_EUROS = 10**12


def answers_typed(gate: Stage, typed: Mapping[str, str]) -> Answers:
    """The answers to the questions of this gate, and the decision that is being prepared; what is empty is left out."""
    answers: Answers = {
        question.key: {
            "text": typed[question.key],
            "internal": question.may_be_internal and typed.get(f"internal-{question.key}") == "yes",
        }
        for question in QUESTIONS[gate]
        if typed.get(question.key)
    }
    return answers | {key: {"text": typed[key], "internal": True} for key in PREPARED if typed.get(key)}


def typed_again(answers: Answers) -> dict[str, str]:
    """What a form shows of saved answers."""
    typed = {key: str(answer["text"]) for key, answer in answers.items()}
    return typed | {f"internal-{key}": "yes" for key, answer in answers.items() if answer["internal"]}


def too_long(gate: Stage, answers: Answers) -> dict[str, Text]:
    """The only thing that keeps half-finished answers from being saved."""
    limits = {question.key: question.most for question in QUESTIONS[gate]} | PREPARED
    return {
        key: _("This is too long. Use at most %(max)s characters.", max=limits[key])
        for key, answer in answers.items()
        if len(answer["text"]) > limits[key]
    }


def said_in(answers: Answers) -> Said:
    return {key: answer["text"] for key, answer in answers.items()}


def is_answered(question: Question, said: Said) -> bool:
    text = said.get(question.key, "")
    match question.sort:
        case Sort.DATE:
            day = day_in(text)
            return day is not None and day >= today()
        case Sort.MONEY:
            return euros_in(text) is not None
        case Sort.YES_NO:
            return text in YES_NO
        case Sort.CHOICE:
            return text in question.choices
        case _:
            return bool(text)


def day_in(text: str) -> date | None:
    """As the browser sends it (2026-12-31), or as people write it here (31-12-2026)."""
    for way in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            return datetime.strptime(text, way).date()
        except ValueError:
            continue
    return None


def euros_in(text: str) -> float | None:
    """12500, 12.500, 12,500.00 and € 12.500,- are all the same amount."""
    found = AMOUNT.fullmatch(text.strip())
    if found is None:
        return None
    cents = int(found[3]) / 100 if found[3] not in (None, "-") else 0
    amount = int(re.sub(r"\D", "", found[1])) + cents
    return amount if amount < MOST_EUROS else None


def in_words(question: Question, text: str) -> Text | str:
    """An answer as a reader sees it; days are told apart by the page."""
    match question.sort:
        case Sort.YES_NO:
            return YES_NO.get(text, text)
        case Sort.CHOICE:
            return question.choices.get(text, text)
        case Sort.MONEY:
            amount = euros_in(text)
            return text if amount is None else _("€ %(amount)s", amount=float(amount))
        case _:
            return text
