"""What is kept how long, and why: one table, which the worker follows and the privacy page shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlmodel import Session, SQLModel, col

from app.accounts.models import ApiCall, SignedInSession, SignInRequest
from app.activity.models import AuditEntry, OutgoingMail
from app.coalition.models import ENDED, CoalitionLetter, Partner
from app.core.clock import now
from app.core.i18n import Text, _, _n
from app.core.writes import count_changed
from app.filing.models import KEPT_FOR, Draft, Entry
from app.gates.models import GateDraft
from app.issues.models import EarlierText, Issue, Status
from app.moderation.models import TIME_TO_APPEAL, Decision, Flag
from app.pilots.models import Pilot
from app.privacy.copies import end_copies
from app.privacy.inactive import account_is_unused, erase_unused
from app.privacy.left import REMEMBERED
from app.privacy.models import DataExport
from app.settings import Settings
from app.triage.models import InternalNote

DONE_WITH = (Status.ANSWERED, Status.DECLINED, Status.RESOLVED, Status.CONFIRMED)
MAIL_REMEMBERED = timedelta(days=30)
CALLS_REMEMBERED = timedelta(days=30)
ANSWERS_REMEMBERED = timedelta(days=365)
CODES_REMEMBERED = timedelta(days=1)

Condition = Callable[[Settings], ColumnElement[bool]]


@dataclass(frozen=True)
class Rule:
    """`lasts` says how long, in words. `due` finds the rows whose time is over; they are emptied or deleted.

    Without `due` nothing runs out: it stays as long as `lasts` says, or somebody else sees to it.
    """

    name: str
    what: Text
    why: Text
    lasts: Callable[[Settings], Text]
    table: type[SQLModel] | None = None
    due: Condition | None = None
    emptied: Mapping[str, Any] = field(default_factory=dict)
    do: Callable[[Session, Settings], int] | None = None


def days(count: int) -> Text:
    return _n("%(n)s day", "%(n)s days", count)


def after_closing(name: str) -> Callable[[Settings], Text]:
    return lambda settings: _("%(days)s after the issue was closed", days=days(getattr(settings, name)))


def closed_for(issue_id: Any, name: str) -> Condition:
    """The issue that it belongs to was closed so many days ago."""

    def condition(settings: Settings) -> ColumnElement[bool]:
        since = now() - timedelta(days=getattr(settings, name))
        closed = func.coalesce(Issue.city_spoke_at, Issue.updated_at) < since
        return exists().where(col(Issue.id) == issue_id, col(Issue.status).in_(DONE_WITH), closed)

    return condition


def ended_for(pilot_id: Any, count: int) -> ColumnElement[bool]:
    """The pilot that it belongs to ended so many days ago, and nothing changed since."""
    return exists().where(
        col(Pilot.id) == pilot_id, col(Pilot.stage).in_(ENDED), col(Pilot.updated_at) < now() - timedelta(days=count)
    )


def decided_long_ago() -> ColumnElement[bool]:
    since = now() - TIME_TO_APPEAL
    return exists().where(col(Decision.id) == col(Flag.decision_id), col(Decision.created_at) < since)


def older(column: Any, period: timedelta) -> Condition:
    return lambda _settings: col(column) < now() - period


RULES: Sequence[Rule] = (
    Rule(
        "account",
        _("Your account: e-mail address, the name you chose, language"),
        _("To let you in, and to tell you what happens with your issues"),
        lambda settings: _(
            "Until you erase it; or %(days)s after you last signed in, with a warning by mail first",
            days=days(settings.inactive_days),
        ),
        do=erase_unused,
    ),
    Rule(
        "published",
        _("What you publish: issues, photos, comments, approaches"),
        _("So that residents and the city can work on them together, in public"),
        lambda _settings: _("Until you take it away"),
    ),
    Rule(
        "taking part",
        _(
            "What you support: votes, issues you follow, comments you find helpful, pilots you join, "
            "which approach you prefer"
        ),
        _("So that every voice counts once"),
        lambda _settings: _("Until you withdraw it, or erase your account"),
    ),
    Rule(
        "drafts",
        _("Drafts: what you write before you sign in"),
        _("So that nothing is lost on the way"),
        lambda _settings: _("24 hours"),
        Draft,
        older(Draft.created_at, KEPT_FOR),
    ),
    Rule(
        "codes",
        _("Codes that we mail you"),
        _("To let you in without a password, and to notice when somebody guesses"),
        lambda _settings: _("They work for 10 minutes and are gone after a day"),
        SignInRequest,
        older(SignInRequest.created_at, CODES_REMEMBERED),
    ),
    Rule(
        "sessions",
        _("Where you are signed in: the kind of browser, and when you signed in"),
        _("So that you do not have to sign in every time, and can see where you are signed in"),
        lambda _settings: _("90 days; for the city team 12 hours"),
        SignedInSession,
        older(SignedInSession.expires_at, timedelta()),
    ),
    Rule(
        "calls",
        _("Fingerprints of what programs sent for you"),
        _("So that the same call is not carried out twice"),
        lambda _settings: days(CALLS_REMEMBERED.days),
        ApiCall,
        older(ApiCall.created_at, CALLS_REMEMBERED),
    ),
    Rule(
        "mail",
        _("That we mailed you; the text is gone once it is sent"),
        _("So that nothing is sent twice, and what did not arrive is noticed"),
        lambda _settings: days(MAIL_REMEMBERED.days),
        OutgoingMail,
        older(OutgoingMail.ended_at, MAIL_REMEMBERED),
    ),
    Rule(
        "contact",
        _("The phone number of somebody for whom the city team entered an issue"),
        _("So that the team can call back"),
        after_closing("contact_days"),
        Entry,
        lambda settings: (col(Entry.phone) != "") & closed_for(col(Entry.issue_id), "contact_days")(settings),
        {"phone": ""},
    ),
    Rule(
        "notes",
        _("What the city team writes to each other about an issue"),
        _("To work on the issue"),
        after_closing("notes_days"),
        InternalNote,
        closed_for(col(InternalNote.issue_id), "notes_days"),
    ),
    Rule(
        "partners",
        _("The mail address of the contact of a partner in a pilot; only the city team sees it"),
        _("To write to those who make the pilot together"),
        lambda settings: _(
            "Until the partner leaves, or %(days)s after the pilot ended", days=days(settings.contact_days)
        ),
        Partner,
        lambda settings: col(Partner.email).is_not(None) & ended_for(col(Partner.pilot_id), settings.contact_days),
        {"email": None},
    ),
    Rule(
        "letters",
        _("What the city team wrote to those who make a pilot together"),
        _("So that colleagues know what was said"),
        lambda settings: _("%(days)s after the pilot ended", days=days(settings.notes_days)),
        CoalitionLetter,
        lambda settings: ended_for(col(CoalitionLetter.pilot_id), settings.notes_days),
    ),
    Rule(
        "gate answers",
        _("Answers that the city team prepared for a pilot and never decided on"),
        _("To work on the pilot"),
        lambda _settings: _("%(days)s after somebody last worked on them", days=days(ANSWERS_REMEMBERED.days)),
        GateDraft,
        older(GateDraft.saved_at, ANSWERS_REMEMBERED),
    ),
    Rule(
        "reports",
        _("The address of somebody who reported a text, and what stood there then"),
        _("To tell what came of it, and to be fair when somebody objects"),
        lambda _settings: _("%(days)s after the decision", days=days(TIME_TO_APPEAL.days)),
        Flag,
        lambda _settings: (col(Flag.address).is_not(None) | (col(Flag.said) != "")) & decided_long_ago(),
        {"address": None, "said": "", "mailed_key_hash": None},
    ),
    Rule(
        "earlier texts",
        _("What an issue said before its author changed it; only moderators see it"),
        _("To be fair when somebody complains about a text that was changed since"),
        lambda settings: days(settings.earlier_texts_days),
        EarlierText,
        lambda settings: col(EarlierText.replaced_at) < now() - timedelta(days=settings.earlier_texts_days),
    ),
    Rule(
        "copies",
        _("Copies of your data that you asked for"),
        _("So that you can fetch them"),
        lambda _settings: _("1 hour"),
        DataExport,
        older(DataExport.expires_at, timedelta()),
        do=lambda session, _settings: end_copies(session),
    ),
    Rule(
        "left",
        _("That an account with a certain number was erased, and when"),
        _("So that a backup which has to be restored does not bring it back"),
        lambda _settings: days(REMEMBERED.days),
    ),
    Rule(
        "audit",
        _("What the city team does: who did what, when, in which role"),
        _("So that misuse can be found"),
        lambda settings: days(settings.audit_days),
        AuditEntry,
        lambda settings: col(AuditEntry.at) < now() - timedelta(days=settings.audit_days),
    ),
    Rule(
        "counters",
        _("Counters per network and person, under a pseudonym"),
        _("So that nobody can flood the site"),
        lambda _settings: _("At most a day"),
    ),
    Rule(
        "logs",
        _("The log of the server: when, which page, how it went; no addresses, names or texts"),
        _("To find faults and attacks"),
        lambda settings: days(settings.logs_days),
    ),
)


def count_due(session: Session, settings: Settings, rule: Rule) -> int:
    """How many rows a run would touch now."""
    if rule.name == "account":
        return account_is_unused(session, settings)
    if rule.table is None or rule.due is None:
        return 0
    rows = rule.table.__table__  # type: ignore[attr-defined]
    return int(session.execute(select(func.count()).select_from(rows).where(rule.due(settings))).scalar_one())


def carry_out(session: Session, settings: Settings, rule: Rule) -> int:
    """Returns how many rows it touched."""
    if rule.do is not None:
        return rule.do(session, settings)
    if rule.table is None or rule.due is None:
        return 0
    change = update(rule.table).values(rule.emptied) if rule.emptied else delete(rule.table)
    return count_changed(session, change.where(rule.due(settings)))
