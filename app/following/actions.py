"""Following pilots, and asking for digests of new issues."""

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col, func, select

from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.writes import insert_once
from app.following.models import Alert, Pace, PilotFollow
from app.following.pace import next_mail
from app.following.queries import count_alerts
from app.issues.models import Issue

MOST_ALERTS = 20


def follow_pilot(session: Session, person_id: int, pilot_id: int) -> None:
    insert_once(session, PilotFollow, pilot_id=pilot_id, person_id=person_id, created_at=now())


def stop_following_pilot(session: Session, person_id: int, pilot_id: int) -> None:
    gone = delete(PilotFollow).where(col(PilotFollow.pilot_id) == pilot_id, col(PilotFollow.person_id) == person_id)
    session.execute(gone)


def watch_theme(session: Session, person_id: int, theme_id: int, pace: Pace) -> None:
    _watch(session, person_id, pace, theme_id=theme_id)


def watch_neighbourhood(session: Session, person_id: int, neighbourhood_id: int, pace: Pace) -> None:
    _watch(session, person_id, pace, neighbourhood_id=neighbourhood_id)


def watch_place(session: Session, person_id: int, lat: float, lon: float, radius_m: int, name: str, pace: Pace) -> None:
    """Asked for again, it takes the new distance and name."""
    point = {"lat": round(lat, 5), "lon": round(lon, 5)}
    _watch(session, person_id, pace, **point)
    there = update(Alert).where(col(Alert.person_id) == person_id, *_same(**point))
    session.execute(there.values(radius_m=radius_m, name=name))


def _watch(session: Session, person_id: int, pace: Pace, **place: float) -> None:
    """Only what is filed from now on is told; asked for again, it takes the new pace."""
    if count_alerts(session, person_id) >= MOST_ALERTS:
        raise Conflict(_("You can have %(most)s alerts at most. Take one away first.", most=MOST_ALERTS))
    is_new = insert_once(
        session, Alert, person_id=person_id, **place, name="", pace=pace, told_up_to=_newest(session),
        due_at=next_mail(pace), created_at=now(),
    )  # fmt: skip
    if not is_new:
        theirs = select(Alert).where(Alert.person_id == person_id, *_same(**place))
        change_pace(session, session.exec(theirs).one(), pace)


def _newest(session: Session) -> int:
    return session.exec(select(func.max(Issue.id))).one() or 0


def _same(**place: float) -> list[ColumnElement[bool]]:
    return [col(getattr(Alert, name)) == value for name, value in place.items()]


def change_pace(session: Session, alert: Alert, pace: Pace) -> None:
    """What was filed while it stood still is not made up for."""
    if alert.pace is Pace.NEVER:
        alert.told_up_to = _newest(session)
    alert.pace, alert.due_at = pace, next_mail(pace)
    session.add(alert)
    session.flush()


def stop_watching(session: Session, person_id: int, **place: int) -> None:
    session.execute(delete(Alert).where(col(Alert.person_id) == person_id, *_same(**place)))


def stop_all_alerts(session: Session, person_id: int) -> None:
    """They stay on the list, so that they can be taken up again."""
    theirs = update(Alert).where(col(Alert.person_id) == person_id)
    session.execute(theirs.values(pace=Pace.NEVER, due_at=None))
