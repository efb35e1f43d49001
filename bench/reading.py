"""Pages for visitors: against a bare route with the same rows, and a large city against a small one."""

from collections.abc import Callable, Iterator
from itertools import cycle

from bench.city import City, Server
from bench.figures import Figure, interleaved, ratio
from bench.load import per_second, request

SECONDS = 1.0
ROUNDS = 7


def issue_pages(city: City, server: Server) -> Iterator[bytes]:
    """Many different issues, so that the database does not answer the same question all the time."""
    newest = max(city.open_issues)
    numbers = [1 + (newest * step) // 997 for step in range(1, 997)]
    return cycle([request(server.url, "GET", f"/issues/{number}") for number in numbers])


def measure_pages(cities: dict[int, tuple[City, Server]], bare: Server) -> list[Figure]:
    contestants: dict[str, Callable[[], float]] = {
        "bare feed": lambda: per_second(bare.url, request(bare.url, "GET", "/feed"), SECONDS),
        "bare issue": lambda: per_second(bare.url, request(bare.url, "GET", "/issue"), SECONDS),
    }
    for size, (city, server) in cities.items():
        feed = request(server.url, "GET", "/issues")
        pages = issue_pages(city, server)
        contestants[f"feed {size}"] = lambda feed=feed, server=server: per_second(server.url, feed, SECONDS)  # type: ignore[misc]
        contestants[f"issue {size}"] = lambda pages=pages, server=server: per_second(server.url, pages, SECONDS)  # type: ignore[misc]
    speeds = interleaved(contestants, ROUNDS)
    smallest, largest = min(cities), max(cities)
    figures = []
    for page in ("feed", "issue"):
        reference = speeds[f"bare {page}"]
        for size in cities:
            speed = speeds[f"{page} {size}"]
            note = f"{speed:,.0f}/s of {reference:,.0f}/s"
            figures.append(ratio(f"{page}, {size:,} issues, against a bare route", speed, reference, 0.33, note))
        if largest > smallest:
            both = (speeds[f"{page} {largest}"], speeds[f"{page} {smallest}"])
            figures.append(ratio(f"{page}, {largest:,} against {smallest:,} issues", *both, 0.9))
    return figures
