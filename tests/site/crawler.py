"""Opens every address of the site, and notes where one of the words came out."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from fastapi import FastAPI
from httpx2 import Response

from tests.browsing import Browser
from tests.site.canaries import NEVER_PLANTED
from tests.site.everywhere import QUERY, routes_of
from tests.site.garden import Garden

NOT_CRAWLED = ("/static/", "/dev/", "/sign-out", "mailto:", "geo:")
LINK = re.compile(r"""(?:href|src|hx-get|data-areas|content)="([^"#]+)""")
MOST_PAGES = 1500
ACCEPTING_ALL = {"Accept": "text/html, */*"}


@dataclass
class Crawler:
    """From address to address, as far as links lead."""

    browser: Browser
    words: dict[str, str]
    opened: dict[str, int] = field(default_factory=dict)
    finds: list[str] = field(default_factory=list)

    def crawl(self, starts: Iterator[str]) -> None:
        waiting = list(dict.fromkeys(starts))
        while waiting:
            address = waiting.pop()
            if address in self.opened or address.startswith(NOT_CRAWLED) or "next=" in address:
                continue
            assert len(self.opened) < MOST_PAGES, "this crawl never ends"
            answer = self.browser.get(address, headers=ACCEPTING_ALL)
            self.opened[address] = answer.status_code
            assert answer.status_code < 500, f"{address}: {answer.text}"
            self.look(address, answer)
            waiting += [link for link in links_in(answer) if link not in self.opened]

    def look(self, address: str, answer: Response) -> None:
        """What the address itself says comes back in a search field; that is no find."""
        said = (answer.text + str(answer.headers)).lower()
        for name, word in self.words.items():
            if word in said.replace(f"={word}", "") and word not in address:
                self.finds.append(f"{name} at {address}")


def links_in(answer: Response) -> list[str]:
    if location := answer.headers.get("location"):
        return [location] if location.startswith("/") else []
    kind = answer.headers.get("content-type", "")
    if kind.startswith(("application/json", "application/problem+json")):
        found = re.findall(r'"(?:http://127\.0\.0\.1:8000)?(/[^"]*)"', answer.text)
    elif kind.startswith("text/html"):
        found = [unescape(link) for link in LINK.findall(answer.text)]
        found = [link.removeprefix("http://127.0.0.1:8000") for link in found]
    else:
        found = []
    return [link for link in found if link.startswith("/") and not link.startswith("//")]


def addresses(app: FastAPI, document: dict[str, Any], places: dict[str, Any], garden: Garden) -> Iterator[str]:
    """Every route that answers GET, with what can be seen and with what is hidden in its place."""
    paths = [path.replace(":int", "") for method, path in routes_of(app) if method == "GET"]
    paths += [f"/api/v1{path}" for path, methods in document["paths"].items() if "get" in methods]
    for path in paths:
        for values in ({}, *({name: value} for name, some in garden.places() for value in some)):
            if all(f"{{{name}}}" in path for name in values):
                theme = {"slug": "mobility"} if "themes" in path else {"slug": "iets"}
                filled = defaultdict(lambda: "1", {**places, **theme, **values})
                yield path.format_map(filled) + QUERY.get(path, "")


def questions(words: dict[str, str], document: dict[str, Any]) -> Iterator[str]:
    """Searches for each word; every order and every filter."""
    for word in [*words.values(), NEVER_PLANTED]:
        yield f"/issues?q={word}"
        yield f"/api/v1/issues?q={word}"
    for sort in ("new", "top", "rising", "near&lat=52.105&lon=4.275"):
        yield f"/issues?sort={sort}"
        yield f"/api/v1/issues?sort={sort}"
    for path, methods in document["paths"].items():
        for parameter in methods.get("get", {}).get("parameters", []):
            for choice in _choices(parameter):
                yield f"/api/v1{path}?{parameter['name']}={choice}" if "{" not in path else "/"
    for status in ("new", "in-pilot", "merged", "resolved", "declined"):
        yield f"/issues?status={status}"
    for name, value in (("theme", "mobility"), ("neighbourhood", "BU00000001"), ("bbox", "4,52,5,53")):
        yield f"/issues?{name}={value}"
        yield f"/api/v1/issues?{name}={value}"


def _choices(parameter: dict[str, Any]) -> list[str]:
    schema = parameter.get("schema", {})
    options = [schema, *schema.get("anyOf", [])]
    return [str(choice) for option in options for choice in option.get("enum", [])]
