"""What the city team decides and says at its desk.

What residents may know goes on the timeline, all of it into the audit.
"""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.activity.actions import tell, write_down
from app.activity.models import TimelineEntry
from app.cards.models import ImportedCard
from app.core.errors import Conflict
from app.core.forms import Submission
from app.core.i18n import _
from app.core.language import guess_language
from app.issues.actions import change_status, say
from app.issues.models import NEEDS_PUBLIC_TEXT, TRANSITIONS, Issue, Status
from app.matching import deciding
from app.matching.deciding import Seen
from app.matching.models import CardMatch, Match, PilotMatch, SimilarMatch, State, ThemeMatch
from app.pilots.actions import link_issue, unlink_issue
from app.pilots.models import Pilot
from app.themes.models import Theme
from app.triage.forms import AnswerForm, DecisionForm, NoteForm
from app.triage.models import InternalNote

NOT_BY_HAND = {Status.IN_PILOT, Status.MERGED, Status.CONFIRMED}
"""These follow from a link to a pilot, from merging, and from what residents say."""

Decide = Callable[[Session, Issue, int, int, str, Seen], bool]
THEMES: dict[str, Decide] = {"confirm": deciding.confirm_theme, "reject": deciding.reject_theme}
PILOTS: dict[str, Decide] = {"confirm": deciding.confirm_pilot, "reject": deciding.reject_pilot}
CARDS: dict[str, Decide] = {"confirm": deciding.confirm_card, "reject": deciding.reject_card}
SIMILAR: dict[str, Decide] = {"confirm": deciding.confirm_similar, "reject": deciding.reject_similar}


def decide_theme(session: Session, member: Person, issue: Issue, theme: Theme, form: DecisionForm) -> None:
    """Residents read on the timeline which theme was settled."""
    if not _decide(session, member, issue, ThemeMatch, THEMES, form):
        return
    if form.decision == "confirm":
        names = {"theme": theme.slug, "nl": theme.name_nl, "en": theme.name_en}
        tell(session, "issue", issue.id, "theme.settled", actor_id=member.id, by_city=True, facts=names)
    _write_down(session, member, issue, f"theme.{form.decision}", {"theme": theme.id})


def decide_pilot(session: Session, member: Person, issue: Issue, pilot: Pilot, form: DecisionForm) -> None:
    """What is confirmed is really linked, and the status follows; what is no longer confirmed is taken out again."""
    if not _decide(session, member, issue, PilotMatch, PILOTS, form):
        return
    if form.decision == "confirm":
        link_issue(session, member.id, pilot, issue)
    elif form.seen is State.CONFIRMED:
        unlink_issue(session, member.id, pilot, issue)
    _write_down(session, member, issue, f"pilot.{form.decision}", {"pilot": pilot.id})


def decide_card(session: Session, member: Person, issue: Issue, card: ImportedCard, form: DecisionForm) -> None:
    """It is another city's, so nothing here follows from it but what the matching learns."""
    if _decide(session, member, issue, CardMatch, CARDS, form):
        _write_down(session, member, issue, f"card.{form.decision}", {"card": card.id})


def decide_similar(session: Session, member: Person, issue: Issue, other: Issue, form: DecisionForm) -> None:
    if _decide(session, member, issue, SimilarMatch, SIMILAR, form):
        _write_down(session, member, issue, f"similar.{form.decision}", {"other": other.id})


def _decide(
    session: Session,
    member: Person,
    issue: Issue,
    table: type[Match],
    ways: dict[str, Decide],
    form: DecisionForm,
) -> bool:
    seen = Seen(form.seen, form.settled)
    if form.decision == "undo":
        return deciding.take_back(session, table, issue, form.which, seen)
    return ways[form.decision](session, issue, form.which, member.id, form.reason, seen)


def offered_statuses(issue: Issue) -> list[Status]:
    """Where the team may take it from here by hand, in the order of an issue's life."""
    if issue.status is Status.MERGED:
        return []
    return [status for status in Status if status in TRANSITIONS[issue.status] - NOT_BY_HAND]


def answer_issue(session: Session, member: Person, issue: Issue, form: AnswerForm) -> None:
    """Sent twice, it is said once; raises Conflict when a colleague was faster."""
    language = guess_language(form.text) if form.text else issue.language
    words: dict[str, Any] = {"actor_id": member.id, "text": form.text, "language": language}
    try:
        if form.status is None:
            say(session, issue, spoken=form.spoken, **words)
        else:
            change_status(session, issue, form.status, seen=form.seen, **words)
    except Conflict:
        if _was_just_said(session, member, issue, form):
            return
        raise
    facts = {"from": form.seen, "to": form.status} if form.status else {}
    _write_down(session, member, issue, "status" if form.status else "answer", facts)


def _was_just_said(session: Session, member: Person, issue: Issue, form: AnswerForm) -> bool:
    """The same person sent the same form before."""
    last = session.exec(
        select(TimelineEntry)
        .where(TimelineEntry.subject_kind == "issue", TimelineEntry.subject_id == issue.id)
        .order_by(col(TimelineEntry.id).desc())
        .limit(1)
    ).first()
    kind = f"status.{form.status}" if form.status else "answer"
    return last is not None and (last.actor_id, last.kind, last.text) == (member.id, kind, form.text)


def check_answer(submission: Submission[AnswerForm]) -> None:
    """Says beside the field what is missing, before anything is changed."""
    if not submission.ok:
        return
    form = submission.data
    if form.status in NOT_BY_HAND:
        submission.refuse("status", CHOOSE_ONE)
    elif not form.text and form.status is None:
        submission.refuse("text", WRITE_SOMETHING)
    elif not form.text and form.status in NEEDS_PUBLIC_TEXT:
        submission.refuse("text", NEEDS_TEXT)


def write_note(session: Session, member: Person, issue: Issue, form: NoteForm) -> None:
    """The same words twice in a row by the same person are one note."""
    last = session.exec(
        select(InternalNote).where(InternalNote.issue_id == issue.id).order_by(col(InternalNote.id).desc()).limit(1)
    ).first()
    if last is not None and (last.author_id, last.text) == (member.id, form.text):
        return
    session.add(InternalNote(issue_id=issue.id, author_id=member.id, text=form.text))
    _write_down(session, member, issue, "note.written", {})


def delete_note(session: Session, member: Person, note: InternalNote) -> None:
    session.delete(note)
    session.flush()
    write_down(session, "triage.note.deleted", "issue", note.issue_id, actor_id=member.id, role="team")


def look_up_phone(session: Session, member: Person, issue: Issue) -> None:
    """Whoever sees a resident's phone number is written down."""
    write_down(session, "contact.seen", "issue", issue.id, actor_id=member.id, role="team")


def _write_down(session: Session, member: Person, issue: Issue, kind: str, facts: dict[str, Any]) -> None:
    write_down(session, f"triage.{kind}", "issue", issue.id, actor_id=member.id, role="team", facts=facts)


NO_SUCH_PILOT = _("There is no pilot with this number.")
NO_SUCH_CARD = _("This pilot of another city is not there any more.")
NO_SUCH_ISSUE = _("There is no other issue with this number.")
NO_SUCH_THEME = CHOOSE_ONE = _("Choose one of the options.")
WRITE_SOMETHING = _("Write what residents read, or choose a status.")
NEEDS_TEXT = _("This status needs a text that residents can read.")
