"""`make audit`, or parts of it: `python -m scripts.audit html sweep swaps phone pa11y lighthouse`.

What independent tools and our own looks say about every page of the demo city. Exits with 1 when anything is wrong.
Figures of time (phone, lighthouse) say something only on a machine that does nothing else.
"""

import argparse
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from scripts.audit.city import City, empty_city, lively_city
from scripts.audit.errors import error_pages
from scripts.audit.html import LOCALES, find_invalid_html, find_with_pa11y
from scripts.audit.lighthouse import ask_lighthouse
from scripts.audit.pages import Page, pages_of, pages_without_rows, refused_forms_of
from scripts.audit.phone import measure_first_visits
from scripts.audit.swaps import press_everything
from scripts.audit.sweep import Sweep, look_at_everything, look_with_large_letters, sweep
from scripts.demo_site import most_supported

SHOWN = 60


def html(city: City, only: str) -> list[str]:
    return find_invalid_html(city, chosen([*pages_of(city), *refused_forms_of(city)], only))


def pa11y(city: City, only: str) -> list[str]:
    """Each address once, as who comes first; the sweep looks at it as everybody."""
    first = {page.address: page for page in reversed(pages_of(city))}
    return find_with_pa11y(city, chosen(list(first.values()), only))


def sweep_all(city: City, only: str) -> list[str]:
    seen = Sweep()
    for locale in LOCALES:
        city.speak(locale)
        pages = [*pages_of(city), *refused_forms_of(city), *error_pages(city, locale)]
        seen += sweep(city, chosen(pages, only), locale, look_at_everything)
    city.speak("nl")
    seen += sweep(city, chosen(one_per_route(pages_of(city)), only), "nl", look_with_large_letters)
    with empty_city() as empty:
        for locale in LOCALES:
            empty.speak(locale)
            seen += sweep(empty, chosen(pages_without_rows(empty), only), locale, look_at_everything)
    return said("sweep", seen)


def swaps(city: City, only: str) -> list[str]:
    seen = Sweep()
    for locale in LOCALES:
        city.speak(locale)
        seen += press_everything(city, chosen(pages_of(city), only), locale)
    return said("swaps", seen)


def said(name: str, seen: Sweep) -> list[str]:
    print(f"{name}: {len(seen.faults)} faults in {seen.states} states of {seen.pages} pages", flush=True)
    return seen.faults


def phone(city: City, only: str) -> list[str]:
    return measure_first_visits(city.server.url, measured(city, only))


def lighthouse(city: City, only: str) -> list[str]:
    return ask_lighthouse(city.server.url, measured(city, only))


def measured(city: City, only: str) -> list[str]:
    pages = ["/", "/issues", most_supported(city.server.url), "/issues/new"]
    return [page for page in pages if re.search(only, page)]


def chosen(pages: Sequence[Page], only: str) -> list[Page]:
    return [page for page in pages if re.search(only, str(page))]


def one_per_route(pages: Sequence[Page]) -> list[Page]:
    return list({(page.route, page.who): page for page in pages}.values())


PARTS: dict[str, Callable[[City, str], list[str]]] = {
    "html": html,
    "swaps": swaps,
    "sweep": sweep_all,
    "pa11y": pa11y,
    "phone": phone,
    "lighthouse": lighthouse,
}


def report(faults: Sequence[str]) -> None:
    """The same fault on many pages is one line, with how often and an example."""
    alike = defaultdict[str, list[str]](list)
    for fault in faults:
        alike[re.sub(r"^.*?\) |\d+", "", fault)[:110]].append(fault)
    for same in sorted(alike.values(), key=len, reverse=True)[:SHOWN]:
        print(f"{len(same)} × {same[0]}")
    print(f"{len(faults)} faults, {len(alike)} kinds" if faults else "nothing to mend")


def main() -> None:
    asked = argparse.ArgumentParser(description="What independent tools say about every page.")
    asked.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all of them when none is named")
    asked.add_argument("--only", default="", help="only addresses in which this pattern is found")
    options = asked.parse_args()
    faults: list[str] = []
    for name in options.parts or PARTS:
        begun = time.monotonic()
        with lively_city() as city:  # a new one: links of mails end after a while, and `swaps` changes what is there
            faults += PARTS[name](city, options.only)
        print(f"  {name} took {time.monotonic() - begun:.0f} s", flush=True)
    report(faults)
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
