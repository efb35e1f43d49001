"""A copy of everything: complete, only for oneself, and only for an hour."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import time_machine
from sqlmodel import Session, select

from app.accounts.models import Person
from app.activity.models import OutgoingMail
from app.core.clock import now
from app.privacy.models import DataExport
from app.settings import Settings
from tests.browsing import Browser
from tests.privacy.leaving import EMAIL, NAME, PHONE, PHOTO_KEY, WORDS, Leaver
from tests.sample_photos import a_photo


def ask(browser: Browser, worker: Callable[[], None]) -> str:
    """The address of the copy."""
    assert browser.post("/me/data/copies").headers["location"] == "/me/data"
    assert "We are making your copy." in browser.get("/me/data").text
    worker()
    found = re.search(r'href="(/me/data/copies/[0-9a-f]+)"', browser.get("/me/data").text)
    assert found
    return found.group(1)


def test_everything_is_in_it(leaving: Browser, leaver: Leaver, worker: Callable[[], None]) -> None:
    answer = leaving.get(ask(leaving, worker))
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    archive = ZipFile(BytesIO(answer.content))
    assert sorted(archive.namelist()) == ["README.txt", "data.json", f"photos/{PHOTO_KEY}-large.jpg"]
    assert archive.read(f"photos/{PHOTO_KEY}-large.jpg") == a_photo()
    said = archive.read("data.json").decode()
    assert [word for word in (*WORDS, NAME, EMAIL, PHONE) if word.lower() not in said.lower()] == []
    data = json.loads(said)
    assert [row["title"] for row in data["issue"]] == [leaver.mine.title]
    assert [row["body"] for row in data["comment"]] == [leaver.comment.body]
    assert {row["issue_id"] for row in data["vote"]} == {leaver.mine.id, leaver.other.id}
    readme = archive.read("README.txt").decode()
    assert all(f"{table} (" in readme for table in data)


def test_what_opens_something_and_who_others_are_is_not_in_it(
    leaving: Browser, leaver: Leaver, worker: Callable[[], None]
) -> None:
    archive = ZipFile(BytesIO(leaving.get(ask(leaving, worker)).content))
    said = archive.read("data.json").decode()
    assert leaver.session_key not in said
    assert "key_hash" not in said
    assert "code_hash" not in said
    for rows in json.loads(said).values():
        numbers = {row[column] for row in rows for column in ("person_id", "author_id") if column in row}
        assert numbers <= {leaver.person.id, None}


def test_the_readme_is_in_the_language_of_the_person(
    leaving: Browser, leaver: Leaver, session: Session, worker: Callable[[], None]
) -> None:
    leaver.person.locale = "nl"
    session.add(leaver.person)
    session.commit()
    leaving.post("/me/data/copies")
    worker()
    copy = session.exec(select(DataExport)).one()
    archive = ZipFile(BytesIO(leaving.get(f"/me/data/copies/{copy.id}").content))
    assert "Alles wat Buurtlab over je bewaart" in archive.read("LEESMIJ.txt").decode()


def test_nobody_else_gets_it(leaving: Browser, resident: Browser, visitor: Browser, worker: Callable[[], None]) -> None:
    path = ask(leaving, worker)
    assert resident.get(path).status_code == 404
    assert visitor.get(path).headers["location"].startswith("/sign-in")
    assert leaving.get(path).status_code == 200


def test_it_is_only_for_who_has_just_shown_that_it_is_they(leaving: Browser, worker: Callable[[], None]) -> None:
    path = ask(leaving, worker)
    with time_machine.travel(now() + timedelta(minutes=20)):
        assert leaving.get(path).headers["location"] == f"/me/confirm?next={path}"


def test_after_an_hour_it_is_gone(
    leaving: Browser, worker: Callable[[], None], session: Session, settings: Settings,
    browser_of: Callable[[Person | None], Browser], leaver: Leaver,
) -> None:  # fmt: skip
    path = ask(leaving, worker)
    folder = Path(settings.storage_url.removeprefix("file://"))
    assert list(folder.glob("export-*.zip"))
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert browser_of(leaver.person).get(path).status_code == 404
        worker()
        worker()
    assert not list(folder.glob("export-*.zip"))
    assert session.exec(select(DataExport)).first() is None


def test_a_mail_says_that_it_is_ready_once(
    leaving: Browser, leaver: Leaver, worker: Callable[[], None], session: Session
) -> None:
    ask(leaving, worker)
    leaving.post("/me/data/copies")
    worker()
    sent = select(OutgoingMail).where(OutgoingMail.template == "copy_ready")
    assert [mail.person_id for mail in session.exec(sent)] == [leaver.person.id]


def test_a_copy_goes_with_the_account(
    leaving: Browser, leaver: Leaver, worker: Callable[[], None], settings: Settings
) -> None:
    ask(leaving, worker)
    leaving.post("/me/data/erasure", data={"choice": "keep"})
    worker()
    assert not list(Path(settings.storage_url.removeprefix("file://")).glob("export-*.zip"))
