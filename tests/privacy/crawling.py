"""Looks for words in everything that is kept: tables, files, the database's own file, pages, feeds and the API."""

import re
from collections.abc import Iterable
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

from sqlalchemy import inspect, text

from app.core.db import Database
from app.core.language import search_document
from app.settings import Settings
from tests.browsing import Browser


def in_tables(database: Database, words: Iterable[str]) -> list[str]:
    """Every cell of every table, also those that are not among the models."""
    found = []
    with database.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                for column, value in row.items():
                    found += [f"{table}.{column}: {word}" for word in words if says(value, word)]
    return found


def says(value: object, word: str) -> bool:
    said = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    escaped = word.encode("unicode_escape").decode()
    return word.casefold() in said.casefold() or escaped.casefold() in said.casefold()


def in_files(settings: Settings, words: Iterable[str]) -> list[str]:
    """The store of photos, and the databases themselves where they are files: also pages that they have freed."""
    places = [Path(settings.storage_url.removeprefix("file://"))]
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    if settings.database_url.startswith("sqlite"):
        database = Path(settings.database_url.removeprefix("sqlite:///"))
        files += [path for path in database.parent.glob(f"{database.stem}*") if path.is_file()]
    return [
        f"{path.name}: {word}" for path in files for word in words if word.encode().lower() in path.read_bytes().lower()
    ]


def in_mails(settings: Settings, words: Iterable[str]) -> list[str]:
    """Everything that was mailed, as a mailbox shows it; not to whom it went, which nobody else sees."""
    found = []
    for path in sorted(Path(settings.mail_url.removeprefix("file://")).glob("*.eml")):
        mail = BytesParser(EmailMessage, policy=default).parsebytes(path.read_bytes())
        parts = [str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"]
        said = "\n".join([*(f"{name}: {value}" for name, value in mail.items() if name != "To"), *parts])
        found += [f"mail {mail['Subject']}: {word}" for word in words if says(said, word)]
    return found


def in_search(database: Database, words: Iterable[str]) -> list[str]:
    """What the search index itself finds, in the form in which it keeps a word."""
    found = "SELECT count(*) FROM issue WHERE search_vector @@ plainto_tsquery('simple', :stem)"
    if database.is_sqlite:
        found = "SELECT count(*) FROM issue_search WHERE issue_search MATCH '\"' || :stem || '\"'"
    with database.engine.connect() as connection:
        return [
            f"search: {word}"
            for word in words
            if connection.execute(text(found), {"stem": search_document(word, "", "nl").split()[0]}).scalar_one()
        ]


def in_pages(browser: Browser, words: Iterable[str], more: Iterable[str] = (), at_most: int = 400) -> list[str]:
    """From the front page, every address within the site that a link leads to; and some that none leads to."""
    seen = {"/dev/mail"}  # what has been delivered is in their own mailbox
    waiting = ["/", "/issues", "/api/v1/issues", "/issues/map/points.json?bbox=3,50,8,54", *more]
    found = []
    while waiting:
        path = waiting.pop().partition("#")[0]
        if path in seen or len(seen) > at_most:
            continue
        seen.add(path)
        answer = browser.get(path)
        found += [f"{path}: {word}" for word in words if says(answer.text, word)]
        if "html" in answer.headers.get("content-type", ""):
            waiting += [link for link in re.findall(r'href="(/[^"]*)"', answer.text) if not link.startswith("/static")]
        if target := answer.headers.get("location", ""):
            waiting.append(target)
    assert len(seen) > 10
    return found
