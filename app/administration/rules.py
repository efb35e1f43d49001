"""House rules come in versions: who signs in accepts the newest one that holds."""

from datetime import date, datetime, time

from sqlmodel import Session

from app.accounts.models import HouseRules
from app.activity.actions import write_down
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import TIME_ZONE, _
from app.core.writes import insert_once


def write_rules(session: Session, admin_id: int, text_nl: str, text_en: str, since: date | None, seen: int) -> int:
    """The new version; raises Conflict when somebody else wrote one since the person saw version `seen`."""
    version = seen + 1
    if not insert_once(session, HouseRules, version=version, text_nl=text_nl, text_en=text_en, since=_moment_of(since)):
        raise Conflict(_("Somebody else wrote a new version in the meantime. Read it below, then write yours."))
    facts = {"version": version, "since": since.isoformat() if since else "now"}
    write_down(session, "house_rules.written", "house_rules", version, actor_id=admin_id, role="admin", facts=facts)
    return version


def _moment_of(since: date | None) -> datetime:
    """The beginning of that day in the city, or now when it has begun already."""
    begins = datetime.combine(since, time(), TIME_ZONE) if since else now()
    return max(begins, now())
