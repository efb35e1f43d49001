"""Suggestions while somebody types."""

import random
import statistics
from collections.abc import Iterator

from sqlmodel import col, select

from app.core.db import Database
from app.issues.models import Issue
from bench.city import City, Server
from bench.figures import Figure, percentile
from bench.load import request, run

ASKED = 400
SECONDS = 30.0


def half_typed(city: City) -> list[tuple[str, str]]:
    """Titles and the beginnings of descriptions of issues all over the city, each cut off somewhere."""
    rng = random.Random(3)
    numbers = [rng.randrange(1, city.size) for _issue in range(ASKED)]
    database = Database(city.database_url)
    with database.session() as session:
        rows = session.exec(select(Issue.title, Issue.description).where(col(Issue.id).in_(numbers))).all()
    database.close()
    return [(title, text[: rng.randrange(len(text) + 1)]) for title, text in rows]


def questions(city: City, server: Server) -> Iterator[bytes]:
    for title, text in half_typed(city):
        form = {"title": title, "description": text, "lat": "52.1", "lon": "4.28"}
        yield request(server.url, "POST", "/issues/suggestions", form, **{"HX-Request": "true"})


def measure_suggestions(city: City, server: Server, pilots: int) -> list[Figure]:
    outcome, _elapsed = run(server.url, questions(city, server), SECONDS, connections=1)
    if outcome.failures:
        raise RuntimeError(f"{outcome.failures} suggestions failed")
    milliseconds = [each * 1000 for each in outcome.seconds]
    note = f"95th percentile {percentile(milliseconds, 0.95):.0f} ms, {len(milliseconds)} asked"
    name = f"suggestion while typing, {city.size:,} issues, {pilots:,} pilots"
    return [Figure(name, statistics.median(milliseconds), "ms", 30 if city.size <= 100_000 else 60, note=note)]
