"""Pilots with their stages, themes and goals, as rows."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from app.core.language import search_document
from app.demo.volume.alerts import pilot_follows
from app.demo.volume.bulk import Row, stored
from app.demo.volume.places import Street
from app.demo.volume.wording import LANGUAGES, Kind, all_kinds
from app.pilots.models import Stage

GATE_AFTER = timedelta(days=60)
RADIUS_M = (300, 1500)
REASONS = {
    "nl": "Wat er voor deze stap moest liggen, ligt er. Het besluit en de lessen staan bij de proef.",
    "en": "What this step asks for is there. The decision and the lessons are with the pilot.",
}


class PilotWriter:
    """`goals` are numbers of goals by theme; `by_theme` collects the numbers of the pilots written."""

    def __init__(
        self,
        ids: dict[str, int],
        rng: Random,
        streets: Sequence[Street],
        goals: Mapping[int, Sequence[int]],
        people: Sequence[int],
    ) -> None:
        self.ids, self.rng, self.streets, self.goals, self.people = ids, rng, streets, goals, people
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.by_theme: dict[str, list[int]] = defaultdict(list)

    def add_pilot(self, began: datetime, until: datetime, themes: dict[str, int]) -> None:
        kind = self.rng.choice(all_kinds(self.rng.choice(LANGUAGES)))
        number, content, thread = (self._next(table) for table in ("pilot", "content", "thread"))
        stages = self._stages()
        latest = self._tell(number, kind.language, stages, began, until)
        self.rows["content"].append((content, "pilot", None, kind.language, "visible", stored(began)))
        self.rows["thread"].append((thread, True))
        self._write(number, content, thread, kind, stages[-1], began, latest)
        self.rows["pilot_follow"] += pilot_follows(number, self.people, latest)
        self._serve(number, themes[kind.theme], list(themes.values()))
        self.by_theme[kind.theme].append(number)

    def take_rows(self) -> dict[str, list[Row]]:
        rows, self.rows = self.rows, defaultdict(list)
        return rows

    def _next(self, table: str) -> int:
        number = self.ids[table]
        self.ids[table] = number + 1
        return number

    def _stages(self) -> list[Stage]:
        """An idea at least; one in eight stops somewhere."""
        passed = list(Stage)[: self.rng.randint(1, 5)]
        return [*passed, Stage.STOPPED] if self.rng.random() < 0.125 else passed

    def _tell(self, number: int, language: str, stages: list[Stage], began: datetime, until: datetime) -> datetime:
        """Returns the moment of the latest stage."""
        moment = began
        for place, stage in enumerate(stages):
            if place:
                moment += min(GATE_AFTER, until - moment) * self.rng.random()
            facts = json.dumps({"stage": stage, "decision": "stop" if stage is Stage.STOPPED else "pass"})
            self.rows["timeline_entry"].append(
                (
                    "pilot",
                    number,
                    f"stage.{stage}",
                    facts,
                    REASONS[language],
                    language,
                    None,
                    True,
                    stored(moment),
                )
            )
        return moment

    def _write(
        self,
        number: int,
        content: int,
        thread: int,
        kind: Kind,
        stage: Stage,
        began: datetime,
        latest: datetime,
    ) -> None:
        street = self.rng.choice(self.streets)
        title, problem = (text.format(area=street.area) for text in (kind.pilot_title, kind.pilot_problem))
        self.rows["pilot"].append(
            (
                number, content, thread, title, problem, kind.language, str(stage), street.lat, street.lon,
                self.rng.randint(*RADIUS_M), json.dumps(kind.keywords, ensure_ascii=False),
                search_document(title, problem, kind.language), True, stored(began), stored(latest),
            )
        )  # fmt: skip

    def _serve(self, number: int, theme: int, themes: list[int]) -> None:
        second = self.rng.choice(themes)
        self.rows["pilot_theme"] += [(number, each) for each in {theme: None, second: None}]
        if self.goals.get(theme):
            self.rows["pilot_goal"].append((number, self.rng.choice(self.goals[theme])))
