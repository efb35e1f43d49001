"""Who stands behind pilots: everybody who filed, voted for or follows an issue that they grew from.

Issues that were merged count with the one that stays; what is hidden does not count.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from app.content.models import Content
from app.issues.models import Follow, Issue, Vote
from app.pilots.models import PilotIssue
from app.places.models import Neighbourhood

MOST_POINTS = 200


def issues_behind_pilots(pilot_ids: Collection[int]) -> Any:
    """Numbers of pilots and of visible issues, each pair once."""
    linked, merged = aliased(Issue), aliased(Issue)
    stays: Any = func.coalesce(linked.merged_into, linked.id)
    links = (
        select(col(PilotIssue.pilot_id).label("pilot_id"), stays.label("issue_id"))
        .join(linked, col(linked.id) == PilotIssue.issue_id)
        .where(col(PilotIssue.pilot_id).in_(pilot_ids))
        .subquery()
    )
    these: Any = select(links.c.pilot_id, col(Issue.id).label("issue_id"))
    others: Any = select(links.c.pilot_id, col(merged.id).label("issue_id"))
    return union(
        these.join(Issue, col(Issue.id) == links.c.issue_id).where(col(Issue.visible)),
        others.join(merged, col(merged.merged_into) == links.c.issue_id).where(col(merged.visible)),
    ).subquery()


def people_behind_pilots(pilot_ids: Collection[int]) -> Any:
    """Numbers of pilots and of people, each pair once."""
    behind = issues_behind_pilots(pilot_ids)
    pilot = behind.c.pilot_id
    filed: Any = select(pilot, col(Content.author_id).label("person_id"))
    voted: Any = select(pilot, col(Vote.person_id).label("person_id"))
    follows: Any = select(pilot, col(Follow.person_id).label("person_id"))
    return union(
        filed.join(Issue, col(Issue.id) == behind.c.issue_id)
        .join(Content, col(Content.id) == Issue.content_id)
        .where(col(Content.author_id).is_not(None)),
        voted.join(Vote, col(Vote.issue_id) == behind.c.issue_id),
        follows.join(Follow, col(Follow.issue_id) == behind.c.issue_id).where(col(Follow.ended_at).is_(None)),
    ).subquery()


def count_people(session: Session, pilot_ids: Collection[int]) -> dict[int, int]:
    """How many people stand behind each, everybody once."""
    people = people_behind_pilots(pilot_ids)
    counted: Any = select(people.c.pilot_id, func.count()).group_by(people.c.pilot_id)
    return {pilot_id: count for pilot_id, count in session.execute(counted)}


def count_by_neighbourhood(session: Session, pilot_id: int) -> Sequence[Row[Any]]:
    """Names and codes of neighbourhoods, with how many of its issues are there, most first; one without a name is
    what lies in none. Only issues that stand on their own are counted.
    """
    behind = issues_behind_pilots([pilot_id])
    count: Any = func.count()
    return session.execute(
        select(col(Neighbourhood.name), col(Neighbourhood.code), count.label("count"))
        .select_from(behind)
        .join(Issue, col(Issue.id) == behind.c.issue_id)
        .outerjoin(Neighbourhood, col(Neighbourhood.id) == Issue.neighbourhood_id)
        .where(col(Issue.merged_into).is_(None))
        .group_by(col(Neighbourhood.name), col(Neighbourhood.code))
        .order_by(count.desc(), col(Neighbourhood.name))
    ).all()


def points_behind(session: Session, pilot_id: int) -> Sequence[Row[Any]]:
    """Where its issues are, the most supported first; merged ones too."""
    behind = issues_behind_pilots([pilot_id])
    votes: Any = col(Issue.vote_count) + 0
    shown: list[Any] = [col(Issue.id), col(Issue.title), col(Issue.lat), col(Issue.lon), votes.label("votes")]
    return session.execute(
        select(*shown)
        .join(behind, behind.c.issue_id == col(Issue.id))
        .where(col(Issue.lat).is_not(None), col(Issue.merged_into).is_(None))
        .order_by(votes.desc(), col(Issue.id))
        .limit(MOST_POINTS)
    ).all()
