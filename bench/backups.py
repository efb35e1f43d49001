"""`python -m bench.backups --rounds 10`: backups while people write without end, each restored and looked through.

What `tests/backups` does once and small. Says how long it took and how fast the writing went meanwhile; ends with 1
when a restored site lacks something that was acknowledged before its backup began, or a photo.
"""

import argparse
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from secrets import token_hex

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

import app.tables  # noqa: F401
from app.activity.models import AuditEntry
from app.backups.restoring import restore
from app.core.db import Database
from app.core.storage import NotStored, storage_from_url
from app.demo.progress import silently
from app.discussions.models import Comment
from app.issues.models import Photo
from app.settings import Settings
from bench.city import City, filled_city, serving
from tests.crowd import Phone
from tests.sample_photos import a_photo

PHONES = 4
FORM = {"description": "Hij ligt los.", "lat": 52.105, "lon": 4.275, "precision": "exact"}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.backups", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--issues", type=int, default=10_000)
    parser.add_argument("--postgres", action="store_true", help="on an embedded PostgreSQL instead of SQLite")
    arguments = parser.parse_args()
    with (
        filled_city(arguments.issues, 30, arguments.postgres) as city,
        serving(city, "off") as server,
        everybody_writes(city, server.url) as acknowledged,
    ):
        time.sleep(5)
        failures = [one_round(city, acknowledged, number) for number in range(arguments.rounds)]
    print(f"rounds with something missing: {sum(failures)} of {arguments.rounds}")
    return int(any(failures))


@contextmanager
def everybody_writes(city: City, url: str) -> Iterator[list[str]]:
    """Comments and photos through the server, and rows of the audit beside it; collects what was acknowledged."""
    stop, acknowledged = threading.Event(), list[str]()
    database = Database(city.database_url)

    def comment(phone: Phone, word: str) -> bool:
        return phone.post(f"/issues/{city.open_issues[0]}/comments", {"body": word}).status == 303

    def file(phone: Phone, word: str) -> bool:
        time.sleep(0.5)
        return phone.post("/issues", {**FORM, "title": word}, photos=[a_photo()]).status == 303

    def note(_phone: Phone, word: str) -> bool:
        time.sleep(0.002)  # SQLite's lock goes to whoever asks at the right moment: let the server ask, too
        with database.session() as session:
            session.add(AuditEntry(kind="bench", subject_kind="bench", subject_id=word[:40]))
        return True

    def go_on(act: Callable[[Phone, str], bool], key: str) -> None:
        phone = Phone(url, {"session": key})
        while not stop.is_set():
            word = f"{act.__name__} {token_hex(8)}"
            with suppress(DBAPIError, OSError, HTTPException):
                if act(phone, word):
                    acknowledged.append(word)

    acts = [*[comment] * PHONES, file, note, note]
    threads = [threading.Thread(target=go_on, args=each) for each in zip(acts, city.keys, strict=False)]
    for thread in threads:
        thread.start()
    try:
        yield acknowledged
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def one_round(city: City, acknowledged: list[str], number: int) -> bool:
    """True when something is missing."""
    file = city.folder / f"{number}.tar"
    before, began = list(acknowledged), time.monotonic()
    subprocess.run([sys.executable, "-m", "app", "backup", str(file)], env=city.environment(), check=True)
    took = time.monotonic() - began
    rate = (len(acknowledged) - len(before)) / took
    there = new_place(city, number)
    began = time.monotonic()
    restore(there, str(file), silently)
    back = time.monotonic() - began
    missing, photos = what_is_missing(there, before)
    size = file.stat().st_size / 1e6
    file.unlink()
    print(
        f"{number}: backup {took:.1f} s at {rate:.0f} writes/s, {size:.1f} MB; "
        f"restore {back:.1f} s; missing: {missing} writes, {photos} photos",
        flush=True,
    )
    return bool(missing or photos)


def new_place(city: City, number: int) -> Settings:
    name = f"restored{number}"
    url = f"sqlite:///{city.folder}/{name}/city.db"
    if not city.database_url.startswith("sqlite"):
        url = city.database_url.replace("/city?", f"/{name}?")
        engine = create_engine(
            city.database_url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
    return Settings(_env_file=None, database_url=url, storage_url=f"file://{city.folder}/{name}-photos")


def what_is_missing(there: Settings, before: list[str]) -> tuple[int, int]:
    """Writes that are not there, and files of photos that the database names and the store lacks."""
    database, storage = Database(there.database_url), storage_from_url(there.storage_url)
    with database.session() as session:
        titles = session.execute(text("SELECT title FROM issue")).scalars().all()
        notes = session.exec(select(AuditEntry.subject_id).where(AuditEntry.kind == "bench")).all()
        found = {*session.exec(select(Comment.body)), *titles, *notes}
        keys = session.exec(select(Photo.key)).all()
    database.close()
    lost = 0
    for key in keys:
        for size in ("large", "small"):
            try:
                storage.get(f"{key}-{size}.jpg")
            except NotStored:
                lost += 1
    return len(set(before) - found), lost


if __name__ == "__main__":
    sys.exit(main())
