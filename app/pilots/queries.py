from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row, case, or_
from sqlalchemy.orm import aliased, joinedload, selectinload
from sqlmodel import Session, col, func, select

from app.content.models import Content
from app.core.paging import PAGE_SIZE, Page, decode_after, encode_after
from app.issues.models import Issue
from app.pilots.models import Pilot, PilotIssue, PilotTheme, Stage
from app.places.models import Neighbourhood
from app.themes.models import Theme

MOST_ISSUES_SHOWN = 20


@dataclass(frozen=True)
class Which:
    """Which pilots somebody wants to see; everything that is given must hold. `theme` is a slug, the other a code."""

    stage: str = ""
    theme: str = ""
    neighbourhood: str = ""

    def address(self, path: str, **other: str) -> str:
        """Of a page about these, but for what is said otherwise."""
        said = {name: value for name, value in {**vars(self), **other}.items() if value}
        return f"{path}?{urlencode(said)}" if said else path


EVERY_PILOT = Which()


def conditions(which: Which) -> list[Any]:
    wanted: list[Any] = [col(Pilot.stage) == which.stage] if which.stage else []
    if which.theme:
        themed = select(PilotTheme.pilot_id).join(Theme, col(Theme.id) == PilotTheme.theme_id)
        wanted.append(col(Pilot.id).in_(themed.where(Theme.slug == which.theme)))
    if which.neighbourhood:
        there = select(PilotIssue.pilot_id).join(Issue, col(Issue.id) == PilotIssue.issue_id)
        there = there.join(Neighbourhood, col(Neighbourhood.id) == Issue.neighbourhood_id)
        wanted.append(col(Pilot.id).in_(there.where(Neighbourhood.code == which.neighbourhood, col(Issue.visible))))
    return wanted


def read_pilots(session: Session, which: Which = EVERY_PILOT, after: str = "", size: int = PAGE_SIZE) -> Page[Row[Any]]:
    """Pilots with the number of issues and of people behind them, newest first."""
    statement = _with_counts().where(*conditions(which))
    if after:
        statement = statement.where(col(Pilot.id) < decode_after(after, (int,))[0])
    rows = session.exec(statement.order_by(col(Pilot.id).desc()).limit(size + 1)).all()
    more = len(rows) > size
    shown: Any = rows[:size]
    return Page(shown, encode_after(shown[-1][0].id) if more else None)


def pilot_with_counts(session: Session, pilot_id: int) -> Any:
    """A visible pilot with its goals, and the number of issues and of people behind it."""
    statement = _with_counts().where(Pilot.id == pilot_id)
    return session.exec(statement.options(selectinload(Pilot.goals))).first()  # type: ignore[arg-type]


def _standing_behind(pilot_id: Any) -> Any:
    """The numbers of the issues that a pilot stands on; for a merged one, of the one that stays."""
    linked = aliased(Issue)
    return (
        select(func.coalesce(linked.merged_into, linked.id))
        .join(PilotIssue, col(PilotIssue.issue_id) == linked.id)
        .where(PilotIssue.pilot_id == pilot_id)
        .correlate(Pilot)
    )


def _with_counts() -> Any:
    # Whether an issue is visible is looked at row by row: as a condition, SQLite reads the whole city for each pilot.
    seen = case((col(Issue.visible), 1), else_=0)
    behind = col(Issue.id).in_(_standing_behind(Pilot.id))
    issues = select(func.coalesce(func.sum(seen), 0)).where(behind).correlate(Pilot).scalar_subquery()
    support = func.coalesce(func.sum(col(Issue.vote_count) * seen), 0)
    votes = select(support).where(behind).correlate(Pilot).scalar_subquery()
    return (
        select(Pilot, issues.label("issues"), votes.label("votes"))
        .where(col(Pilot.visible))
        .options(selectinload(Pilot.themes))  # type: ignore[arg-type]
    )


def visible_pilot(session: Session, pilot_id: int) -> Pilot | None:
    return session.exec(
        select(Pilot)
        .where(Pilot.id == pilot_id, col(Pilot.visible))
        .options(
            joinedload(Pilot.content).joinedload(Content.author),  # type: ignore[arg-type]
            selectinload(Pilot.themes),  # type: ignore[arg-type]
            selectinload(Pilot.goals),  # type: ignore[arg-type]
        )
    ).first()


def issues_behind(session: Session, pilot_id: int, at_most: int = MOST_ISSUES_SHOWN) -> Sequence[Issue]:
    """The visible issues a pilot grew from, most supported first."""
    # As an expression: by the bare column, SQLite walks the whole city in order of votes to find these few.
    votes = col(Issue.vote_count) + 0
    return session.exec(
        select(Issue)
        .where(col(Issue.id).in_(_standing_behind(pilot_id)), col(Issue.visible))
        .order_by(votes.desc(), col(Issue.id))
        .limit(at_most)
    ).all()


def linked_to(session: Session, pilot_id: int, at_most: int = 50) -> Sequence[Issue]:
    """The visible issues that the team linked, merged ones too, newest links first."""
    return session.exec(
        select(Issue)
        .join(PilotIssue, col(PilotIssue.issue_id) == Issue.id)
        .where(PilotIssue.pilot_id == pilot_id, col(Issue.visible))
        .order_by(col(PilotIssue.linked_at).desc(), col(Issue.id).desc())
        .limit(at_most)
    ).all()


def pilots_with_theme(session: Session, theme_id: int, at_most: int = 10) -> Sequence[Pilot]:
    return session.exec(
        select(Pilot)
        .join(PilotTheme, col(PilotTheme.pilot_id) == Pilot.id)
        .where(PilotTheme.theme_id == theme_id, col(Pilot.visible))
        .order_by(col(Pilot.id).desc())
        .limit(at_most)
    ).all()


def pilots_per_theme(session: Session) -> dict[int, int]:
    rows: Any = session.exec(
        select(PilotTheme.theme_id, func.count())
        .join(Pilot, col(Pilot.id) == PilotTheme.pilot_id)
        .where(col(Pilot.visible))
        .group_by(col(PilotTheme.theme_id))
    )
    return {theme: count for theme, count in rows}


def pilots_with_issues(session: Session, issue_ids: Collection[int], at_most: int = 10) -> Sequence[Pilot]:
    """The visible pilots that these issues, or what was merged into them, stand under."""
    counted = or_(col(Issue.id).in_(issue_ids), col(Issue.merged_into).in_(issue_ids))
    linked = select(PilotIssue.pilot_id).join(Issue, col(Issue.id) == PilotIssue.issue_id).where(counted)
    return session.exec(
        select(Pilot).where(col(Pilot.id).in_(linked), col(Pilot.visible)).order_by(col(Pilot.id).desc()).limit(at_most)
    ).all()


def newest_of_each(session: Session, groups: Sequence[Collection[Stage]], at_most: int) -> list[list[Pilot]]:
    """For each group of stages the pilots in it that changed last, in one statement."""
    group = case(*((col(Pilot.stage).in_(stages), number) for number, stages in enumerate(groups)), else_=-1)
    newest = (col(Pilot.updated_at).desc(), col(Pilot.id).desc())
    rank = func.row_number().over(partition_by=group, order_by=newest).label("rank")
    ranked = select(col(Pilot.id).label("id"), group.label("group"), rank).where(col(Pilot.visible)).subquery()
    few = select(Pilot, ranked.c.group).join(ranked, ranked.c.id == Pilot.id).where(ranked.c.rank <= at_most)
    rows: Any = session.exec(few.order_by(ranked.c.group, ranked.c.rank)).all()
    return [[pilot for pilot, found in rows if found == number] for number in range(len(groups))]


def has_issues(session: Session, pilot_id: int) -> bool:
    return session.exec(select(PilotIssue.issue_id).where(PilotIssue.pilot_id == pilot_id).limit(1)).first() is not None


def is_in_a_pilot(session: Session, issue_id: int) -> bool:
    return session.exec(select(PilotIssue.pilot_id).where(PilotIssue.issue_id == issue_id).limit(1)).first() is not None
