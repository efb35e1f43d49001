"""The demo's files, and the moments they speak of, counted back from today."""

import json
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from app.core.i18n import TIME_ZONE, today
from app.demo.seasons import in_season

CONTENT = Path(__file__).parent / "content"
OPENED_DAYS_AGO = 735
MIDDAY = "12:00"


def read_story(name: str) -> Any:
    return json.loads((CONTENT / name).read_text("utf-8"))


def read_stories(folder: str) -> list[Any]:
    """All the files in a folder of the content, in the order of their names."""
    return [json.loads(path.read_text("utf-8")) for path in sorted((CONTENT / folder).glob("*.json"))]


def read_issues() -> list[dict[str, Any]]:
    """Every issue in the season that it speaks of, oldest first."""
    told = [issue for file in read_stories("issues") for issue in file["issues"]]
    return sorted((in_season(issue, today()) for issue in told), key=moment_of)


def day_of(days_ago: int) -> date:
    """A negative number lies ahead."""
    return today() - timedelta(days=days_ago)


def moment_of(entry: dict[str, Any]) -> datetime:
    """When it happened, by the city's clock; `days_ago` is at least 1, so it lies in the past."""
    return datetime.combine(day_of(entry["days_ago"]), time.fromisoformat(entry.get("time", MIDDAY)), TIME_ZONE)


@cache
def read_wording() -> Any:
    """What the generator of `buurtlab fill` puts its texts together from."""
    return json.loads((CONTENT.parent / "volume" / "wording.json").read_text("utf-8"))
