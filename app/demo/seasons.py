"""Nobody complains of hot sand in January: what belongs to a season happens in it, whatever day the demo is loaded."""

from datetime import date, timedelta
from typing import Any

WINDOWS = {
    "summer": ((6, 1), (9, 10)),
    "autumn": ((9, 25), (12, 5)),
    "winter": ((12, 1), (3, 1)),
    "new-year": ((1, 1), (1, 10)),
}
EARLIEST = 725
FARTHEST = 366


def in_season(story: dict[str, Any], today: date) -> dict[str, Any]:
    """The story itself, or all of it moved by as few days as bring its beginning into its season."""
    if "season" not in story:
        return story
    moves = sorted(range(-FARTHEST, FARTHEST + 1), key=abs)
    return next((_moved(story, days) for days in moves if _fits(story, today, days)), story)


def is_in(season: str, day: date) -> bool:
    first, last = WINDOWS[season]
    this = (day.month, day.day)
    return first <= this <= last if first <= last else this >= first or this <= last


def _fits(story: dict[str, Any], today: date, days: int) -> bool:
    """It still lies within the demo's two years, and its end in the past."""
    begins, ends = story["days_ago"] + days, _last_day(story) + days
    return ends >= 1 and begins <= EARLIEST and is_in(story["season"], today - timedelta(days=begins))


def _last_day(told: Any) -> int:
    if isinstance(told, list):
        return min(map(_last_day, told), default=FARTHEST * 2)
    if not isinstance(told, dict):
        return FARTHEST * 2
    return min([int(told.get("days_ago", FARTHEST * 2)), *map(_last_day, told.values())])


def _moved(told: Any, days: int) -> Any:
    if isinstance(told, list):
        return [_moved(each, days) for each in told]
    if not isinstance(told, dict):
        return told
    moved = {key: _moved(value, days) for key, value in told.items()}
    return moved | {"days_ago": told["days_ago"] + days} if "days_ago" in told else moved
