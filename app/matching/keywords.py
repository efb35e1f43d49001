"""Keywords of themes and pilots, which the team keeps; the next issue is matched with them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from app.activity.actions import write_down
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.writes import count_changed
from app.pilots.models import Pilot
from app.themes.models import Theme

CHANGED_MEANWHILE = _(
    "Somebody else changed these keywords in the meantime. Look at them below, then change them again."
)


def set_theme_keywords(
    session: Session,
    actor_id: int,
    theme: Theme,
    keywords_nl: Sequence[str],
    keywords_en: Sequence[str],
    seen: datetime,
) -> None:
    """Raises Conflict when the theme was changed since `seen`."""
    _set(session, Theme, theme.id, seen, keywords_nl=list(keywords_nl), keywords_en=list(keywords_en))
    changed = {**_difference("nl", theme.keywords_nl, keywords_nl), **_difference("en", theme.keywords_en, keywords_en)}
    write_down(session, "theme.keywords", "theme", theme.id, actor_id=actor_id, role="team", facts=changed)


def set_pilot_keywords(session: Session, actor_id: int, pilot: Pilot, keywords: Sequence[str], seen: datetime) -> None:
    """Raises Conflict when the pilot was changed since `seen`."""
    _set(session, Pilot, pilot.id, seen, keywords=list(keywords))
    changed = _difference(pilot.language, pilot.keywords, keywords)
    write_down(session, "pilot.keywords", "pilot", pilot.id, actor_id=actor_id, role="team", facts=changed)


def _set(session: Session, table: Any, key: int, seen: datetime, **columns: Any) -> None:
    unchanged = update(table).where(col(table.id) == key, col(table.updated_at) == seen)
    if not count_changed(session, unchanged.values(updated_at=now(), **columns)):
        raise Conflict(CHANGED_MEANWHILE)


def _difference(language: str, before: Sequence[str], after: Sequence[str]) -> dict[str, list[str]]:
    return {
        f"added_{language}": [word for word in after if word not in before],
        f"removed_{language}": [word for word in before if word not in after],
    }
