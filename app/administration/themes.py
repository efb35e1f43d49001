"""The city's themes and goals: written, changed and retired by an administrator."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from app.activity.actions import write_down
from app.administration.changes import changes_in
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.writes import count_changed, insert_once
from app.issues.slugs import slug_of
from app.themes.models import Goal, Theme
from app.themes.queries import theme_with_slug

OVERTAKEN = _("Somebody else changed this in the meantime. Below is what it says now; change it again where needed.")
ICONS = ("safety-liveability", "mobility", "sustainability", "participation-economy", "tourism-recreation")


def add_theme(session: Session, admin_id: int, fields: Mapping[str, Any]) -> Theme:
    """Its address comes from the English name and stays; raises Conflict when another theme has it."""
    slug = slug_of(fields["name_en"])
    if not slug or not insert_once(session, Theme, slug=slug, updated_at=now(), **fields):
        raise Conflict(_("There is a theme with this English name already. Choose another name."))
    theme = theme_with_slug(session, slug)
    if theme is None:
        raise LookupError("a theme that was just written is gone")
    write_down(session, "theme.added", "theme", theme.id, actor_id=admin_id, role="admin", facts={"slug": slug})
    return theme


def change_theme(session: Session, admin_id: int, theme: Theme, fields: Mapping[str, Any], seen: datetime) -> None:
    """Raises Conflict when the theme was changed since `seen`. The next issue is matched with it, in every process."""
    changed = changes_in(theme, fields)
    _change(session, theme, seen, dict(fields))
    if changed:
        write_down(session, "theme.changed", "theme", theme.id, actor_id=admin_id, role="admin", facts=changed)


def retire_theme(session: Session, admin_id: int, theme: Theme, seen: datetime) -> None:
    """New issues no longer choose it; what was filed under it stays."""
    _change(session, theme, seen, {"retired_at": now()})
    write_down(session, "theme.retired", "theme", theme.id, actor_id=admin_id, role="admin")


def bring_theme_back(session: Session, admin_id: int, theme: Theme, seen: datetime) -> None:
    _change(session, theme, seen, {"retired_at": None})
    write_down(session, "theme.brought-back", "theme", theme.id, actor_id=admin_id, role="admin")


def _change(session: Session, theme: Theme, seen: datetime, fields: dict[str, Any]) -> None:
    unchanged = update(Theme).where(col(Theme.id) == theme.id, col(Theme.updated_at) == seen)
    if not count_changed(session, unchanged.values(updated_at=now(), **fields)):
        raise Conflict(OVERTAKEN)


def add_goal(session: Session, admin_id: int, theme: Theme, fields: Mapping[str, Any]) -> Goal:
    goal = Goal(theme_id=theme.id, **fields)
    session.add(goal)
    session.flush()
    facts = {"goal": goal.id, "text": goal.text_nl}
    write_down(session, "goal.added", "theme", theme.id, actor_id=admin_id, role="admin", facts=facts)
    return goal


def change_goal(
    session: Session, admin_id: int, goal: Goal, fields: Mapping[str, Any], seen: Mapping[str, Any]
) -> None:
    """Raises Conflict when it no longer says what the person `seen`."""
    unchanged = update(Goal).where(col(Goal.id) == goal.id, *(getattr(Goal, name) == seen[name] for name in fields))
    changed = changes_in(goal, fields)
    if not count_changed(session, unchanged.values(**fields)):
        raise Conflict(OVERTAKEN)
    if changed:
        facts = {"goal": goal.id, **changed}
        write_down(session, "goal.changed", "theme", goal.theme_id, actor_id=admin_id, role="admin", facts=facts)


def retire_goal(session: Session, admin_id: int, goal: Goal) -> None:
    """Pilots that serve it keep it; new ones no longer choose it. Twice is once."""
    current = update(Goal).where(col(Goal.id) == goal.id, col(Goal.retired_at).is_(None))
    if count_changed(session, current.values(retired_at=now())):
        facts = {"goal": goal.id}
        write_down(session, "goal.retired", "theme", goal.theme_id, actor_id=admin_id, role="admin", facts=facts)


def bring_goal_back(session: Session, admin_id: int, goal: Goal) -> None:
    retired = update(Goal).where(col(Goal.id) == goal.id, col(Goal.retired_at).is_not(None))
    if count_changed(session, retired.values(retired_at=None)):
        facts = {"goal": goal.id}
        write_down(session, "goal.brought-back", "theme", goal.theme_id, actor_id=admin_id, role="admin", facts=facts)
