"""A browser without a screen that looks critically at every page it gets."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

ORIGIN = "http://127.0.0.1:8000"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
MAY_STAY_OPEN = {"li", "p", "td", "th", "tr", "option", "dd", "dt", "path", "circle", "use", "rect", "line"}


class Browser(TestClient):
    """Sends what a browser sends, follows nothing by itself, and checks the HTML of every answer."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=False)
        self.headers.update({"Origin": ORIGIN, "Accept-Language": "en", "Accept": "text/html"})

    def request(self, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override]
        response = super().request(*args, **kwargs)
        if response.headers.get("content-type", "").startswith("text/html") and "<html" in response.text:
            check_page(response.text, str(response.url))
        return response

    def htmx(self, method: str, url: str, **kwargs: Any) -> Response:
        return self.request(method, url, headers={"HX-Request": "true"}, **kwargs)


class Page(HTMLParser):
    """What a page consists of, and what is wrong with it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.problems: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.headings: list[str] = []
        self.title = ""
        self.lang = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self._look_for_inline_code(tag, found)
        if identifier := found.get("id"):
            self.ids.append(identifier)
        if tag == "html":
            self.lang = found.get("lang") or ""
        if tag == "h1":
            self.headings.append("")
        if tag == "label" and found.get("for"):
            self.labelled.add(found["for"] or "")
        if tag in ("input", "select", "textarea") and found.get("type") not in ("hidden", "submit"):
            self.fields.append({**found, "inside-label": "yes" if "label" in self.open else None})
        if tag == "form" and not found.get("action"):
            self.problems.append("a form without an action")
        if tag == "img" and found.get("alt") is None:
            self.problems.append("a picture without an alt text")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1] != tag and self.open[-1] in MAY_STAY_OPEN:
            self.open.pop()
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> closes nothing; open: {self.open[-3:]}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if "h1" in self.open:
            self.headings[-1] += data
        if self.open[-1:] == ["title"]:
            self.title += data

    def _look_for_inline_code(self, tag: str, found: dict[str, str | None]) -> None:
        if tag == "script" and "src" not in found:
            self.problems.append("an inline script")
        if tag == "style" or "style" in found:
            self.problems.append(f"an inline style on <{tag}>")
        self.problems += [f"inline code in {name}" for name in found if name.startswith(("on", "hx-on"))]


def check_page(html: str, url: str) -> None:
    page = Page()
    page.feed(html)
    problems = page.problems
    if not html.lstrip().lower().startswith("<!doctype html>"):
        problems.append("no doctype")
    if page.lang not in ("nl", "en"):
        problems.append(f"language of the page is {page.lang!r}")
    if len(page.headings) != 1:
        problems.append(f"{len(page.headings)} first headings instead of one")
    elif words(page.headings[0]) not in words(page.title):
        problems.append(f"the title {page.title!r} does not name the heading {page.headings[0]!r}")
    doubles = {identifier for identifier in page.ids if page.ids.count(identifier) > 1}
    if doubles:
        problems.append(f"ids used twice: {doubles}")
    problems += [f"a field without a label: {field}" for field in page.fields if not is_labelled(field, page)]
    assert not problems, f"{url}: {problems}"


def is_labelled(field: dict[str, str | None], page: Page) -> bool:
    named = field.get("aria-label") or field.get("aria-labelledby") or field.get("inside-label")
    return bool(named) or field.get("id") in page.labelled


def words(text: str) -> str:
    return " ".join(text.split())


def hidden_in(html: str, name: str) -> str:
    """What a hidden field of the page sends along."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', html)
    assert found, f"no hidden field {name}"
    return unescape(found.group(1))


def text_of(html: str) -> str:
    """The words of a page, without the markup."""
    return words(re.sub(r"<[^>]+>", " ", html))
