"""What a process remembers of themes, pilots and the thesaurus, made anew as soon as one of them has changed."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, literal, union_all
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.cards.models import ImportedCard
from app.core.i18n import LOCALES
from app.matching.engine.meaning import ThemeConcepts
from app.matching.engine.problem import Point, Profile
from app.matching.engine.profiles import ProfileIndex
from app.matching.models import CityConcept, CityExpression, GrownExpression
from app.matching.thesaurus.concepts import Concept, shipped_concepts
from app.matching.thesaurus.expressions import Thesaurus
from app.matching.thesaurus.of_the_city import concepts_of_city
from app.pilots.models import Pilot, PilotTheme, Stage
from app.themes.models import Theme

MOST_CARDS = 1_000  # the newest
Stamp = tuple[Any, ...]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Remembered:
    stamp: Stamp
    made: Any


_themes: WeakKeyDictionary[Engine, Remembered] = WeakKeyDictionary()
_pilots: WeakKeyDictionary[Engine, Remembered] = WeakKeyDictionary()
_cards: WeakKeyDictionary[Engine, Remembered] = WeakKeyDictionary()
_thesauri: WeakKeyDictionary[Engine, Remembered] = WeakKeyDictionary()
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Memory:
    thesaurus: Thesaurus
    themes: ProfileIndex
    pilots: ProfileIndex
    cards: ProfileIndex
    grown: Stamp


def memory_of(session: Session) -> Memory:
    of_thesaurus, of_themes, of_pilots, of_cards, of_what_grew = _stamps(session)
    thesaurus = _remember(session, _thesauri, of_thesaurus, lambda: _thesaurus(concepts_of_city(session)))

    def themes() -> ProfileIndex:
        return _theme_index(tuple(_theme_profiles(session)), thesaurus)

    def pilots() -> ProfileIndex:
        return ProfileIndex(_pilot_profiles(session), thesaurus)

    ours = _remember(session, _pilots, (*of_pilots, *of_thesaurus), pilots)

    def cards() -> ProfileIndex:
        return ProfileIndex(_card_profiles(session), thesaurus, beside=ours)

    return Memory(
        thesaurus,
        _remember(session, _themes, (*of_themes, *of_thesaurus), themes),
        ours,
        _remember(session, _cards, (*of_cards, *of_pilots, *of_themes, *of_thesaurus), cards),
        of_what_grew,
    )


def _thesaurus(concepts: Sequence[Concept]) -> Thesaurus:
    """Of what the product ships there is one per process, however many databases it works on."""
    return shipped_thesaurus() if concepts is shipped_concepts() else Thesaurus(concepts)


@cache
def shipped_thesaurus() -> Thesaurus:
    return Thesaurus(shipped_concepts())


@lru_cache(maxsize=2)
def _theme_index(profiles: tuple[Profile, ...], thesaurus: Thesaurus) -> ProfileIndex:
    return ProfileIndex(profiles, thesaurus, ThemeConcepts)


def stamp_of_profiles(session: Session) -> Stamp:
    """Another as soon as a theme, a pilot, a card or what people wrote into the thesaurus has changed."""
    return tuple(part for stamp in _stamps(session)[:-1] for part in stamp)


def _stamps(session: Session) -> tuple[Stamp, Stamp, Stamp, Stamp, Stamp]:
    """Of the thesaurus, the themes, the pilots, the cards of other cities, and what the thesaurus learned.

    Hiding a pilot is no change to its text, so that is counted.
    """
    rows = session.execute(_stamp_statement(session.get_bind().dialect.name))
    of: dict[str, Stamp] = {name: tuple(stamp) for name, *stamp in rows}
    return (
        (*of["city_concept"], *of["city_expression"]),
        of["theme"],
        (*of["pilot"], *of["visible"]),
        of["imported_card"],
        of["grown_expression"],
    )


@cache
def _stamp_statement(dialect: str) -> Any:
    """Per table a row, another as soon as a row comes, goes or is changed, in whatever order that was committed."""
    counted: list[Any] = []
    for table in (CityConcept, CityExpression, Theme, Pilot, ImportedCard, GrownExpression):
        named: Any = table
        moment = func.julianday(named.updated_at) if dialect == "sqlite" else func.extract("epoch", named.updated_at)
        seen = (literal(named.__tablename__), func.count(), func.max(named.id), func.sum(moment))
        counted.append(select_columns(*seen))
    visible = select_columns(literal("visible"), func.count(), func.sum(Pilot.id), literal(0)).where(col(Pilot.visible))
    return union_all(*counted, visible)


def _remember(
    session: Session, memory: WeakKeyDictionary[Engine, Remembered], stamp: Stamp, make: Callable[[], Made]
) -> Made:
    engine = session.get_bind().engine
    known = memory.get(engine)
    if known is None or known.stamp != stamp:
        with _one_at_a_time:
            known = memory.get(engine)
            if known is None or known.stamp != stamp:
                known = memory[engine] = Remembered(stamp, make())
    return cast(Made, known.made)


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
            slug=theme.slug,
        )
        for theme in session.exec(select(Theme).where(col(Theme.retired_at).is_(None)).order_by(col(Theme.id))).all()
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


def _card_profiles(session: Session) -> Sequence[Profile]:
    """As pilots, by number with a minus; tied to no place here."""
    ours = {theme.slug: theme.id for theme in session.exec(select(Theme)).all()}
    there: Any = ImportedCard
    candidates = (
        select_columns(there.id, there.language, there.title, there.problem, there.themes)
        .where(there.visible, there.gone_at.is_(None), there.stage != Stage.STOPPED)
        .order_by(there.id.desc())
        .limit(MOST_CARDS)
    )
    return [
        Profile(
            key=-card.id,
            texts=((card.language if card.language in LOCALES else "", f"{card.title}. {card.problem}"),),
            theme_ids=tuple(sorted(ours[slug] for slug in set(card.themes) if slug in ours)),
        )
        for card in session.execute(candidates)
    ]
