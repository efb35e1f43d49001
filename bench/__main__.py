"""`python -m bench`: prints ratios against references of the same run, and what misses its budget."""

import argparse
import os
import platform
from contextlib import ExitStack
from datetime import date

from bench.city import City, Server, filled_city, serving, serving_bare
from bench.figures import Figure
from bench.first_visit import measure_first_visit
from bench.memory import measure_memory
from bench.reading import measure_pages
from bench.suggesting import measure_suggestions
from bench.voting_while_filing import measure_votes_while_filing
from bench.writing import measure_writes

PILOTS = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--issues", type=int, nargs="+", default=[1_000, 100_000], help="sizes of the cities")
    parser.add_argument("--postgres", action="store_true", help="on an embedded PostgreSQL instead of SQLite")
    arguments = parser.parse_args()
    print(f"{date.today()}, {os.cpu_count()} cores, Python {platform.python_version()},", end=" ")
    print("PostgreSQL" if arguments.postgres else "SQLite", flush=True)
    missed = [figure for figure in measure(arguments.issues, arguments.postgres) if not figure.is_met]
    print(f"\n{len(missed)} missed" if missed else "\nall within budget")


def measure(sizes: list[int], on_postgres: bool) -> list[Figure]:
    figures: list[Figure] = []
    with ExitStack() as stack:
        cities: dict[int, tuple[City, Server]] = {}
        for size in sorted(sizes):
            city = stack.enter_context(filled_city(size, PILOTS, on_postgres))
            cities[size] = city, stack.enter_context(serving(city))
        city, server = cities[max(cities)]
        bare = stack.enter_context(serving_bare(city))
        figures += show(measure_pages(cities, bare))
        figures += show(measure_suggestions(city, server, PILOTS))
        figures += show(measure_writes(city, server, bare))
        figures += show(measure_votes_while_filing(city, server))
        figures += show(measure_memory(city, server))
        figures += show(measure_first_visit(server))
    return figures


def show(figures: list[Figure]) -> list[Figure]:
    for figure in figures:
        value = f"{figure.value:,.2f} {figure.unit}"
        sign = "≥" if figure.at_least else "≤"
        budget = f"{sign} {figure.budget:g}" if figure.budget is not None else ""
        verdict = "" if figure.is_met else "missed"
        print(f"{figure.name:<58} {value:>12}  {budget:>8}  {verdict:<6}  {figure.note}".rstrip(), flush=True)
    return figures


if __name__ == "__main__":
    main()
