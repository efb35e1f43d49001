"""The demo's files, and the moments they speak of, counted back from today."""

import json
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from app.core.clock import now
from app.core.i18n import TIME_ZONE

CONTENT = Path(__file__).parent / "content"
OPENED_DAYS_AGO = 430
MIDDAY = "12:00"


def read_story(name: str) -> Any:
    return json.loads((CONTENT / name).read_text("utf-8"))


def moment_of(entry: dict[str, Any]) -> datetime:
    """When it happened, by the city's clock; `days_ago` is at least 1, so it lies in the past."""
    day = now().astimezone(TIME_ZONE).date() - timedelta(days=entry["days_ago"])
    return datetime.combine(day, time.fromisoformat(entry.get("time", MIDDAY)), TIME_ZONE)


@cache
def read_wording() -> Any:
    """What the generator of `buurtlab fill` puts its texts together from."""
    return json.loads((CONTENT.parent / "volume" / "wording.json").read_text("utf-8"))
