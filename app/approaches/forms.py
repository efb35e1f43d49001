"""What people submit: an approach made of parts, which one they prefer, which one is chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, Field

from app.accounts.keys import fingerprint
from app.core.forms import Asks, Line, Paragraphs, Submission
from app.core.i18n import _
from app.core.language import guess_language
from app.pilots.models import PartKind

MOST_PARTS = 10
ROWS_AT_FIRST = 3
LONGEST_PART = 500

RowNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]


class ApproachForm(BaseModel):
    """The parts come in rows, see `parts_in`. `card` is the card of another city that it was taken over from."""

    title: Annotated[Line, Field(min_length=3, max_length=120), Asks(_("Give the approach a name."))]
    summary: Annotated[Paragraphs, Field(min_length=20, max_length=2000), Asks(_("Write how it would work."))]
    nonce: Annotated[Line, Field(max_length=64)] | None = None
    card: RowNumber | None = None


class ApproachEditForm(ApproachForm):
    """`version` is the one that the person saw."""

    version: RowNumber


class PreferenceForm(BaseModel):
    reason: Annotated[Paragraphs, Field(max_length=1000)] = ""


class ChoiceForm(BaseModel):
    """`approach` is the number of the one that is chosen, a full stop, and the version that was read.

    `seen` counts the choices that were made before, `problem` is the version of the problem that was read.
    """

    approach: Annotated[str, Field(pattern=r"^[0-9]{1,9}\.[0-9]{1,9}$"), Asks(_("Choose one of the options."))]
    reason: Annotated[Paragraphs, Field(min_length=20, max_length=2000), Asks(_("Say why. Everybody reads it."))]
    seen: Annotated[int, Field(ge=0, le=2**31 - 1)]
    problem: RowNumber

    @property
    def picked(self) -> tuple[int, int]:
        number, _stop, version = self.approach.partition(".")
        return int(number), int(version)


@dataclass(frozen=True)
class Part:
    kind: PartKind
    text: str


@dataclass(frozen=True)
class Proposal:
    """An approach as somebody wrote it."""

    title: str
    summary: str
    parts: Sequence[Part]
    nonce: str | None = None

    @property
    def language(self) -> str:
        return guess_language(" ".join([self.title, self.summary, *(part.text for part in self.parts)]))

    @property
    def fingerprint(self) -> str | None:
        """The same form sent twice is one approach; another text under that number (the Back button) is another."""
        words = "\n".join([self.title, self.summary, *(f"{part.kind} {part.text}" for part in self.parts)])
        return fingerprint(f"{self.nonce}\n{words}") if self.nonce else None


def settle_proposal(submission: Submission[Any]) -> Proposal | None:
    """None when something is wrong with it, which is then said beside the field."""
    parts = parts_in(submission)
    if not submission.ok:
        return None
    form: ApproachForm = submission.data
    return Proposal(form.title, form.summary, parts, form.nonce)


def parts_in(submission: Submission[Any]) -> list[Part]:
    """The rows in which something was written; who leaves one empty just has a part less."""
    kinds, parts = {kind.value: kind for kind in PartKind}, []
    for number in range(1, MOST_PARTS + 1):
        text = " ".join(submission.typed.get(f"part-{number}", "").split())
        kind = kinds.get(submission.typed.get(f"kind-{number}", ""))
        if len(text) > LONGEST_PART:
            long = _("This is too long. Use at most %(max)s characters.", max=LONGEST_PART)
            submission.refuse(f"part-{number}", long)
        elif text and kind is None:
            submission.refuse(f"kind-{number}", _("Say what kind of part this is."))
        elif text and kind:
            parts.append(Part(kind, text))
    if not parts and not any(name.startswith(("kind-", "part-")) for name in submission.errors):
        submission.refuse("part-1", _("Write at least one part: what would people do, build, pay for or decide?"))
    return parts


def rows_in(typed: Mapping[str, str], more: bool = False) -> int:
    """How many rows the form shows: those that were written in, and at least a few."""
    used = [number for number in range(1, MOST_PARTS + 1) if typed.get(f"part-{number}") or typed.get(f"kind-{number}")]
    shown = int(typed["rows"]) if typed.get("rows", "").isdecimal() and len(typed["rows"]) < 3 else ROWS_AT_FIRST
    return min(MOST_PARTS, max(ROWS_AT_FIRST, shown, *used, 0) + more)


def typed_parts(parts: Sequence[Any]) -> dict[str, str]:
    """Parts as the rows of the form hold them."""
    typed = {f"kind-{number}": str(part.kind) for number, part in enumerate(parts, 1)}
    return typed | {f"part-{number}": part.text for number, part in enumerate(parts, 1)}
