"""What residents asked to hear of: pilots, and new issues of a theme, in a neighbourhood, or near a place."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random

from app.demo.volume.bulk import Row, stored
from app.demo.volume.places import Street
from app.following.models import Pace
from app.following.pace import next_mail

RADII_M = (250, 500, 1000)
MOST_FOLLOWERS, FOLLOWER_TAIL = 60, 1.1


def pilot_follows(pilot_id: int, people: Sequence[int], at: datetime) -> list[Row]:
    """Most have a few followers, some have many."""
    rng = Random(pilot_id)
    count = min(MOST_FOLLOWERS, len(people) // 3, int(rng.paretovariate(FOLLOWER_TAIL)))
    return [(pilot_id, person, stored(at)) for person in rng.sample(people, count)]


def alerts_of(
    people: Sequence[int], streets: Sequence[Street], themes: Sequence[int], newest: int, at: datetime
) -> Iterator[Row]:
    """Every sixth resident has one; nothing of what is there already is told."""
    for person in people:
        rng = Random(person)
        if rng.random() < 1 / 6:
            pace = rng.choices((Pace.WEEKLY, Pace.DAILY), (3, 1))[0]
            due = next_mail(pace)
            assert due is not None
            yield (person, *_of_what(rng, streets, themes), str(pace), newest, stored(due), stored(at))


def _of_what(rng: Random, streets: Sequence[Street], themes: Sequence[int]) -> Row:
    """Theme, neighbourhood, latitude, longitude, metres and name, of which most are empty."""
    street = rng.choice(streets)
    match rng.randrange(3):
        case 0:
            return (rng.choice(themes), None, None, None, None, "")
        case 1:
            return (None, street.area_id, None, None, None, "")
        case _:
            lat, lon = street.point(rng.uniform(-1, 1))
            return (None, None, round(lat, 5), round(lon, 5), rng.choice(RADII_M), street.name)
