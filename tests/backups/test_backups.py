"""A backup holds everything that was acknowledged before it began, and comes back whole or not at all."""

import gzip
import json
import os
import stat
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import TextIOWrapper
from itertools import compress
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlmodel import Session, func, select

from app.accounts.actions import open_session_for
from app.accounts.models import Person, SignedInSession
from app.activity.models import AuditEntry
from app.backups.archive import END, MANIFEST, Writer
from app.backups.backing_up import back_up
from app.backups.restoring import restore
from app.content.models import Content, Kind
from app.core.clock import now
from app.core.db import Database
from app.core.limits import Limiter
from app.core.storage import FileStorage, StorageFailed, storage_from_url
from app.demo.progress import Progress, silently
from app.discussions.models import Comment, Thread
from app.issues.models import Issue, Photo
from app.jobs import Workplace, sweep_orphaned_photos
from app.main import create_app
from app.matching.models import TextVector
from app.migrate import config_for, is_up_to_date, migrate, newest_revision
from app.privacy.erasing import Choice, erase_account, take_one_issue
from app.privacy.left import note_who_left
from app.settings import Settings
from tests.backups.conftest import NewPlace, holdings
from tests.browsing import Browser
from tests.conftest import Cast
from tests.crowd import Phone
from tests.factories import make_comment, make_issue, make_person
from tests.live import serve_live
from tests.sample_photos import a_photo

OTHER = {"sqlite": "postgresql", "postgresql": "sqlite"}
FORM = {"title": "Losse tegel", "description": "Hij ligt los.", "lat": 52.105, "lon": 4.275, "precision": "exact"}


def kind_of(settings: Settings) -> str:
    return settings.database_url.partition(":")[0]


def counted(session: Session, table: Any) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


@contextmanager
def busy(url: str, keys: list[str], issue: int) -> Iterator[list[str]]:
    """People comment without end; collects what the site has acknowledged."""
    stop, acknowledged = threading.Event(), list[str]()

    def comment(number: int, key: str) -> None:
        phone, count = Phone(url, {"session": key}), 0
        while not stop.is_set():
            body = f"Reactie {number}-{count}"
            if phone.post(f"/issues/{issue}/comments", {"body": body}).status == 303:
                acknowledged.append(body)
            count += 1

    threads = [threading.Thread(target=comment, args=each) for each in enumerate(keys)]
    for thread in threads:
        thread.start()
    try:
        yield acknowledged
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def until_more(acknowledged: list[str]) -> Progress:
    """In the middle of reading, waits for what people write meanwhile: nobody waits for a backup."""

    def show(what: str, _done: int, _of: int) -> None:
        until, deadline = len(acknowledged) + 2, time.monotonic() + 30
        while what == "rows" and len(acknowledged) < until and len(waited) < 3:
            assert time.monotonic() < deadline, "writing has to wait"
            time.sleep(0.02)
        waited.append(what)

    waited: list[str] = []
    return show


def test_while_people_write_a_backup_holds_all_that_was_acknowledged_before_it_began(
    settings: Settings, session: Session, tmp_path: Path, new_place: NewPlace
) -> None:
    people = [make_person(session, name) for name in ("anna", "bram", "cor", "dirk")]
    keys = []
    for person in people:
        session.refresh(person, ["roles"])
        keys.append(open_session_for(session, person, "test"))
    session.commit()
    with serve_live(settings) as server:
        filed = Phone(server.url, {"session": keys[0]}).post("/issues", FORM, photos=[a_photo()])
        assert filed.status == 303, filed.text
        issue = int(filed.location.split("/issues/")[1].partition("-")[0].partition("?")[0])
        with busy(server.url, keys, issue) as acknowledged:
            while len(acknowledged) < 20:
                time.sleep(0.05)
            before = list(acknowledged)
            back_up(settings, str(tmp_path / "kept.tar"), until_more(acknowledged))
    place = new_place(kind_of(settings))
    restore(place, str(tmp_path / "kept.tar"), silently)
    database = Database(place.database_url)
    with database.session() as restored:
        bodies = set(restored.exec(select(Comment.body)))
        assert set(before) <= bodies
        assert restored.get_one(Issue, issue).comment_count == len(bodies), "all of one moment"
        photo = restored.exec(select(Photo)).one()
        assert counted(restored, SignedInSession) == 0, "everybody signs in again"
        assert restored.exec(select(AuditEntry).where(AuditEntry.kind == "site.restored")).one().actor_role == "console"
    assert is_up_to_date(database)
    database.close()
    for size in ("large", "small"):
        name = f"{photo.key}-{size}.jpg"
        assert storage_from_url(place.storage_url).get(name) == storage_from_url(settings.storage_url).get(name)
    site = create_app(place)
    with Browser(site) as browser:
        assert "Losse tegel" in browser.get("/issues?q=tegel").text, "it can be searched, too"
        assert browser.get(f"/photos/{photo.key}-small.jpg").status_code == 200
    site.state.database.close()


@pytest.fixture
def world(settings: Settings, session: Session, cast: Cast) -> Settings:
    """A site with a little of everything."""
    issue = make_issue(session, cast.author, 'Ünïcode ’s avonds \\ " \t en 🚲')
    later = make_issue(session, cast.resident)
    issue.merged_into = later.id  # points at a row that comes after it
    make_comment(
        session, cast.resident, issue, parent=make_comment(session, cast.author, issue, "Regel 1\nregel 2 \\N")
    )
    session.add(TextVector(kind="theme", key=1, part=0, digest="d", vector=bytes(range(256))))
    session.add(AuditEntry(kind="test", subject_kind="issue", subject_id="1", facts={"a": [None, 1.5, "é"], "b": {}}))
    session.commit()
    return settings


def test_what_comes_out_of_one_database_fits_the_other(world: Settings, new_place: NewPlace, tmp_path: Path) -> None:
    back_up(world, str(tmp_path / "kept.tar"), silently)
    place = new_place(OTHER[kind_of(world)])
    prepared = Database(place.database_url)
    migrate(prepared)
    prepared.close()
    manifest = restore(place, str(tmp_path / "kept.tar"), silently)
    assert manifest.dialect == kind_of(world)
    assert holdings(place) == holdings(world)
    with Database(place.database_url).session() as session:
        make_issue(session, make_person(session, "nieuw"), "De eerste na de verhuizing")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_photos_go_from_a_folder_into_a_bucket_and_back(
    settings: Settings, author: Browser, new_place: NewPlace, bucket_url: str, tmp_path: Path
) -> None:
    filed = author.post("/issues", data=FORM, files=[("photos", ("foto.jpg", a_photo(), "image/jpeg"))])
    assert filed.status_code == 303
    into = new_place("sqlite").model_copy(update={"storage_url": bucket_url})
    back = new_place("sqlite")
    for number, (source, place) in enumerate([(settings, into), (into, back)]):
        back_up(source, str(tmp_path / f"{number}.tar"), silently)
        restore(place, str(tmp_path / f"{number}.tar"), silently)
        assert stored(place) == stored(settings) != {}


def stored(place: Settings) -> dict[str, bytes]:
    storage = storage_from_url(place.storage_url)
    return {key: storage.get(key) for key in list(storage.keys())}


def test_a_number_that_was_given_out_is_not_given_out_again_and_a_pipe_will_do(
    session: Session, settings: Settings, new_place: NewPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind_of(settings) == "sqlite":
        return
    session.add(thread := Thread())
    session.flush()
    number = thread.id
    session.delete(thread)
    session.commit()
    with (tmp_path / "pipe").open("wb") as pipe:
        monkeypatch.setattr(sys, "stdout", TextIOWrapper(pipe))
        back_up(settings, "-", silently)
        sys.stdout.flush()
    place = new_place("postgresql")
    with (tmp_path / "pipe").open("rb") as pipe:
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(pipe))
        restore(place, "-", silently)
    with Database(place.database_url).session() as restored:
        restored.add(thread := Thread())
        restored.flush()
        assert thread.id > number


def repacked(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The same archive with some members changed, or left out."""
    with tarfile.open(source) as old, target.open("wb") as file:
        new = Writer(file, 0)
        for member in old.getmembers():
            opened = old.extractfile(member)
            assert opened
            data = change(member.name, opened.read())
            if member.name == END and data:
                data = json.dumps({**json.loads(data), "members": new.members}).encode()
            if data is not None:
                new.add(member.name, data)
        new.tar.close()
    return target


def with_manifest(**values: object) -> Callable[[str, bytes], bytes]:
    return lambda name, data: json.dumps({**json.loads(data), **values}).encode() if name == MANIFEST else data


def a_vote_less(name: str, data: bytes) -> bytes:
    return gzip.compress(gzip.decompress(data).rpartition(b"\n")[0]) if name.startswith("tables/person/") else data


def spoiled(archive: Path, folder: Path) -> dict[str, tuple[Path, str]]:
    """Archives that must not be restored, and a word of what is said of each."""
    whole = archive.read_bytes()
    end, in_comments = whole.rindex(END.encode()), whole.rindex(b"tables/comment/") + 512
    found = {
        "empty": (b"", "not a backup"),
        "a letter": (b"Dear sir or madam, " * 1000, "not a backup"),
        "cut off in the middle": (whole[: len(whole) // 2], "cut off|not complete"),
        "cut off before its end": (whole[: whole.rindex(b"ustar", 0, end - 1024) - 257], "cut off|not complete"),
        "one bit": (whole[:in_comments] + bytes([whole[in_comments] ^ 1]) + whole[in_comments + 1 :], "damaged"),
    }
    files = {}
    for name, (data, said) in found.items():
        (folder / f"{name}.tar").write_bytes(data)
        files[name] = (folder / f"{name}.tar", said)
    changes: dict[str, tuple[Callable[[str, bytes], bytes], str]] = {
        "newer": (with_manifest(migration="9999"), "does not know"),
        "much newer": (with_manifest(format=99), "newer version"),
        "of somebody else": (with_manifest(product="Else", tables=None), "not a backup"),
        "a row less": (a_vote_less, "damaged"),
    }
    for name, (change, said) in changes.items():
        files[name] = (repacked(archive, folder / f"{name}.tar", change), said)
    return files


def test_nothing_is_restored_from_a_bad_archive_or_over_what_is_there(
    world: Settings, new_place: NewPlace, tmp_path: Path
) -> None:
    good = tmp_path / "kept.tar"
    back_up(world, str(good), silently)
    place = new_place(kind_of(world))
    for name, (file, said) in spoiled(good, tmp_path).items():
        with pytest.raises(ValueError, match=said):
            restore(place, str(file), silently)
        assert not tables_of(place), f"{name} left something"
    with pytest.raises(OSError, match="No such file"):
        restore(place, str(tmp_path / "none.tar"), silently)
    restore(place, str(good), silently)
    kept = holdings(place)
    with pytest.raises(ValueError, match="not empty"):
        restore(place, str(good), silently)
    assert holdings(place) == kept == holdings(world)


def tables_of(place: Settings) -> list[str]:
    database = Database(place.database_url)
    try:
        return inspect(database.engine).get_table_names()
    finally:
        database.close()


def test_an_archive_of_an_earlier_version_is_migrated(world: Settings, new_place: NewPlace, tmp_path: Path) -> None:
    """As if the newest migration had not been there: its tables and columns are not in the archive."""
    back_up(world, str(tmp_path / "kept.tar"), silently)
    earlier = ScriptDirectory.from_config(config_for()).get_revision(newest_revision()).down_revision
    old = Database(f"sqlite:///{tmp_path}/old.db")
    migrate(old, str(earlier))
    columns = {name: {each["name"] for each in inspect(old.engine).get_columns(name)} for name in tables_in(old)}
    old.close()

    kept: dict[str, list[int]] = {}  # which columns of each table there were

    def older(name: str, data: bytes) -> bytes | None:
        if name == MANIFEST:
            told = json.loads(data)
            tables = [table for table in told["tables"] if table["name"] in columns]
            for table in tables:
                there = [column[0] in columns[table["name"]] for column in table["columns"]]
                kept[table["name"]] = [number for number, is_there in enumerate(there) if is_there]
                table["columns"] = list(compress(table["columns"], there))
            return json.dumps({**told, "migration": earlier, "tables": tables}).encode()
        if not name.startswith("tables/"):
            return data
        numbers = kept.get(name.split("/")[1])
        if numbers is None:
            return None
        rows = map(json.loads, gzip.decompress(data).decode().split("\n"))
        return gzip.compress("\n".join(json.dumps([row[number] for number in numbers]) for row in rows).encode())

    file = repacked(tmp_path / "kept.tar", tmp_path / "older.tar", older)
    place = new_place(kind_of(world))
    restore(place, str(file), silently)
    database = Database(place.database_url)
    assert is_up_to_date(database)
    database.close()
    found = holdings(place)
    assert found["comment"] == holdings(world)["comment"] != []


def tables_in(database: Database) -> list[str]:
    return inspect(database.engine).get_table_names()


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_backup_is_for_its_owners_eyes_and_never_takes_the_place_of_a_file(
    session: Session, settings: Settings, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    issue = make_issue(session, cast.author)
    for number, key in enumerate(("a" * 32, "b" * 32)):
        content = Content(kind=Kind.PHOTO, author_id=cast.author.id, language="")
        session.add(content)
        session.flush()
        session.add(Photo(issue_id=issue.id, content_id=content.id, key=key, width=1, height=1, position=number))
    session.commit()
    storage = storage_from_url(settings.storage_url)
    for size in ("large", "small"):
        storage.put(f"{'a' * 32}-{size}.jpg", b"a photo")
    end = back_up(settings, str(folder / "kept.tar"), silently)
    assert (end.photos, end.lost, end.gone) == (2, 1, 0), "what is missing in the store does not keep the rest"
    assert stat.S_IMODE((folder / "kept.tar").stat().st_mode) == 0o600
    before = (folder / "kept.tar").read_bytes()
    for target in (folder / "kept.tar", folder, tmp_path / "nowhere" / "kept.tar"):
        with pytest.raises(ValueError, match=r"already|folder"):
            back_up(settings, str(target), silently)
    monkeypatch.setattr(FileStorage, "get", unreadable)
    with pytest.raises(StorageFailed):
        back_up(settings, str(folder / "half.tar"), silently)
    assert [path.name for path in folder.iterdir()] == ["kept.tar"], "nothing half is left"
    assert (folder / "kept.tar").read_bytes() == before


def unreadable(_storage: FileStorage, _key: str) -> bytes:
    raise StorageFailed("Input/output error")


def test_a_database_that_a_server_has_open_is_not_replaced(
    new_place: NewPlace, world: Settings, tmp_path: Path
) -> None:
    back_up(world, str(tmp_path / "kept.tar"), silently)
    place = new_place(kind_of(world))
    running = Database(place.database_url)
    migrate(running)
    with running.session() as session:
        session.exec(select(Issue).limit(1)).all()
        with pytest.raises(ValueError, match="in use"):
            restore(place, str(tmp_path / "kept.tar"), silently)
    running.close()


def test_who_left_after_a_backup_stays_away_when_it_is_restored(
    session: Session, settings: Settings, cast: Cast, new_place: NewPlace, tmp_path: Path
) -> None:
    kept, taken, theirs = (make_issue(session, who) for who in (cast.resident, cast.author, cast.moderator))
    back_up(settings, str(tmp_path / "kept.tar"), silently)
    erase_account(session, cast.author.id, Choice.TAKE_AWAY)
    erase_account(session, cast.resident.id, Choice.KEEP)
    take_one_issue(session, theirs.id, cast.moderator.id, Choice.TAKE_AWAY)
    session.commit()
    place = new_place(kind_of(settings)).model_copy(update={"storage_url": settings.storage_url})
    storage, database = storage_from_url(settings.storage_url), Database(settings.database_url)
    assert note_who_left(database, storage) == 4, "two people, the issue of one of them, and one more"
    assert note_who_left(database, storage) == 0
    workplace = Workplace(database, storage, Limiter(database, settings), settings)
    storage_of_old = storage.folder / "left"  # type: ignore[attr-defined]
    for file in storage_of_old.iterdir():
        os.utime(file, (0, (now() - timedelta(days=90)).timestamp()))
    sweep_orphaned_photos(workplace)
    database.close()
    restore(place, str(tmp_path / "kept.tar"), silently)
    restored = Database(place.database_url)
    with restored.session() as there:
        for person in (cast.author, cast.resident):
            assert there.get_one(Person, person.id).email is None
        assert there.get_one(Person, cast.moderator.id).email
        assert there.get_one(Issue, kept.id).description == kept.description
        assert [there.get_one(Issue, each.id).description for each in (taken, theirs)] == ["", ""]
        facts = there.exec(select(AuditEntry.facts).where(AuditEntry.kind == "site.restored")).one()
        assert facts["left_again"] == 4
    restored.close()
