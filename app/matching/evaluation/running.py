"""How good is the matching? Runs the site's own code on a directory of issues with known answers.

The city of that directory is built in a scratch database by the migrations; decisions are taken by the same
actions that the pages of the team call. The format is described in `docs/matching.md`.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlmodel import Session

from app.accounts.models import Person
from app.content.actions import publish
from app.content.models import Kind
from app.core.db import Database
from app.core.language import guess_language, search_document
from app.discussions.models import Thread
from app.issues.models import Issue
from app.matching.actions import rank
from app.matching.deciding import confirm_pilot, confirm_theme
from app.matching.engine.problem import Problem
from app.matching.engine.suggestion import Matches, Ranking
from app.matching.evaluation.files import City, IssueLine, PilotLine, ThemeLine, read_city, read_lines
from app.matching.jobs import count_some_words, make_missing_vectors
from app.migrate import migrate
from app.pilots.models import Pilot, PilotIssue, PilotTheme
from app.places.grid import cell_of
from app.themes.models import Theme

NO_DATE = datetime(2020, 1, 1, tzinfo=UTC)
KEPT_AT_ONCE = 500
MOST_RANKED = 10

Progress = Callable[[str, int, int], None]


def evaluate(directory: Path, out: Path, cold: bool, progress: Progress) -> float:
    """Writes one line for each test issue to `out`; returns how many issues were matched in a second."""
    read_city(directory)
    train = [] if cold else read_lines(IssueLine, directory / "train.jsonl")
    test = read_lines(IssueLine, directory / "test.jsonl")
    if not test:
        raise ValueError(f"{directory / 'test.jsonl'} has no issues.")
    with staged(directory) as scene:
        scene.decide(train, progress)
        return scene.match(test, out, progress)


@contextmanager
def staged(directory: Path) -> Iterator["Scene"]:
    """The city of a directory in a scratch database."""
    city = read_city(directory)
    pilots = read_lines(PilotLine, directory / "pilots.jsonl")
    with TemporaryDirectory() as scratch:
        database = Database(f"sqlite:///{scratch}/evaluation.db")
        try:
            migrate(database)
            with Session(database.engine, expire_on_commit=False) as session:
                yield Scene(session, city, pilots)
        finally:
            database.close()


class Scene:
    """The city in a scratch database, and which row stands for which line of the files."""

    def __init__(self, session: Session, city: City, pilots: Sequence[PilotLine]) -> None:
        self.session = session
        session.connection().exec_driver_sql("PRAGMA synchronous=OFF")
        self._team = self._save(Person(email="team@example.org", display_name="Team", locale="nl"))
        self._themes = {line.slug: self._save(as_theme(line)) for line in city.themes}
        self._pilots = {line.id: self._add_pilot(line) for line in pilots}
        self._issue_ids: dict[int, str] = {}
        session.commit()

    def decide(self, train: Sequence[IssueLine], progress: Progress) -> None:
        """Each issue with what the team decided about it, in the order of the file."""
        for number, line in enumerate(train, start=1):
            issue = self._add_issue(line, number)
            if line.theme in self._themes:
                confirm_theme(self.session, issue, self._themes[line.theme], self._team)
            for pilot in line.pilots:
                if pilot in self._pilots:
                    self.session.add(PilotIssue(pilot_id=self._pilots[pilot], issue_id=issue.id))
                    confirm_pilot(self.session, issue, self._pilots[pilot], self._team)
            self._keep(number, len(train))
            progress("Decisions", number, len(train))

    def match(self, test: Sequence[IssueLine], out: Path, progress: Progress) -> float:
        began, already = perf_counter(), len(self._issue_ids)
        with out.open("w", encoding="utf-8") as answers:
            for number, line in enumerate(test, start=1):
                matches = rank(self.session, as_problem(line, already + number))
                answers.write(json.dumps({"id": line.id, **self._as_answer(matches)}, ensure_ascii=False) + "\n")
                self._add_issue(line, already + number)
                self._keep(number, len(test))
                progress("Matches", number, len(test))
        return len(test) / (perf_counter() - began)

    def _as_answer(self, matches: Matches) -> dict[str, Any]:
        themes = {row: slug for slug, row in self._themes.items()}
        pilots = {row: key for key, row in self._pilots.items()}
        return {
            "themes": ranked(matches.themes, themes, len(themes)),
            "pilots": ranked(matches.pilots, pilots, MOST_RANKED),
            "similar": ranked(matches.similar, self._issue_ids, MOST_RANKED),
            "shown": {
                "themes": len(matches.themes.shown),
                "pilots": len(matches.pilots.shown),
                "similar": len(matches.similar.shown),
            },
        }

    def _keep(self, number: int, of: int) -> None:
        """Commits now and then, and does what the background job would have done by then."""
        if number % KEPT_AT_ONCE and number < of:
            return
        self.session.commit()
        while count_some_words(self.session) or make_missing_vectors(self.session):
            self.session.commit()
        self.session.expunge_all()

    def _add_issue(self, line: IssueLine, number: int) -> Issue:
        problem = as_problem(line, number)
        language = line.language or guess_language(f"{line.title} {line.text}")
        issue = Issue(
            content_id=publish(self.session, Kind.ISSUE, self._team, language).id,
            thread_id=self._save(Thread()),
            title=line.title,
            description=line.text,
            language=language,
            lat=line.lat,
            lon=line.lon,
            cell=cell_of(*problem.point) if problem.point else None,
            search_stems=search_document(line.title, line.text, language),
            created_at=problem.created or NO_DATE,
            updated_at=problem.created or NO_DATE,
        )
        self._issue_ids[self._save(issue)] = line.id
        return issue

    def _add_pilot(self, line: PilotLine) -> int:
        language = line.language or guess_language(f"{line.title} {line.problem}")
        pilot = self._save(
            Pilot(
                content_id=publish(self.session, Kind.PILOT, self._team, language).id,
                thread_id=self._save(Thread()),
                title=line.title,
                # The site keeps approaches apart later on; until then they stand below the problem.
                problem=f"{line.problem}\n{line.approach}".strip(),
                language=language,
                lat=line.lat,
                lon=line.lon,
                radius_m=None if line.radius_m is None else round(line.radius_m),
            )
        )
        for slug in dict.fromkeys(line.themes):
            if slug in self._themes:
                self.session.add(PilotTheme(pilot_id=pilot, theme_id=self._themes[slug]))
        return pilot

    def _save(self, row: Any) -> int:
        self.session.add(row)
        self.session.flush()
        return int(row.id)


def as_theme(line: ThemeLine) -> Theme:
    language = guess_language(f"{line.name} {line.description}")
    theme = Theme(slug=line.slug, name_nl="", name_en="")
    for field, value in (("name", line.name), ("description", line.description), ("keywords", line.keywords)):
        setattr(theme, f"{field}_{language}", value)
    return theme


def as_problem(line: IssueLine, number: int) -> Problem:
    """Issues without a date come a minute after each other."""
    return Problem(
        title=line.title,
        text=line.text,
        language=line.language or None,
        lat=line.lat,
        lon=line.lon,
        created=line.created or NO_DATE + timedelta(minutes=number),
    )


def ranked(ranking: Ranking, keys: Mapping[int, str], at_most: int) -> list[list[Any]]:
    return [[keys[each.key], round(each.score, 6)] for each in ranking.suggestions[:at_most]]
