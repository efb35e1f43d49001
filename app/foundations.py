"""What every new city starts with: the five themes with their goals, and the first house rules."""

import json
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from app.accounts.models import HouseRules
from app.core.db import Database
from app.migrate import one_at_a_time
from app.themes.models import Goal, Theme

THEMES = Path(__file__).parent / "themes" / "default_themes.json"
RULES = Path(__file__).parent / "accounts" / "default_house_rules.json"


def lay_foundations(database: Database) -> None:
    """Fills what is empty; a city's own choices are never overwritten. Safe from several processes at once."""
    with one_at_a_time(database), database.session() as session:
        if session.exec(select(Theme.id).limit(1)).first() is None:
            add_themes(session, json.loads(THEMES.read_text())["themes"])
        if session.exec(select(HouseRules.version).limit(1)).first() is None:
            rules = json.loads(RULES.read_text())
            session.add(HouseRules(version=1, text_nl=rules["text_nl"], text_en=rules["text_en"]))


def add_themes(session: Session, themes: list[dict[str, Any]]) -> None:
    for position, described in enumerate(themes, start=1):
        fields = {name: value for name, value in described.items() if name in Theme.model_fields}
        theme = Theme(**{"position": position, "icon": described["slug"], **fields})
        session.add(theme)
        session.flush()
        for goal in described.get("goals", []):
            session.add(Goal(theme_id=theme.id, **goal))
