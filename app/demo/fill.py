"""Fills an invented city with plausible volume, for load tests: same numbers and seed, same city."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from random import Random

from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.accounts.queries import newest_rules_version
from app.core.clock import now
from app.core.db import Database
from app.core.errors import BadRequest, Conflict
from app.core.i18n import _
from app.demo.load import found_district
from app.demo.progress import Progress, silently
from app.demo.volume.alerts import alerts_of
from app.demo.volume.bulk import Bulk, bulk_on, stored
from app.demo.volume.issues import IssueWriter, Scene
from app.demo.volume.pilots import PilotWriter
from app.demo.volume.places import add_areas, lay_streets
from app.foundations import lay_foundations
from app.matching.knowledge.lessons import CAUGHT_UP, learn_what_was_missed
from app.matching.models import MatchingProgress
from app.places.queries import the_city
from app.themes.models import Goal, Theme

BATCH = 5_000
OPEN_FOR = timedelta(days=425)
LEARNED = 200


def fill(
    database: Database, issues: int, residents: int, pilots: int, seed: int = 1, progress: Progress = silently
) -> None:
    """Adds to what is there, spread over the last fourteen months.

    Raises Conflict in a real city, and BadRequest when nobody could have filed the issues.
    """
    lay_foundations(database)
    with database.session() as session:
        _make_sure_it_is_invented(session)
        add_areas(session, issues)
    rng = Random(seed)
    with bulk_on(database) as bulk:
        ids = bulk.next_ids()
        first = ids["person"]
        _add_residents(database, bulk, ids, residents, rng, progress)
        scene = _set_scene(database, bulk, ids, pilots, rng, progress)
        if issues and not scene.people:
            raise BadRequest(_("Without residents there is nobody to file issues. Ask for some residents too."))
        _add_issues(bulk, IssueWriter(scene, ids, rng), issues, progress)
        _add_alerts(bulk, scene, range(first, ids["person"]), ids["issue"] - 1)
    _learn_from_some(database)


def _learn_from_some(database: Database) -> None:
    """As many decisions as make probabilities honest; a city that had decided all of these would have learned by then,
    and its background work would not be busy with it."""
    with database.session() as session:
        learn_what_was_missed(session, LEARNED)
        session.merge(MatchingProgress(name=CAUGHT_UP, upto=1))


def _make_sure_it_is_invented(session: Session) -> None:
    city = the_city(session)
    if city is None:
        found_district(session)
    elif not city.is_invented:
        raise Conflict(_("This database belongs to a real city, so it was not filled with invented issues."))


def _add_residents(
    database: Database, bulk: Bulk, ids: dict[str, int], residents: int, rng: Random, progress: Progress
) -> None:
    opened = now() - OPEN_FOR - timedelta(days=1)
    with database.session() as session:
        rules = newest_rules_version(session)
    for begin in range(0, residents, BATCH):
        count = min(BATCH, residents - begin)
        rows = []
        for number in range(ids["person"], ids["person"] + count):
            locale, joined = rng.choice(("nl", "nl", "nl", "en")), stored(opened)
            email = f"duinwijker-{number}@volume.example"
            rows.append((number, email, f"Duinwijker {number}", locale, rules, joined, joined))
        ids["person"] += count
        bulk.save({"person": rows})
        progress("Residents", begin + count, residents)
    bulk.wait()


def _set_scene(
    database: Database, bulk: Bulk, ids: dict[str, int], pilots: int, rng: Random, progress: Progress
) -> Scene:
    with database.session() as session:
        streets = lay_streets(session, rng)
        people = [person or 0 for person in session.exec(select(Person.id).order_by(col(Person.id)))]
        themes = {theme.slug: theme.id for theme in session.exec(select(Theme).order_by(col(Theme.id)))}
        goals: dict[int, list[int]] = defaultdict(list)
        for goal in session.exec(select(Goal).order_by(col(Goal.id))):
            goals[goal.theme_id].append(goal.id)
    writer = PilotWriter(ids, rng, streets, goals, people)
    by_theme = _add_pilots(bulk, writer, pilots, themes, progress)
    return Scene(streets, people, themes, by_theme, now())


def _add_pilots(
    bulk: Bulk, writer: PilotWriter, pilots: int, themes: dict[str, int], progress: Progress
) -> dict[str, Sequence[int]]:
    until = now()
    for number in range(1, pilots + 1):
        began = until - OPEN_FOR * (1 - (number - writer.rng.random()) / pilots)
        writer.add_pilot(began, until, themes)
        if number % BATCH == 0 or number == pilots:
            bulk.save(writer.take_rows())
            progress("Pilots", number, pilots)
    return dict(writer.by_theme)


def _add_alerts(bulk: Bulk, scene: Scene, people: Sequence[int], newest: int) -> None:
    themes = list(scene.themes.values())
    bulk.save({"alert": list(alerts_of(people, scene.streets, themes, newest, scene.until))})


def _add_issues(bulk: Bulk, writer: IssueWriter, issues: int, progress: Progress) -> None:
    """In order of time, so that a higher number is a newer issue."""
    begin = writer.scene.until - OPEN_FOR
    for number in range(1, issues + 1):
        writer.add_issue(begin + OPEN_FOR * ((number - writer.rng.random()) / issues))
        if number % BATCH == 0 or number == issues:
            bulk.save(writer.take_rows())
            progress("Issues", number, issues)
