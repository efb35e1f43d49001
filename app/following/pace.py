"""When the next batch of mail goes: in the morning, in the city's time."""

from datetime import datetime, time, timedelta

from app.core.clock import now
from app.core.i18n import TIME_ZONE
from app.following.models import Pace

MORNING = time(7, 30)
MONDAY = 0


def next_mail(pace: Pace) -> datetime | None:
    """None when there is to be none."""
    match pace:
        case Pace.AT_ONCE:
            return now()
        case Pace.DAILY:
            return _next_morning()
        case Pace.WEEKLY:
            morning = _next_morning()
            days = (MONDAY - morning.astimezone(TIME_ZONE).weekday()) % 7
            return _morning_of(morning + timedelta(days=days))
        case Pace.NEVER:
            return None


def _next_morning() -> datetime:
    today = _morning_of(now())
    return today if today > now() else _morning_of(now() + timedelta(days=1))


def _morning_of(moment: datetime) -> datetime:
    """On that day, whatever the clocks do in the night before."""
    return datetime.combine(moment.astimezone(TIME_ZONE).date(), MORNING, TIME_ZONE)
