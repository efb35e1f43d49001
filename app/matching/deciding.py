"""What the team decides about suggestions, so that two people who decide at once never overwrite each other."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, or_, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col

from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.writes import count_changed, insert_once
from app.issues.models import Issue, ThemeBy
from app.matching.actions import take_likely_theme
from app.matching.engine.suggestion import Likelihood
from app.matching.growing.anchors import Anchor, anchors_of
from app.matching.growing.from_decisions import grow_from
from app.matching.knowledge.lessons import learn_pilot, learn_theme, unlearn_theme
from app.matching.models import CardMatch, LinkKind, Match, PilotMatch, SimilarMatch, State, ThemeMatch

OVERTAKEN = _("Somebody else decided about this in the meantime. Look at it again, then decide.")


@dataclass(frozen=True)
class Seen:
    """What somebody had before them: the decision counts only if it is still so.

    `settled` is the theme that the team had settled, if any.
    """

    state: State = State.SUGGESTED
    settled: int | None = None


def confirm_theme(
    session: Session, issue: Issue, theme_id: int, decided_by: int, reason: str = "", seen: Seen | None = None
) -> bool:
    """The team settles the main theme, or moves the issue from the one it had; the engine learns.

    Like the others here: False when this person decided just that before, Conflict when somebody else decided since.
    """
    if seen and _is_repeated(session, ThemeMatch, issue, theme_id, State.CONFIRMED, decided_by):
        return False
    if not _settle_theme(session, issue, theme_id, seen):
        raise Conflict(OVERTAKEN)
    earlier = update(ThemeMatch).where(
        col(ThemeMatch.issue_id) == issue.id,
        col(ThemeMatch.theme_id) != theme_id,
        col(ThemeMatch.state) == State.CONFIRMED,
    )
    before = [each for each in anchors_of(session, issue.id) if each.kind is LinkKind.THEME and each.key != theme_id]
    session.execute(earlier.values(_decision(State.REJECTED, decided_by, reason)), execution_options=QUIETLY)
    if _decide(session, ThemeMatch, issue, theme_id, State.CONFIRMED, decided_by, reason, seen):
        learn_theme(session, issue, theme_id)
        for each in (*before, Anchor(LinkKind.THEME, theme_id)):
            grow_from(session, each)
        return True
    return False


def reject_theme(
    session: Session, issue: Issue, theme_id: int, decided_by: int, reason: str = "", seen: Seen | None = None
) -> bool:
    """It comes off the issue, too, unless the author chose it: that stays until the team chooses another."""
    decided = _decide(session, ThemeMatch, issue, theme_id, State.REJECTED, decided_by, reason, seen)
    if decided:
        unlearn_theme(session, issue.id, theme_id)
        grow_from(session, Anchor(LinkKind.THEME, theme_id))
        _leave_theme(session, issue, theme_id)
    return decided


def confirm_pilot(
    session: Session, issue: Issue, pilot_id: int, decided_by: int, reason: str = "", seen: Seen | None = None
) -> bool:
    decided = _decide(session, PilotMatch, issue, pilot_id, State.CONFIRMED, decided_by, reason, seen)
    if decided:
        _learn_link(session, pilot_id)
    return decided


def reject_pilot(
    session: Session, issue: Issue, pilot_id: int, decided_by: int, reason: str = "", seen: Seen | None = None
) -> bool:
    decided = _decide(session, PilotMatch, issue, pilot_id, State.REJECTED, decided_by, reason, seen)
    if decided:
        _learn_link(session, pilot_id)
    return decided


def confirm_similar(
    session: Session, issue: Issue, other_id: int, decided_by: int, reason: str = "", seen: Seen | None = None
) -> bool:
    return _decide(session, SimilarMatch, issue, other_id, State.CONFIRMED, decided_by, reason, seen)


def reject_similar(
    session: Session, issue: Issue, other_id: int, decided_by: int, reason: str = "", seen: Seen | None = None
) -> bool:
    return _decide(session, SimilarMatch, issue, other_id, State.REJECTED, decided_by, reason, seen)


def confirm_card(
    session: Session, issue: Issue, card_id: int, decided_by: int, reason: str = "", seen: Seen | None = None
) -> bool:
    """A pilot of another city answers this, too. Issues like it profit, as with pilots here."""
    return _decide(session, CardMatch, issue, card_id, State.CONFIRMED, decided_by, reason, seen)


def reject_card(
    session: Session, issue: Issue, card_id: int, decided_by: int, reason: str = "", seen: Seen | None = None
) -> bool:
    return _decide(session, CardMatch, issue, card_id, State.REJECTED, decided_by, reason, seen)


def take_back(session: Session, table: type[Match], issue: Issue, key: int, seen: Seen) -> bool:
    """The decision is none any more: a suggestion as before, or nothing where the team had chosen by hand."""
    this = _this(table, issue, key)
    by_hand = delete(table).where(this, _state(table) == seen.state, col(table.engine) == "")
    undecided = {"state": State.SUGGESTED, "decided_by": None, "decided_at": None, "decision_reason": ""}
    again = update(table).where(this, _state(table) == seen.state).values(undecided)
    if not count_changed(session, by_hand) and not count_changed(session, again):
        if not _is_undecided(session, table, issue, key):
            raise Conflict(OVERTAKEN)
        return False
    if table is PilotMatch:
        _learn_link(session, key)
    if table is ThemeMatch:
        unlearn_theme(session, issue.id, key)
        grow_from(session, Anchor(LinkKind.THEME, key))
        _leave_theme(session, issue, key)
        take_likely_theme(session, issue)
    return True


def _learn_link(session: Session, pilot_id: int) -> None:
    learn_pilot(session, pilot_id)
    grow_from(session, Anchor(LinkKind.PILOT, pilot_id))


def _decide(
    session: Session,
    table: type[Match],
    issue: Issue,
    key: int,
    state: State,
    decided_by: int,
    reason: str,
    seen: Seen | None,
) -> bool:
    if (seen and seen.state is state) or _is_repeated(session, table, issue, key, state, decided_by):
        return False
    decision = _decision(state, decided_by, reason)
    as_seen = [_state(table) == seen.state] if seen else []
    if count_changed(session, update(table).where(_this(table, issue, key), *as_seen).values(decision)):
        return True
    if (seen is None or seen.state is State.SUGGESTED) and _link_by_hand(session, table, issue, key, decision):
        return True
    if _is_repeated(session, table, issue, key, state, decided_by):
        return False
    raise Conflict(OVERTAKEN)


def _is_repeated(session: Session, table: type[Match], issue: Issue, key: int, state: State, by: int) -> bool:
    """The same person pressed twice."""
    row = _row(session, table, issue, key)
    return row is not None and (row.state, row.decided_by) == (state, by)


def _is_undecided(session: Session, table: type[Match], issue: Issue, key: int) -> bool:
    row = _row(session, table, issue, key)
    return row is None or row.state is State.SUGGESTED


def _row(session: Session, table: type[Match], issue: Issue, key: int) -> Match | None:
    return session.get(table, (issue.id, key), populate_existing=True)


def _link_by_hand(session: Session, table: type[Match], issue: Issue, key: int, decision: dict[str, Any]) -> bool:
    """Where the engine saw nothing; `engine` stays empty."""
    row = {"issue_id": issue.id, KEYS[table]: key, "score": 1.0, "likelihood": Likelihood.LIKELY, "reasons": []}
    return insert_once(session, table, **row, rank=1, engine="", created_at=now(), **decision)


def _decision(state: State, decided_by: int, reason: str) -> dict[str, Any]:
    return {"state": state, "decided_by": decided_by, "decided_at": now(), "decision_reason": reason}


def _settle_theme(session: Session, issue: Issue, theme_id: int, seen: Seen | None) -> bool:
    """The issue's row is what two people who settle different themes at once compete for."""
    by_team = col(Issue.theme_by) == ThemeBy.TEAM
    as_seen = []
    if seen and seen.settled is not None:
        as_seen = [by_team, col(Issue.theme_id) == seen.settled]
    elif seen:
        as_seen = [or_(col(Issue.theme_by).is_(None), ~by_team)]
    settle = update(Issue).where(col(Issue.id) == issue.id, *as_seen).values(theme_id=theme_id, theme_by=ThemeBy.TEAM)
    won = count_changed(session, settle) == 1
    if won:
        set_committed_value(issue, "theme_id", theme_id)
        set_committed_value(issue, "theme_by", ThemeBy.TEAM)
    return won


def _leave_theme(session: Session, issue: Issue, theme_id: int) -> None:
    given = and_(col(Issue.theme_id) == theme_id, col(Issue.theme_by) != ThemeBy.AUTHOR)
    left = update(Issue).where(col(Issue.id) == issue.id, given).values(theme_id=None, theme_by=None)
    if count_changed(session, left):
        take_likely_theme(session, issue)


def _this(table: type[Match], issue: Issue, key: int) -> Any:
    named: Any = table
    return and_(col(named.issue_id) == issue.id, col(getattr(named, KEYS[table])) == key)


def _state(table: type[Match]) -> Any:
    return col(table.state)


KEYS: dict[type[Match], str] = {
    ThemeMatch: "theme_id",
    PilotMatch: "pilot_id",
    CardMatch: "card_id",
    SimilarMatch: "other_id",
}
QUIETLY = {"synchronize_session": False}
