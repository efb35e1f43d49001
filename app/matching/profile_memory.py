"""What a process remembers of the themes and pilots, made anew as soon as one of them has changed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.matching.problem import Point, Profile
from app.matching.profiles import ProfileIndex
from app.pilots.models import Pilot, PilotTheme, Stage
from app.themes.models import Theme


@dataclass(frozen=True, slots=True)
class Remembered:
    stamp: tuple[Any, ...]
    index: ProfileIndex


_themes: WeakKeyDictionary[Engine, Remembered] = WeakKeyDictionary()
_pilots: WeakKeyDictionary[Engine, Remembered] = WeakKeyDictionary()
_one_at_a_time = Lock()


def theme_index(session: Session) -> ProfileIndex:
    return _remember(session, _themes, _stamp(session, Theme), _theme_profiles)


def pilot_index(session: Session) -> ProfileIndex:
    return _remember(session, _pilots, _pilot_stamp(session), _pilot_profiles)


def stamp_of_profiles(session: Session) -> tuple[Any, ...]:
    """Another as soon as a theme or a pilot has changed."""
    return (*_stamp(session, Theme), *_pilot_stamp(session))


def _pilot_stamp(session: Session) -> tuple[Any, ...]:
    """Hiding a pilot is no change to its text, so its moment of change does not tell."""
    visible = session.execute(select_columns(func.count(), func.sum(Pilot.id)).where(col(Pilot.visible))).one()
    return (*_stamp(session, Pilot), *visible)


def _stamp(session: Session, table: type[Theme] | type[Pilot]) -> tuple[Any, ...]:
    """Another as soon as a row comes, goes or is changed, in whatever order the changes were committed."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    moment = col(table.updated_at)
    seconds = func.julianday(moment) if is_sqlite else func.extract("epoch", moment)
    return tuple(session.execute(select_columns(func.count(), func.max(col(table.id)), func.sum(seconds))).one())


def _remember(session: Session, memory: Any, stamp: tuple[Any, ...], make: Any) -> ProfileIndex:
    engine = session.get_bind().engine
    known: Remembered | None = memory.get(engine)
    if known is not None and known.stamp == stamp:
        return known.index
    with _one_at_a_time:
        known = memory.get(engine)
        if known is None or known.stamp != stamp:
            known = memory[engine] = Remembered(stamp, ProfileIndex(make(session)))
    return known.index


def _theme_profiles(session: Session) -> Sequence[Profile]:
    return [
        Profile(
            key=theme.id,
            texts=(
                ("nl", f"{theme.name_nl}. {theme.description_nl}"),
                ("en", f"{theme.name_en}. {theme.description_en}"),
            ),
            keywords=(
                *(("nl", keyword) for keyword in theme.keywords_nl),
                *(("en", keyword) for keyword in theme.keywords_en),
            ),
        )
        for theme in session.exec(select(Theme).order_by(col(Theme.id))).all()
    ]


def _pilot_profiles(session: Session) -> Sequence[Profile]:
    """A stopped pilot takes up nothing any more; an embedded one still answers the problem."""
    pilots = session.exec(
        select(Pilot).where(col(Pilot.visible), Pilot.stage != Stage.STOPPED).order_by(col(Pilot.id))
    ).all()
    themes: dict[int, list[int]] = defaultdict(list)
    for link in session.exec(select(PilotTheme).order_by(col(PilotTheme.theme_id))).all():
        themes[link.pilot_id].append(link.theme_id)
    return [
        Profile(
            key=pilot.id,
            texts=((pilot.language, f"{pilot.title}. {pilot.problem}"),),
            keywords=tuple((pilot.language, keyword) for keyword in pilot.keywords),
            point=Point(pilot.lat, pilot.lon) if pilot.lat is not None and pilot.lon is not None else None,
            radius_m=pilot.radius_m,
            theme_ids=tuple(themes[pilot.id]),
        )
        for pilot in pilots
    ]
