"""What changed, old and new, for the audit of what the city itself wrote."""

from collections.abc import Mapping
from typing import Any

MOST_TOLD = 300


def changes_in(row: Any, new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """By field the old value and the new one, of those that differ; long texts are cut."""
    return {
        name: [_told(getattr(row, name)), _told(value)] for name, value in new.items() if getattr(row, name) != value
    }


def _told(value: Any) -> Any:
    return value[:MOST_TOLD] + "…" if isinstance(value, str) and len(value) > MOST_TOLD else value
