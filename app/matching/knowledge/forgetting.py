"""What matching knows of an issue goes when its author takes it away, or objects to automatic matching."""

from typing import Any

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col

from app.issues.models import Issue
from app.matching.growing.from_decisions import grow_from_issue
from app.matching.jobs import READ_UP_TO
from app.matching.knowledge.lessons import unlearn_theme
from app.matching.knowledge.writing import progress_of
from app.matching.models import LinkKind, PilotMatch, SimilarMatch, State, TextVector, ThemeMatch, WordCount

TABLES: tuple[Any, ...] = (ThemeMatch, PilotMatch, SimilarMatch)


def forget_suggestions(session: Session, issue_id: int) -> None:
    """Suggestions go, also those on other issues; what somebody decided stays."""
    for table in TABLES:
        session.execute(delete(table).where(_of(table, issue_id), col(table.state) == State.SUGGESTED))


def forget_words(session: Session, issue: Issue) -> None:
    """Before its stems are emptied: nothing is learned from its words, and those that no other issue has are unknown.

    Reasons name words of both issues, so those of decided links go too.
    """
    forget_suggestions(session, issue.id)
    unlearn_theme(session, issue.id)
    grow_from_issue(session, issue.id, without=True)
    session.execute(delete(TextVector).where(col(TextVector.kind) == LinkKind.SIMILAR, col(TextVector.key) == issue.id))
    for table in TABLES:
        session.execute(update(table).where(_of(table, issue.id)).values(reasons=[]))
    stems = sorted(set(issue.search_stems.split()))
    if not stems or issue.id > progress_of(session, READ_UP_TO):
        return
    mine = col(WordCount.word).in_(stems)
    session.execute(
        update(WordCount).where(mine).values(issues=WordCount.issues - 1).execution_options(synchronize_session=False)
    )
    session.execute(delete(WordCount).where(mine, col(WordCount.issues) <= 0))


def _of(table: Any, issue_id: int) -> Any:
    own = col(table.issue_id) == issue_id
    return or_(own, col(table.other_id) == issue_id) if table is SimilarMatch else own
