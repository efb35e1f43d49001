"""The city's data as the matching engine reads it: look-ups in indexes, on SQLite and PostgreSQL alike."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Row, and_, literal, text, union_all
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.core.among import among, among_given
from app.issues.models import CLOSED, Issue
from app.matching.engine.corpus import Weights
from app.matching.engine.learning import UNIT
from app.matching.engine.problem import Candidate, Point
from app.matching.engine.sense import NO_SENSE, Sense
from app.matching.engine.talk import Talk
from app.matching.growing.memory import with_what_grew
from app.matching.knowledge.embeddings import encoder
from app.matching.knowledge.listening import listen
from app.matching.knowledge.profile_memory import Memory
from app.matching.knowledge.vectors import sense_of
from app.matching.models import (
    CardMatch,
    MatchingProgress,
    PilotConcept,
    PilotMatch,
    State,
    ThemeMatch,
    ThemeWord,
    WordCount,
)
from app.pilots.models import PilotIssue
from app.places.grid import cells_within

WORDS_SEARCHED = 10
ISSUES_PER_WORD = 200
ISSUES_PER_CELL = 60
NEARBY_M = 300.0
MOST_BY_WORDS = 120
ISSUES_COUNTED = "issues counted"
LESSONS = "lessons learned"  # and not taken back
TAUGHT = "lessons given or taken back"
TEMPERATURE = "thousandths of temperature"
LINKS_DOUBTED = 1.0  # so little says the first link about a concept
ByIssue = Mapping[int, Sequence[int]]


# Somebody is typing: putting these together takes longer than running them.
PROGRESS: Any = select(MatchingProgress.name, MatchingProgress.upto)
COUNTED: Any = select(WordCount.word, WordCount.issues).where(among_given(WordCount.word, "stems"))
LEARNED: Any = select(ThemeWord.feature, ThemeWord.weights).where(among_given(ThemeWord.feature, "features"))
LINKED_ABOUT: Any = select(
    PilotConcept.pilot_id, PilotConcept.concept, PilotConcept.confirmed, PilotConcept.rejected
).where(among_given(PilotConcept.concept, "codes"))
# By issue: the pilots that it was linked to (True) and those that were refused.
DECIDED: Any = union_all(
    select_columns(col(PilotIssue.issue_id), col(PilotIssue.pilot_id), literal(True)).where(
        among_given(PilotIssue.issue_id, "ids")
    ),
    select_columns(col(PilotMatch.issue_id), col(PilotMatch.pilot_id), literal(False)).where(
        among_given(PilotMatch.issue_id, "ids"), col(PilotMatch.state) == State.REJECTED
    ),
)
CARDS_DECIDED: Any = select(CardMatch.issue_id, CardMatch.card_id, CardMatch.state == State.CONFIRMED).where(
    among_given(CardMatch.issue_id, "ids"), CardMatch.state != State.SUGGESTED
)
EARLIER: Any = (
    select_columns(
        col(Issue.id), col(Issue.search_stems), col(Issue.created_at), col(Issue.lat), col(Issue.lon),
        col(Issue.neighbourhood_id), col(Issue.status), col(ThemeMatch.theme_id), col(Issue.merged_into),
    )
    .join(
        ThemeMatch,
        and_(col(ThemeMatch.issue_id) == col(Issue.id), col(ThemeMatch.state) == State.CONFIRMED),
        isouter=True,
    )
    .where(among_given(Issue.id, "ids"), col(Issue.visible), col(Issue.is_matched))
    .order_by(col(Issue.id).desc())
)  # fmt: skip


class CityCorpus:
    """One session's view. Profiles of themes and pilots are passed in, because a process keeps those."""

    def __init__(self, session: Session, memory: Memory) -> None:
        self._session = session
        self._memory = memory
        self.thesaurus = with_what_grew(session, memory)
        self.themes = memory.themes
        self.pilots = memory.pilots
        self.cards = memory.cards
        self._linked_about: dict[frozenset[str], Mapping[int, Mapping[str, float]]] = {}

    @cached_property
    def _progress(self) -> Mapping[str, int]:
        return {name: upto for name, upto in self._session.execute(PROGRESS)}

    def word_counts(self, stems: Collection[str]) -> tuple[int, Mapping[str, int]]:
        rows = self._session.execute(COUNTED, {"stems": stems})
        return self._progress.get(ISSUES_COUNTED, 0), {word: issues for word, issues in rows}

    def theme_weights(self, features: Collection[str]) -> Mapping[str, Weights]:
        rows = self._session.execute(LEARNED, {"features": features})
        return {feature: {int(theme): weight * UNIT for theme, weight in weights.items()} for feature, weights in rows}

    def lessons(self) -> int:
        return self._progress.get(LESSONS, 0)

    def temperature(self) -> float:
        return (self._progress.get(TEMPERATURE) or 1000) / 1000

    def pilot_concepts(self, codes: Collection[str]) -> Mapping[int, Mapping[str, float]]:
        """Remembered, since every pilot that is explained asks again."""
        asked = frozenset(codes)
        if asked not in self._linked_about:
            found: dict[int, dict[str, float]] = defaultdict(dict)
            for pilot_id, code, confirmed, rejected in self._session.execute(LINKED_ABOUT, {"codes": asked}):
                found[pilot_id][code] = (confirmed - rejected) / (confirmed + rejected + LINKS_DOUBTED)
            self._linked_about[asked] = found
        return self._linked_about[asked]

    def sense(self, text: str, issue_ids: Collection[int]) -> Sense:
        model = encoder()
        return sense_of(self._session, self._memory, model, text, issue_ids) if model and text.strip() else NO_SENSE

    def talk_about(self, issue_id: int) -> Talk:
        return listen(self._session, issue_id, self.thesaurus)

    def candidates(self, stems: Mapping[str, float], point: Point | None) -> Sequence[Candidate]:
        by_words, nearby = self._candidate_ids(stems, point)
        ids = {*by_words, *nearby}
        linked, rejected = self._pilots_of(ids)
        rows = self._session.execute(EARLIER, {"ids": ids}).all()
        open_ones = self._open_among({row.merged_into for row in rows if row.merged_into})
        return [_as_candidate(row, linked, rejected, open_ones) for row in rows]

    def _candidate_ids(self, stems: Mapping[str, float], point: Point | None) -> tuple[list[int], list[int]]:
        searched = sorted(stems, key=lambda stem: (-stems[stem], stem))[:WORDS_SEARCHED]
        cells = cells_within(*point, NEARBY_M) if point else []
        if not searched and not cells:
            return [], []
        dialect = self._session.get_bind().dialect.name
        values: dict[str, str | int] = {f"stem{at}": term(stem, dialect) for at, stem in enumerate(searched)}
        values |= {f"cell{at}": cell for at, cell in enumerate(cells)}
        statement = candidate_statement(dialect, len(searched), len(cells))
        weight: dict[int, float] = defaultdict(float)
        nearby: list[int] = []
        for at, issue_id in self._session.execute(text(statement), values).all():
            if at < 0:
                nearby.append(issue_id)
            else:
                weight[issue_id] += stems[searched[at]]
        best = sorted(weight, key=lambda issue_id: (-weight[issue_id], -issue_id))[:MOST_BY_WORDS]
        return best, nearby

    def _open_among(self, ids: Collection[int]) -> set[int]:
        """Which of the issues that others were merged into can still be supported."""
        if not ids:
            return set()
        there = select(Issue.id).where(among(Issue.id, ids), col(Issue.visible), col(Issue.status).not_in(CLOSED))
        return set(self._session.exec(there).all())

    def _pilots_of(self, ids: Collection[int]) -> tuple[ByIssue, ByIssue]:
        """Those that they were linked to, and those that were refused; cards by their number with a minus."""
        linked: dict[int, list[int]] = defaultdict(list)
        rejected: dict[int, list[int]] = defaultdict(list)
        decided = [tuple(row) for row in self._session.execute(DECIDED, {"ids": ids})]
        if self.cards.profiles:  # where no city was asked for cards, nothing is asked here
            cards = self._session.execute(CARDS_DECIDED, {"ids": ids})
            decided += [(issue_id, -card_id, confirmed) for issue_id, card_id, confirmed in cards]
        for issue_id, pilot_id, confirmed in sorted(decided):
            (linked if confirmed else rejected)[issue_id].append(pilot_id)
        return linked, rejected


def term(stem: str, dialect: str) -> str:
    """One term of an FTS5 or tsquery expression; a stem has letters and digits only, so nothing to escape."""
    return f'"{stem}"' if dialect == "sqlite" else f"'{stem}'"


def candidate_statement(dialect: str, stems: int, cells: int) -> str:
    """One statement for all look-ups: (number of the stem, or -1 for nearby; issue id)."""
    if dialect == "sqlite":
        by_word = (
            "SELECT {at} AS at, rowid AS id FROM issue_search WHERE issue_search MATCH :stem{at}"
            f" ORDER BY rowid DESC LIMIT {ISSUES_PER_WORD}"
        )
    else:
        by_word = (
            "SELECT {at} AS at, id FROM issue WHERE search_vector @@ CAST(:stem{at} AS tsquery)"
            f" ORDER BY id DESC LIMIT {ISSUES_PER_WORD}"
        )
    by_cell = (
        f"SELECT -1 AS at, id FROM issue WHERE cell = :cell{{at}} ORDER BY created_at DESC LIMIT {ISSUES_PER_CELL}"
    )
    parts = [by_word.format(at=at) for at in range(stems)] + [by_cell.format(at=at) for at in range(cells)]
    return " UNION ALL ".join(f"SELECT at, id FROM ({part}) AS part{n}" for n, part in enumerate(parts))


def _as_candidate(row: Row[Any], linked: ByIssue, rejected: ByIssue, open_ones: Collection[int]) -> Candidate:
    issue_id, stems, created, lat, lon, neighbourhood_id, status, theme_id, merged_into = tuple(row)
    return Candidate(
        issue_id=issue_id,
        stems=frozenset(stems.split()),
        created=created,
        point=None if lat is None or lon is None else Point(lat, lon),
        neighbourhood_id=neighbourhood_id,
        is_open=merged_into in open_ones if merged_into else status not in CLOSED,
        theme_id=theme_id,
        pilot_ids=tuple(linked.get(issue_id, ())),
        rejected_pilot_ids=tuple(rejected.get(issue_id, ())),
        merged_into=merged_into,
    )
