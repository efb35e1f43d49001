from datetime import date, datetime, time, timedelta
from typing import Annotated

from pydantic import BaseModel, Field

from app.accounts.forms import Email
from app.core.clock import now
from app.core.forms import Asks, Line, Paragraphs, Submission
from app.core.i18n import TIME_ZONE, _
from app.moderation.models import Ground, Measure, Outcome, Verdict
from app.moderation.subjects import Subject

MOST_DAYS = 731
SUSPENSIONS = {"7": timedelta(days=7), "30": timedelta(days=30)}
Number = Annotated[int, Field(ge=0, le=2**31 - 1)]
InWords = Annotated[Paragraphs, Field(min_length=10, max_length=2000), Asks(_("Say why, in a sentence."))]


class FlagForm(BaseModel):
    """Where it is, which rule, and why; `key` opens a visitor's own page about it."""

    content: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    address: Annotated[Line, Field(max_length=2000)] = ""
    ground: Annotated[Ground, Asks(_("Say which house rule it is about."))]
    facts: InWords
    email: Email | None = None
    key: Annotated[Line, Field(max_length=64)] = ""


class DecisionForm(BaseModel):
    """What a moderator decides, and what they had seen by then."""

    verdict: Verdict
    measure: Measure = Measure.NONE
    ground: Ground | None = None
    facts: Annotated[Paragraphs, Field(max_length=2000)] = ""
    hidden_until: date | None = None
    suspension: Annotated[Line, Field(max_length=10)] = "7"
    suspended_until: date | None = None
    seen_decision: Number = 0
    seen_flag: Number = 0

    @property
    def hides_until(self) -> datetime | None:
        is_hiding = self.verdict is Verdict.HIDE
        return end_of(self.hidden_until) if is_hiding and self.hidden_until else None

    @property
    def suspends_until(self) -> datetime | None:
        if self.measure is not Measure.SUSPEND:
            return None
        if length := SUSPENSIONS.get(self.suspension):
            return now() + length
        return end_of(self.suspended_until) if self.suspended_until else None


class AppealForm(BaseModel):
    reasons: InWords


class AnswerForm(BaseModel):
    """The answer to an objection. A reversal that hides something needs the rule that was broken."""

    outcome: Outcome
    answer: InWords
    ground: Ground | None = None


class NoteForm(BaseModel):
    body: Annotated[Paragraphs, Field(min_length=2, max_length=2000), Asks(_("Write the note first."))]


def end_of(day: date) -> datetime:
    """The midnight that ends this day, by the city's clock."""
    return datetime.combine(day + timedelta(days=1), time(), TIME_ZONE)


def check_decision(submission: Submission[DecisionForm], subject: Subject, open_flags: int) -> None:
    """Says beside the field what does not fit together, or does not fit how things stand."""
    if not submission.ok:
        return
    form = submission.data
    _check_verdict(submission, form, subject, open_flags)
    needs_reason = form.verdict is Verdict.HIDE or form.measure in (Measure.WARN, Measure.SUSPEND)
    if needs_reason and form.ground is None:
        submission.refuse("ground", _("Say which house rule it is about."))
    if form.verdict is not Verdict.FINE and len(form.facts) < 10:
        submission.refuse("facts", _("Say in a sentence what you base this on."))
    for field, day in (("hidden_until", form.hidden_until), ("suspended_until", form.suspended_until)):
        if day and not now() < end_of(day) < now() + timedelta(days=MOST_DAYS):
            submission.refuse(field, _("Choose a day from today, at most two years ahead."))
    if form.measure is Measure.SUSPEND and form.suspends_until is None:
        submission.refuse("suspended_until", _("Say until when."))


def _check_verdict(submission: Submission[DecisionForm], form: DecisionForm, subject: Subject, open_flags: int) -> None:
    fits = (Verdict.RESTORE, Verdict.KEEP) if subject.is_hidden else (Verdict.FINE, Verdict.HIDE, Verdict.KEEP)
    if form.verdict not in fits:
        submission.refuse("verdict", _("This is not possible, as it is now. Look again at how things stand."))
    if form.verdict is Verdict.FINE and (not open_flags or form.measure is not Measure.NONE):
        submission.refuse("verdict", _("“Fine” answers reports, and has no consequences for the author."))
    if form.verdict is Verdict.KEEP and form.measure is Measure.NONE and not (subject.is_hidden and open_flags):
        field = "measure" if subject.author else "verdict"
        submission.refuse(
            field, _("As it is now, nothing would happen. Choose a warning or a suspension, or decide otherwise.")
        )
    if form.measure is not Measure.NONE and subject.author is None:
        submission.refuse("measure", _("The author has left, so there is nobody to tell."))
    if form.measure is Measure.LIFT and not (subject.author and subject.author.is_suspended):
        submission.refuse("measure", _("The author is not suspended."))
