"""How far an issue is: the steps behind it, the one it is at, what is next and whose turn it is."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.activity.models import TimelineEntry
from app.content.models import Content
from app.core.clock import now
from app.core.i18n import Text, _
from app.core.paging import Page, decode_after, encode_after
from app.issues.models import Issue, Status

SHOWN = 10
STEPS: tuple[tuple[Text, frozenset[str]], ...] = (
    (_("Filed"), frozenset({"filed"})),
    (_("Seen"), frozenset({"status.acknowledged"})),
    (_("Taken up"), frozenset({"status.in-pilot", "status.with-service", "status.answered", "status.declined"})),
    (_("Resolved"), frozenset({"status.resolved"})),
    (_("Confirmed"), frozenset({"status.confirmed"})),
)
REACHED: dict[Status, int] = {
    Status.NEW: 0,
    Status.REOPENED: 0,
    Status.ACKNOWLEDGED: 1,
    Status.IN_PILOT: 2,
    Status.WITH_SERVICE: 2,
    Status.ANSWERED: 2,
    Status.DECLINED: 2,
    Status.RESOLVED: 3,
    Status.CONFIRMED: 4,
}
NEXT: dict[Status, Text] = {
    Status.NEW: _("It is the city team’s turn: they read it and say what they do with it."),
    Status.REOPENED: _("It is the city team’s turn: it is on their list again."),
    Status.ACKNOWLEDGED: _("It is the city team’s turn: they decide who takes it up."),
    Status.IN_PILOT: _("The pilot goes on with it. Follow it on its page."),
    Status.WITH_SERVICE: _("A city service has it now. The team tells you what they did."),
    Status.ANSWERED: _("It is your turn, if the answer does not help: say so in a comment."),
    Status.DECLINED: _("Nothing more happens now: the city does not take it up, and said why."),
    Status.RESOLVED: _("It is your turn: say whether it is solved for you."),
    Status.CONFIRMED: _("Done: it is solved, and residents agree."),
    Status.MERGED: _("It goes on in the issue that it was merged with."),
}


@dataclass(frozen=True)
class Step:
    name: Text
    at: datetime | None
    is_done: bool
    is_here: bool


@dataclass(frozen=True)
class Road:
    """One issue of mine. `days` since the city last said something; None when it never did."""

    issue: Issue
    steps: Sequence[Step]
    next: Text
    days: int | None


def roads_of(session: Session, person_id: int, after: str = "") -> Page[Road]:
    """What one person filed, newest first, in two queries."""
    statement = (
        select(Issue)
        .join(Content, col(Content.id) == Issue.content_id)
        .where(Content.author_id == person_id, col(Issue.visible))
    )
    if after:
        statement = statement.where(col(Issue.id) < decode_after(after, (int,))[0])
    rows = session.exec(statement.order_by(col(Issue.id).desc()).limit(SHOWN + 1)).all()
    shown = rows[:SHOWN]
    moments = _moments(session, [issue.id for issue in shown])
    roads = [_road(issue, moments[issue.id]) for issue in shown]
    return Page(roads, encode_after(shown[-1].id) if len(rows) > SHOWN else None)


def _moments(session: Session, issue_ids: Collection[int]) -> dict[int, dict[str, datetime]]:
    """When each kind of thing last happened to each issue."""
    moments: dict[int, dict[str, datetime]] = defaultdict(dict)
    if not issue_ids:
        return moments
    kinds = {kind for _name, kinds in STEPS for kind in kinds}
    entries = select(TimelineEntry.subject_id, TimelineEntry.kind, TimelineEntry.at).where(
        TimelineEntry.subject_kind == "issue",
        col(TimelineEntry.subject_id).in_(issue_ids),
        col(TimelineEntry.kind).in_(kinds),
    )
    for issue_id, kind, at in session.exec(entries.order_by(col(TimelineEntry.id))):
        moments[issue_id][kind] = at
    return moments


def _road(issue: Issue, moments: dict[str, datetime]) -> Road:
    reached = REACHED.get(issue.status, 0)
    steps = [
        Step(name, max((moments[kind] for kind in kinds if kind in moments), default=None), n <= reached, n == reached)
        for n, (name, kinds) in enumerate(STEPS)
    ]
    days = (now() - issue.city_spoke_at).days if issue.city_spoke_at else None
    return Road(issue, steps, NEXT[issue.status], days)
