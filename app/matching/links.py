"""All stored links of one issue, also rejected and unsure ones: for whoever wants to judge the matching."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import contains_eager, joinedload
from sqlmodel import Session, col, select

from app.cards.models import ImportedCard
from app.issues.models import Issue
from app.matching.models import CardMatch, PilotMatch, SimilarMatch, State, ThemeMatch
from app.pilots.models import Pilot


@dataclass(frozen=True)
class StoredLinks:
    """Best first, rejected ones last; hidden pilots, issues and cards are left out."""

    themes: Sequence[ThemeMatch]
    pilots: Sequence[PilotMatch]
    similar: Sequence[SimilarMatch]
    cards: Sequence[CardMatch]


def links_of(session: Session, issue_id: int) -> StoredLinks:
    themes = session.exec(
        select(ThemeMatch)
        .where(ThemeMatch.issue_id == issue_id)
        .options(joinedload(ThemeMatch.theme))  # type: ignore[arg-type]
        .order_by(col(ThemeMatch.state) == State.REJECTED, col(ThemeMatch.rank), col(ThemeMatch.theme_id))
    )
    pilots = session.exec(
        select(PilotMatch)
        .join(Pilot, col(Pilot.id) == PilotMatch.pilot_id)
        .where(PilotMatch.issue_id == issue_id, col(Pilot.visible))
        .options(joinedload(PilotMatch.pilot))  # type: ignore[arg-type]
        .order_by(col(PilotMatch.state) == State.REJECTED, col(PilotMatch.rank), col(PilotMatch.pilot_id))
    )
    similar = session.exec(
        select(SimilarMatch)
        .join(Issue, col(Issue.id) == SimilarMatch.other_id)
        .where(SimilarMatch.issue_id == issue_id, col(Issue.visible))
        .options(joinedload(SimilarMatch.other))  # type: ignore[arg-type]
        .order_by(col(SimilarMatch.state) == State.REJECTED, col(SimilarMatch.rank), col(SimilarMatch.other_id))
    )
    cards = session.exec(
        select(CardMatch)
        .join(ImportedCard, col(ImportedCard.id) == CardMatch.card_id)
        .where(CardMatch.issue_id == issue_id, col(ImportedCard.visible))
        .options(contains_eager(CardMatch.card).defer(ImportedCard.document))  # type: ignore[arg-type]
        .order_by(col(CardMatch.state) == State.REJECTED, col(CardMatch.rank), col(CardMatch.card_id))
    )
    return StoredLinks(themes.all(), pilots.all(), similar.all(), cards.all())
