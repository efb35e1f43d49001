"""How it was at first beside how it is now, in words."""

from app.core.i18n import Text, _
from app.measures.models import Direction, Indicator

MOST_PERCENT = 300
"""Above this, a percentage says less than the two numbers do."""


def change_in_words(indicator: Indicator) -> Text | None:
    """None while there is nothing to compare."""
    baseline, latest = indicator.baseline, indicator.latest
    if baseline is None or latest is None:
        return None
    said: dict[str, object] = {"first": baseline.value, "now": latest.value, "unit": indicator.unit}
    if latest.value == baseline.value:
        return _("%(now)s %(unit)s, the same as at the start.", **said)
    how = _better(indicator) if is_better(indicator) else _("worse")
    if share := _percent(baseline.value, latest.value):
        return _("From %(first)s to %(now)s %(unit)s: %(share)s; %(how)s.", **said, share=share, how=how)
    return _("From %(first)s to %(now)s %(unit)s: %(how)s.", **said, how=how)


def _better(indicator: Indicator) -> Text:
    return _("better, and the target is reached") if reached(indicator) else _("better")


def is_better(indicator: Indicator) -> bool:
    baseline, latest = indicator.baseline, indicator.latest
    if baseline is None or latest is None or baseline.value == latest.value:
        return False
    return (latest.value > baseline.value) is (indicator.better is Direction.HIGHER)


def reached(indicator: Indicator) -> bool:
    latest, target = indicator.latest, indicator.target
    if latest is None or target is None:
        return False
    return latest.value >= target if indicator.better is Direction.HIGHER else latest.value <= target


def _percent(first: float, now: float) -> Text | None:
    """None where a percentage says nothing: from zero, below zero, and where it would be huge."""
    if first <= 0 or now < 0:
        return None
    share = round((now - first) / first * 100)
    if share > MOST_PERCENT:
        return None
    if share == 0:
        return _("less than 1%% difference")
    is_more = now > first
    return _("%(percent)s%% more", percent=abs(share)) if is_more else _("%(percent)s%% less", percent=abs(share))
