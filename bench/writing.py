"""Votes, comments and filings, against commits of one row in the same database."""

import time
from collections.abc import Callable, Iterator
from itertools import product
from secrets import token_hex

from bench.bare import Committer
from bench.city import City, Server
from bench.figures import Figure, interleaved, ratio
from bench.load import per_second, request

SECONDS = 1.0
ROUNDS = 7


def vote_requests(city: City, server: Server) -> Iterator[bytes]:
    """Each person votes for each issue once, so that every request is a new vote."""
    for issue, key in product(city.open_issues, city.keys):
        yield request(server.url, "POST", f"/issues/{issue}/vote", Cookie=f"session={key}")


def comment_requests(city: City, server: Server) -> Iterator[bytes]:
    for issue, key in product(city.open_issues, city.keys):
        form = {"body": "Dit merk ik hier ook, vooral na een regenbui.", "nonce": token_hex(16)}
        yield request(server.url, "POST", f"/issues/{issue}/comments", form, Cookie=f"session={key}")


def filing_requests(city: City, server: Server) -> Iterator[bytes]:
    for number, key in product(range(1_000), city.keys):
        form = {
            "title": f"Losse stoeptegel bij de speeltuin, nummer {number}",
            "description": "Na elke bui staat hier een plas. Kinderen en ouderen struikelen over de rand.",
            "lat": 52.1,
            "lon": 4.28,
            "address": "Bij de speeltuin",
            "draft": token_hex(16),
        }
        yield request(server.url, "POST", "/issues", form, Cookie=f"session={key}")


def measure_writes(city: City, server: Server, bare: Server) -> list[Figure]:
    votes, comments, filings = (make(city, server) for make in (vote_requests, comment_requests, filing_requests))
    row = request(bare.url, "POST", "/row")
    committer = Committer(city.database_url)
    contestants: dict[str, Callable[[], float]] = {
        "loop": lambda: commits_per_second(committer),
        "row": lambda: per_second(bare.url, row, SECONDS),
        "vote": lambda: per_second(server.url, votes, SECONDS),
        "comment": lambda: per_second(server.url, comments, SECONDS),
        "filing": lambda: per_second(server.url, filings, SECONDS),
    }
    speeds = interleaved(contestants, ROUNDS)
    figures = []
    for what, budget in (("vote", 0.6), ("comment", 0.6), ("filing", 0.3)):
        note = f"{speeds[what]:,.0f}/s of {speeds['row']:,.0f}/s"
        figures.append(
            ratio(f"{what} against a bare route that commits a row", speeds[what], speeds["row"], budget, note)
        )
    note = f"{speeds['row']:,.0f}/s of {speeds['loop']:,.0f}/s"
    figures.append(ratio("that bare route against commits without a server", speeds["row"], speeds["loop"], None, note))
    return figures


def commits_per_second(committer: Committer) -> float:
    began = time.perf_counter()
    done = 0
    while time.perf_counter() < began + SECONDS:
        committer.commit_one_row()
        done += 1
    return done / (time.perf_counter() - began)
