"""A city in memory, for tests of the engine alone."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from app.core.language import search_document
from app.matching.engine.corpus import Weights
from app.matching.engine.meaning import ThemeConcepts
from app.matching.engine.problem import Candidate, Point, Problem, Profile
from app.matching.engine.profiles import ProfileIndex
from app.matching.engine.sense import NO_SENSE, Sense
from app.matching.engine.talk import SILENCE, Talk
from app.matching.thesaurus.concepts import shipped_concepts
from app.matching.thesaurus.expressions import Thesaurus

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SAFETY, MOBILITY, NATURE = 1, 2, 3
LIGHT_PILOT, RAIN_PILOT = 1, 2
PATH = Point(52.1000, 4.2700)

THEMES = (
    Profile(
        SAFETY,
        (("nl", "Veiligheid. Je veilig voelen op straat, ook in het donker, zonder overlast en herrie."),),
        (("nl", "straatverlichting"), ("nl", "bang in het donker"), ("en", "street light")),
    ),
    Profile(MOBILITY, (("nl", "Verkeer. Fietsen, lopen, parkeren en de bus."),), (("nl", "fietsenstalling"),)),
    Profile(NATURE, (("nl", "Natuur en milieu. Bomen, water, hitte en afval."),), (("nl", "wateroverlast"),)),
)
PILOTS = (
    Profile(
        LIGHT_PILOT,
        (("nl", "Licht op het fietspad. Fietsers mijden na zonsondergang het onverlichte fietspad."),),
        point=PATH,
        radius_m=300.0,
        theme_ids=(SAFETY,),
    ),
    Profile(
        RAIN_PILOT,
        (("nl", "Droge kelders. Na een hoosbui staat het water in kelders en souterrains."),),
        (("nl", "ondergelopen kelder"),),
        point=Point(52.1100, 4.2900),
        radius_m=500.0,
        theme_ids=(NATURE,),
    ),
)


@cache
def shipped_thesaurus() -> Thesaurus:
    return Thesaurus(shipped_concepts())


class MemoryCorpus:
    def __init__(
        self,
        themes: Sequence[Profile] = THEMES,
        pilots: Sequence[Profile] = PILOTS,
        issues: Sequence[Candidate] = (),
        cards: Sequence[Profile] = (),
    ) -> None:
        self.thesaurus = shipped_thesaurus()
        self.themes = ProfileIndex(themes, self.thesaurus, ThemeConcepts)
        self.pilots = ProfileIndex(pilots, self.thesaurus)
        self.cards = ProfileIndex(cards, self.thesaurus)
        self.issues = issues
        self.weights: dict[str, Weights] = {}
        self.learned = 0
        self.talk = SILENCE
        self.senses = NO_SENSE
        self.linked: dict[int, dict[str, float]] = {}

    def word_counts(self, stems: Collection[str]) -> tuple[int, Mapping[str, int]]:
        """As in a city with a thousand issues, of which only a few are of interest here."""
        return 1_000, {stem: sum(stem in each.stems for each in self.issues) for stem in stems}

    def candidates(self, stems: Mapping[str, float], point: Point | None) -> Sequence[Candidate]:
        return self.issues

    def theme_weights(self, features: Collection[str]) -> Mapping[str, Weights]:
        return {feature: self.weights[feature] for feature in features if feature in self.weights}

    def lessons(self) -> int:
        return self.learned

    def temperature(self) -> float:
        return 1.0

    def sense(self, text: str, issue_ids: Collection[int]) -> Sense:
        return self.senses

    def talk_about(self, issue_id: int) -> Talk:
        return self.talk

    def pilot_concepts(self, codes: Collection[str]) -> Mapping[int, Mapping[str, float]]:
        return {pilot: weights for pilot, weights in self.linked.items() if weights.keys() & codes}


def problem(title: str, text: str = "", point: Point | None = None, language: str = "nl") -> Problem:
    lat, lon = point or (None, None)
    return Problem(title=title, text=text, language=language, lat=lat, lon=lon, created=NOON)


def earlier(
    issue_id: int,
    title: str,
    point: Point | None = PATH,
    days: float = 1.0,
    theme_id: int | None = None,
    pilot_ids: tuple[int, ...] = (),
    rejected_pilot_ids: tuple[int, ...] = (),
    is_open: bool = True,
) -> Candidate:
    return Candidate(
        issue_id=issue_id,
        stems=frozenset(search_document(title, "", "nl").split()),
        created=NOON - timedelta(days=days),
        point=point,
        theme_id=theme_id,
        pilot_ids=pilot_ids,
        rejected_pilot_ids=rejected_pilot_ids,
        is_open=is_open,
    )


def north_of(point: Point, metres: float) -> Point:
    return Point(point.lat + metres / 111_320, point.lon)
