"""The worker is killed at random moments while things happen: everybody still hears of everything, once."""

from random import Random

from sqlmodel import Session

from app.core.db import Database
from app.settings import Settings
from tests.conftest import Cast
from tests.crew import crew_for
from tests.unrest import Neighbourhood, going_on, kill_one, slow_post_office

WORKERS = 2
KILLED = 6


def test_whoever_dies_nothing_is_lost_and_nothing_is_told_twice(
    session: Session, database: Database, cast: Cast, settings: Settings
) -> None:
    """A mail comes again only when the one who brought it was killed with it, and then under the same number."""
    place, rng = Neighbourhood(session, database, cast.author, cast.resident, cast.team), Random(2)
    with (
        slow_post_office(seed=1) as (office, mail_url),
        crew_for(settings.model_copy(update={"mail_url": mail_url})) as crew,
    ):
        for _each in range(WORKERS):
            crew.hire()
        with going_on(0.5, place.somebody_comments, place.the_city_answers) as failures:
            for number in range(KILLED):
                kill_one(crew, office, rng, number)
        place.settle()
    heard = office.heard()
    assert failures == []
    assert set(heard) == place.to_be_heard
    assert [what for what, numbers in heard.items() if len(numbers) > 1] == []
    assert office.repeated(), "else this shows nothing"
    assert office.repeated_without_reason(crew) == []
