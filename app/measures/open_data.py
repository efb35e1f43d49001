"""What was measured, for everybody to work with."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from app.core.spreadsheets import harmless, table_of
from app.core.templates import iso
from app.measures.models import Indicator, Measurement
from app.pilots.models import Pilot

LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
COLUMNS = (
    "pilot", "indicator", "name", "unit", "source", "better", "target", "date", "value", "is_baseline", "note",
    "licence",
)  # fmt: skip


def as_csv(pilot: Pilot, indicators: Sequence[Indicator]) -> str:
    rows = (_row(pilot, indicator, each) for indicator in indicators for each in indicator.measurements)
    return table_of(COLUMNS, rows)


def _row(pilot: Pilot, indicator: Indicator, measured: Measurement) -> Iterable[object]:
    return (
        pilot.id,
        indicator.id,
        harmless(indicator.name),
        harmless(indicator.unit),
        harmless(indicator.source),
        indicator.better.value,
        plain(indicator.target),
        measured.taken_on.isoformat(),
        plain(measured.value),
        "yes" if measured.is_baseline else "no",
        harmless(measured.note),
        LICENCE,
    )


def plain(number: float | None) -> str:
    """With a point, without groups and without an exponent."""
    if number is None:
        return ""
    digits = format(Decimal(repr(number)), "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def as_json(pilot: Pilot, indicators: Sequence[Indicator], base_url: str) -> dict[str, Any]:
    return {
        "pilot": {"id": pilot.id, "title": pilot.title, "url": f"{base_url}/pilots/{pilot.id}"},
        "licence": LICENCE,
        "indicators": [_indicator(indicator) for indicator in indicators],
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return {
        "id": indicator.id,
        "name": indicator.name,
        "unit": indicator.unit,
        "source": indicator.source,
        "better": indicator.better,
        "target": indicator.target,
        "retiredAt": iso(indicator.retired_at) if indicator.retired_at else None,
        "measurements": [
            {
                "date": each.taken_on.isoformat(),
                "value": each.value,
                "isBaseline": each.is_baseline,
                "note": each.note,
            }
            for each in indicator.measurements
        ],
    }
