"""`python -m bench.killed_workers --minutes 10`: workers are killed without end while things happen and mail is slow.

What `tests/notifications/test_killed_worker.py` does for seconds. Says what came of it, and ends with 1
when a fact was lost, or told twice without the one who brought it having died in between.
"""

import argparse
import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import app.tables  # noqa: F401
from app.core.db import Database
from app.foundations import lay_foundations
from app.migrate import migrate
from app.settings import Settings
from bench.city import new_database
from tests.crew import Crew, crew_for
from tests.factories import add_test_city, make_person
from tests.unrest import Neighbourhood, SlowPostOffice, going_on, kill_one, slow_post_office

WORKERS = 2
PAUSE = 0.5
SETTLES_WITHIN = 900.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.killed_workers", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true", help="on an embedded PostgreSQL instead of SQLite")
    arguments = parser.parse_args()
    with TemporaryDirectory(prefix="buurtlab-bench-") as name:
        folder = Path(name)
        with new_database(folder, arguments.postgres) as url, slow_post_office(arguments.seed) as (office, mail_url):
            settings = Settings(
                _env_file=None, database_url=url, mail_url=mail_url, storage_url=f"file://{folder}/photos"
            )
            place = settle_in(Database(url))
            crew = live_dangerously(place, office, settings, arguments.minutes * 60, Random(arguments.seed))
            return report(place, office, crew)


def settle_in(database: Database) -> Neighbourhood:
    migrate(database)
    lay_foundations(database)
    with database.session() as session:
        add_test_city(session)
        people = [make_person(session, name) for name in ("anna", "bram", "team")]
        return Neighbourhood(session, database, *people)


def live_dangerously(
    place: Neighbourhood, office: SlowPostOffice, settings: Settings, seconds: float, rng: Random
) -> Crew:
    until = time.monotonic() + seconds
    with crew_for(settings) as crew:
        for _each in range(WORKERS):
            crew.hire()
        with going_on(PAUSE, place.somebody_comments, place.the_city_answers) as failures:
            number = 0
            while time.monotonic() < until:
                kill_one(crew, office, rng, number)
                number += 1
        place.settle(SETTLES_WITHIN)
    if failures:
        raise failures[0]
    return crew


def report(place: Neighbourhood, office: SlowPostOffice, crew: Crew) -> int:
    heard = office.heard()
    lost = place.to_be_heard - set(heard)
    twice = [what for what, numbers in heard.items() if len(numbers) > 1]
    wrong = office.repeated_without_reason(crew)
    print(f"{len(crew.killed)} workers killed; {len(place.to_be_heard)} times somebody had to hear of something,")
    print(f"in {len(office.taken)} mails, of which {len(office.repeated())} came again under the same number.")
    facts, notices, mails = place.waiting()
    print(f"still on their way: {facts} facts, {notices} notices, {mails} mails")
    print(f"lost: {len(lost)}; told twice: {len(twice)}; came again without a death: {len(wrong)}")
    return int(bool(lost or twice or wrong))


if __name__ == "__main__":
    sys.exit(main())
