"""Pages for visitors: against a bare route with the same rows, and a large city against a small one.

Three ways, because a page that was made is kept until something changes: made anew for each reader, with nothing
changing meanwhile, and with a write ten times a second, which is more than a city does.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from threading import Event, Thread

from sqlalchemy import text

from app.core.db import Database
from bench.city import City, Server
from bench.figures import Figure, interleaved, ratio
from bench.load import per_second, request

SECONDS = 1.0
ROUNDS = 7
WRITES_EVERY = 0.1
PAGES = ("feed", "issue")
WAYS = {"made anew": 0.33, "unchanged": 0.9, f"a write every {WRITES_EVERY * 1000:.0f} ms": None}
"""Each with its budget; what writes cost depends on how often somebody reads, so the third is only told."""


def pages_of(city: City, server: Server, page: str, way: str) -> Iterator[bytes]:
    """Made anew: many different issues, and a cookie that means nothing, for which no page is kept."""
    newest = max(city.open_issues)
    if way != "made anew":
        return cycle([request(server.url, "GET", "/issues" if page == "feed" else f"/issues/{newest // 2}")])
    numbers = [1 + (newest * step) // 997 for step in range(1, 997)]
    paths = ["/issues"] if page == "feed" else [f"/issues/{number}" for number in numbers]
    return cycle([request(server.url, "GET", path, Cookie="seen=1") for path in paths])


@contextmanager
def written_meanwhile(city: City) -> Iterator[None]:
    """Somebody supports the newest issue, ten times a second, from another process than the one that serves."""
    database = Database(city.database_url)
    stop = Event()
    vote = text("UPDATE issue SET vote_count = vote_count + 1 WHERE id = :id")

    def write() -> None:
        while not stop.wait(WRITES_EVERY):
            with database.session() as session:
                session.execute(vote, {"id": max(city.open_issues)})

    writer = Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()
        database.close()


def read_pages(city: City, server: Server, page: str, way: str) -> Callable[[], float]:
    requests = pages_of(city, server, page, way)

    def read() -> float:
        if not way.startswith("a write"):
            return per_second(server.url, requests, SECONDS)
        with written_meanwhile(city):
            return per_second(server.url, requests, SECONDS)

    return read


def measure_pages(cities: dict[int, tuple[City, Server]], bare: Server) -> list[Figure]:
    contestants: dict[str, Callable[[], float]] = {
        "bare feed": lambda: per_second(bare.url, request(bare.url, "GET", "/feed"), SECONDS),
        "bare issue": lambda: per_second(bare.url, request(bare.url, "GET", "/issue"), SECONDS),
    }
    for size, (city, server) in cities.items():
        for page in PAGES:
            for way in WAYS:
                contestants[f"{page} {size} {way}"] = read_pages(city, server, page, way)
    speeds = interleaved(contestants, ROUNDS)
    return [figure for page in PAGES for way in WAYS for figure in compare(speeds, sorted(cities), page, way)]


def compare(speeds: dict[str, float], sizes: list[int], page: str, way: str) -> list[Figure]:
    reference = speeds[f"bare {page}"]
    figures = []
    for size in sizes:
        speed = speeds[f"{page} {size} {way}"]
        note = f"{speed:,.0f}/s of {reference:,.0f}/s"
        figures.append(ratio(f"{page}, {way}, {size:,} issues, against bare", speed, reference, WAYS[way], note))
    if len(sizes) > 1 and way == "made anew":
        both = (speeds[f"{page} {sizes[-1]} {way}"], speeds[f"{page} {sizes[0]} {way}"])
        figures.append(ratio(f"{page}, {way}, {sizes[-1]:,} against {sizes[0]:,} issues", *both, 0.9))
    return figures
