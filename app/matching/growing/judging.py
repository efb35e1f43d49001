"""What the team makes of expressions that decisions taught: keep one, refuse it for good, or allow it again."""

from collections.abc import Callable

from sqlmodel import Session, col, delete, select

from app.core.errors import Conflict
from app.core.i18n import _
from app.core.writes import count_changed
from app.matching.growing.anchors import Anchor
from app.matching.growing.from_decisions import grow_from
from app.matching.models import CityExpression, GrownExpression, LinkKind
from app.matching.thesaurus.editing import note_expression, put_expression, says

GONE = _(
    "This expression is not waiting for you any more: a colleague decided about it, or the decisions behind it changed."
)
Judge = Callable[[Session, int, str, str, str], None]


def keep(session: Session, actor_id: int, concept: str, language: str, text: str) -> None:
    """From now on it is the city's own and counts in full, whatever becomes of the decisions behind it."""
    _judge(session, actor_id, concept, language, text, removed=False)


def refuse(session: Session, actor_id: int, concept: str, language: str, text: str) -> None:
    """It does not count, and is not learned again for this concept."""
    _judge(session, actor_id, concept, language, text, removed=True)


def allow(session: Session, actor_id: int, concept: str, language: str, text: str) -> None:
    """It may be learned again; the background work looks whether enough people still say it."""
    refused = delete(CityExpression).where(says(CityExpression, concept, language, text), col(CityExpression.removed))
    if count_changed(session, refused):
        note_expression(session, "concept.grown_allowed", actor_id, concept, language, text)


JUDGES: dict[str, Judge] = {"keep": keep, "refuse": refuse, "allow": allow}


def _judge(session: Session, actor_id: int, concept: str, language: str, text: str, removed: bool) -> None:
    """Raises Conflict when it is not learned any more; who presses twice has decided once."""
    learned = says(GrownExpression, concept, language, text)
    rows = session.exec(select(GrownExpression).where(learned).order_by(col(GrownExpression.id))).all()
    behind = [Anchor(LinkKind(row.kind), row.key) for row in rows]
    if not count_changed(session, delete(GrownExpression).where(learned)):
        if _decided_just_so(session, actor_id, concept, language, text, removed):
            return
        raise Conflict(GONE)
    put_expression(session, actor_id, concept, language, text, removed)
    for anchor in behind:
        grow_from(session, anchor)
    note_expression(session, f"concept.grown_{'refused' if removed else 'kept'}", actor_id, concept, language, text)


def _decided_just_so(session: Session, actor_id: int, concept: str, language: str, text: str, removed: bool) -> bool:
    row = session.exec(select(CityExpression).where(says(CityExpression, concept, language, text))).first()
    return row is not None and (row.removed, row.changed_by) == (removed, actor_id)
