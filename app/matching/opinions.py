"""What residents say about the links of an issue: it fits, or it does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, delete, update
from sqlmodel import Session, col, func, select

from app.cards.models import ImportedCard
from app.content.models import Content
from app.core.clock import now
from app.core.errors import NotFound
from app.core.writes import insert_once
from app.issues.models import Issue
from app.matching.models import CardMatch, LinkKind, MatchOpinion, PilotMatch, SimilarMatch, State, ThemeMatch

TABLES: Mapping[LinkKind, Any] = {
    LinkKind.THEME: (ThemeMatch, "theme_id"),
    LinkKind.PILOT: (PilotMatch, "pilot_id"),
    LinkKind.CARD: (CardMatch, "card_id"),
    LinkKind.SIMILAR: (SimilarMatch, "other_id"),
}


@dataclass(frozen=True)
class Opinions:
    """How many people say that one link fits, how many that it does not, and whether its author objects."""

    agree: int
    object: int
    author_objects: bool


def give_opinion(
    session: Session, person_id: int, issue: Issue, kind: LinkKind, key: int, agrees: bool, reason: str
) -> None:
    """One voice per person and link, the last one counts; raises NotFound for a link that is not there."""
    table, column = TABLES[kind]
    link = session.get(table, {"issue_id": issue.id, column: key})
    if link is None or link.state is State.REJECTED:
        raise NotFound
    said = {"agrees": agrees, "reason": reason, "created_at": now()}
    if not insert_once(session, MatchOpinion, issue_id=issue.id, kind=kind, key=key, person_id=person_id, **said):
        session.execute(update(MatchOpinion).where(*_voice(person_id, issue, kind, key)).values(**said))


def take_opinion_back(session: Session, person_id: int, issue: Issue, kind: LinkKind, key: int) -> None:
    session.execute(delete(MatchOpinion).where(*_voice(person_id, issue, kind, key)))


def forget_opinions_about_cards(session: Session, feed_id: int) -> None:
    """Before the cards of a feed go: a number may be given to another card."""
    cards = select(ImportedCard.id).where(ImportedCard.feed_id == feed_id)
    session.execute(
        delete(MatchOpinion).where(col(MatchOpinion.kind) == LinkKind.CARD, col(MatchOpinion.key).in_(cards))
    )


def _voice(person_id: int, issue: Issue, kind: LinkKind, key: int) -> tuple[ColumnElement[bool], ...]:
    return (
        col(MatchOpinion.issue_id) == issue.id,
        col(MatchOpinion.kind) == kind,
        col(MatchOpinion.key) == key,
        col(MatchOpinion.person_id) == person_id,
    )


def opinions_by(session: Session, issue_id: int, person_id: int) -> dict[tuple[LinkKind, int], bool]:
    """What this person said about each link of the issue."""
    rows: Any = session.exec(
        select(MatchOpinion.kind, MatchOpinion.key, MatchOpinion.agrees).where(
            MatchOpinion.issue_id == issue_id, MatchOpinion.person_id == person_id
        )
    )
    return {(kind, key): agrees for kind, key, agrees in rows}


def opinions_about(session: Session, issue_id: int) -> dict[tuple[LinkKind, int], Opinions]:
    """For the team: what residents say about each link of one issue."""
    objects = case((col(MatchOpinion.agrees), 0), else_=1)
    by_author = case((col(Content.author_id) == MatchOpinion.person_id, objects), else_=0)
    rows: Any = session.exec(
        select(  # type: ignore[call-overload]
            MatchOpinion.kind, MatchOpinion.key, func.count(), func.sum(objects), func.max(by_author)
        )
        .join(Issue, col(Issue.id) == MatchOpinion.issue_id)
        .join(Content, col(Content.id) == Issue.content_id)
        .where(MatchOpinion.issue_id == issue_id)
        .group_by(col(MatchOpinion.kind), col(MatchOpinion.key))
    )
    return {
        (kind, key): Opinions(int(all_of_them - against), int(against), bool(author))
        for kind, key, all_of_them, against, author in rows
    }
