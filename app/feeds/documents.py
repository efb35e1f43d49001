"""What a feed says, and how: Atom (RFC 4287, with GeoRSS) and JSON Feed 1.1."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

from app.core.templates import iso

ATOM = "http://www.w3.org/2005/Atom"
GEORSS = "http://www.georss.org/georss"
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
NOTHING_YET = datetime(2026, 1, 1, tzinfo=UTC)
ElementTree.register_namespace("", ATOM)
ElementTree.register_namespace("georss", GEORSS)


@dataclass(frozen=True)
class Entry:
    """`path` is where it stands, and with that its name for ever."""

    path: str
    title: str
    text: str
    language: str
    published: datetime
    updated: datetime
    author: str = ""
    tags: Sequence[str] = ()
    point: tuple[float, float] | None = None
    picture: str = ""


@dataclass(frozen=True)
class Document:
    """`home` is the page that it belongs to; `path` its own address without the ending."""

    title: str
    home: str
    path: str
    language: str
    entries: Sequence[Entry] = field(default_factory=tuple)

    @property
    def updated(self) -> datetime:
        return max((entry.updated for entry in self.entries), default=NOTHING_YET)


def as_atom(document: Document, base_url: str, publisher: str) -> bytes:
    feed = ElementTree.Element(_atom("feed"), {"xml:lang": document.language})
    _say(feed, "id", base_url + document.home)
    _say(feed, "title", document.title)
    _say(feed, "updated", iso(document.updated))
    _link(feed, "self", f"{base_url}{document.path}.atom", "application/atom+xml")
    _link(feed, "alternate", base_url + document.home, "text/html")
    _author(feed, publisher)
    for entry in document.entries:
        _add_entry(feed, entry, base_url)
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _add_entry(feed: ElementTree.Element, entry: Entry, base_url: str) -> None:
    element = ElementTree.SubElement(feed, _atom("entry"), {"xml:lang": entry.language} if entry.language else {})
    _say(element, "id", base_url + entry.path)
    _say(element, "title", entry.title)
    _say(element, "published", iso(entry.published))
    _say(element, "updated", iso(entry.updated))
    _link(element, "alternate", base_url + entry.path, "text/html")
    if entry.author:
        _author(element, entry.author)
    _say(element, "summary", entry.text, type="text")
    for tag in entry.tags:
        ElementTree.SubElement(element, _atom("category"), {"term": tag})
    if entry.point:
        ElementTree.SubElement(element, f"{{{GEORSS}}}point").text = f"{entry.point[0]} {entry.point[1]}"


def _atom(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _say(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, _atom(name), attributes).text = NOT_IN_XML.sub("", text)


def _link(parent: ElementTree.Element, relation: str, address: str, kind: str) -> None:
    ElementTree.SubElement(parent, _atom("link"), {"rel": relation, "href": address, "type": kind})


def _author(parent: ElementTree.Element, name: str) -> None:
    _say(ElementTree.SubElement(parent, _atom("author")), "name", name)


def as_json_feed(document: Document, base_url: str, publisher: str) -> bytes:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": document.title,
        "home_page_url": base_url + document.home,
        "feed_url": f"{base_url}{document.path}.json",
        "language": document.language,
        "authors": [{"name": publisher}],
        "items": [_item(entry, base_url) for entry in document.entries],
    }
    return json.dumps(feed, ensure_ascii=False).encode()


def _item(entry: Entry, base_url: str) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": base_url + entry.path,
        "url": base_url + entry.path,
        "title": entry.title,
        "content_text": entry.text,
        "date_published": iso(entry.published),
        "date_modified": iso(entry.updated),
    }
    if entry.language:
        item["language"] = entry.language
    if entry.tags:
        item["tags"] = list(entry.tags)
    if entry.author:
        item["authors"] = [{"name": entry.author}]
    if entry.picture:
        item["image"] = base_url + entry.picture
    return item
