"""What a web process holds after mixed load."""

import random
from collections.abc import Iterator
from pathlib import Path

from bench.city import City, Server
from bench.figures import Figure
from bench.load import request, run

SECONDS = 20.0
BUDGET_MB = 200
GROWTH = 0.1


def resident_mb(pid: int) -> float:
    """Resident memory of one process (Linux), in megabytes."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def mixed(city: City, server: Server) -> Iterator[bytes]:
    """Nine of ten read: feeds, searches, issues, the map; the others vote, comment and ask for suggestions."""
    rng = random.Random(4)
    words = ["licht", "fiets", "stoep", "water", "speeltuin", "afval", "verkeer", "bankje", "hond", "parkeren"]
    while True:
        issue, key, word = rng.choice(city.open_issues), rng.choice(city.keys), rng.choice(words)
        cookie = f"session={key}"
        yield from (
            request(server.url, "GET", path, Cookie=cookie if rng.random() < 0.3 else "locale=nl")
            for path in (
                "/",
                "/issues",
                f"/issues?q={word}",
                "/issues?sort=rising",
                "/issues?sort=near&lat=52.1&lon=4.28",
                f"/issues/{issue}",
                f"/issues/{rng.randrange(1, city.size)}",
                "/issues/map",
                "/pilots",
            )
        )
        yield request(server.url, "POST", f"/issues/{issue}/vote", Cookie=cookie)
        form = {"title": f"Geen {word} bij de speeltuin", "description": f"Al weken is het {word} hier een probleem."}
        yield request(server.url, "POST", "/issues/suggestions", form, **{"HX-Request": "true"})


def measure_memory(city: City, server: Server) -> list[Figure]:
    source = mixed(city, server)
    run(server.url, source, SECONDS, connections=8)
    halfway = resident_mb(server.pid)
    run(server.url, source, SECONDS, connections=8)
    after = resident_mb(server.pid)
    growth = after / halfway - 1
    return [
        Figure(f"memory of a web process after mixed load, {city.size:,} issues", after, "MB", BUDGET_MB),
        Figure("its growth in the second half", growth, "×", GROWTH, note=f"from {halfway:.0f} MB"),
    ]
