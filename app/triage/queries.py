"""What stands on the desk beside an issue."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.activity.models import AuditEntry
from app.cards.models import ImportedCard
from app.content.models import Content
from app.core.i18n import Text
from app.issues.models import Issue
from app.issues.queries import VISIBLE_ISSUE
from app.issues.slugs import issue_path
from app.matching.engine.suggestion import Likelihood, ReasonCode
from app.matching.links import StoredLinks
from app.matching.models import Match, State
from app.matching.reasons import told_together
from app.pilots.models import Pilot, Stage
from app.themes.models import Theme
from app.triage.models import InternalNote

PILOTS_OFFERED = 30
ISSUE_FOR_ITS_DESK: Any = VISIBLE_ISSUE.options(
    joinedload(Issue.content).joinedload(Content.author).selectinload(Person.roles)  # type: ignore[arg-type]
)


@dataclass(frozen=True)
class Suggestion:
    """One theme, pilot or issue to decide about, and what was decided."""

    key: int
    title: str
    language: str
    path: str
    likelihood: Likelihood
    state: State
    reasons: Sequence[Text]
    by_hand: bool
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    card: ImportedCard | None = None


def issue_as_it_is_now(session: Session, issue_id: int) -> Issue:
    """Read anew, also when this request has read or changed it before.

    With the roles of its author: that may be who is looking, and the page asks which roles they have.
    """
    anew = {"populate_existing": True}
    found: Issue = session.scalars(ISSUE_FOR_ITS_DESK, {"issue_id": issue_id}, execution_options=anew).unique().one()
    return found


def theme_suggestions(issue: Issue, links: StoredLinks, names: dict[int, str], locale: str) -> list[Suggestion]:
    """What the author chose comes first, also where the engine saw nothing in it: one press settles it."""
    listed = {row.theme_id for row in links.themes}
    chosen = [_chosen_by_author(issue.theme, locale)] if issue.theme and issue.theme.id not in listed else []
    return chosen + [
        _suggestion(
            row, row.theme_id, row.theme.name(locale), locale, f"/themes/{row.theme.slug}", names, themes_shown=False
        )
        for row in links.themes
    ]


def _chosen_by_author(theme: Theme, locale: str) -> Suggestion:
    return Suggestion(
        key=theme.id,
        title=theme.name(locale),
        language=locale,
        path=f"/themes/{theme.slug}",
        likelihood=Likelihood.LIKELY,
        state=State.SUGGESTED,
        reasons=told_together([{"code": ReasonCode.AUTHOR_CHOSE.value}]),
        by_hand=True,
        decided_by="",
        decided_at=None,
        decision_reason="",
    )


def pilot_suggestions(links: StoredLinks, names: dict[int, str]) -> list[Suggestion]:
    return [
        _suggestion(row, row.pilot_id, row.pilot.title, row.pilot.language, f"/pilots/{row.pilot_id}", names)
        for row in links.pilots
    ]


def card_suggestions(links: StoredLinks, names: dict[int, str]) -> list[Suggestion]:
    return [
        _suggestion(row, row.card_id, row.card.title, row.card.language, f"/cards/{row.card_id}", names, card=row.card)
        for row in links.cards
    ]


def similar_suggestions(links: StoredLinks, names: dict[int, str]) -> list[Suggestion]:
    return [
        _suggestion(
            row, row.other_id, row.other.title, row.other.language, issue_path(row.other_id, row.other.title), names
        )
        for row in links.similar
    ]


def _suggestion(
    row: Match,
    key: int,
    title: str,
    language: str,
    path: str,
    names: dict[int, str],
    themes_shown: bool = True,
    card: ImportedCard | None = None,
) -> Suggestion:
    return Suggestion(
        key=key,
        title=title,
        language=language,
        path=path,
        likelihood=row.likelihood,
        state=row.state,
        reasons=told_together(row.reasons, themes_shown),
        by_hand=not row.engine,
        decided_by=names.get(row.decided_by or 0, ""),
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
        card=card,
    )


def deciders(links: StoredLinks) -> set[int]:
    rows: Iterable[Match] = [*links.themes, *links.pilots, *links.cards, *links.similar]
    return {row.decided_by for row in rows if row.decided_by}


def names_of(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    if not person_ids:
        return {}
    return dict(session.exec(select(Person.id, Person.display_name).where(col(Person.id).in_(person_ids))).all())


def notes_on(session: Session, issue_id: int) -> Sequence[InternalNote]:
    """Oldest first."""
    return session.exec(
        select(InternalNote)
        .where(InternalNote.issue_id == issue_id)
        .options(joinedload(InternalNote.author))  # type: ignore[arg-type]
        .order_by(col(InternalNote.id))
    ).all()


def pilots_to_choose(session: Session) -> Sequence[Pilot]:
    """Those that something happened in last; others can be named by their number."""
    return session.exec(
        select(Pilot)
        .where(col(Pilot.visible), Pilot.stage != Stage.STOPPED)
        .order_by(col(Pilot.updated_at).desc(), col(Pilot.id).desc())
        .limit(PILOTS_OFFERED)
    ).all()


def last_to_act(session: Session, issue_id: int, other_than: int) -> tuple[str, datetime] | None:
    """Who of the staff did something with this issue last, and when."""
    last = session.exec(
        select(Person.display_name, AuditEntry.at)
        .join(Person, col(Person.id) == AuditEntry.actor_id)
        .where(
            AuditEntry.subject_kind == "issue",
            AuditEntry.subject_id == str(issue_id),
            AuditEntry.actor_id != other_than,
        )
        .order_by(col(AuditEntry.id).desc())
        .limit(1)
    ).first()
    return (last[0], last[1]) if last else None
