"""The same promises from a folder and from a bucket, the latter against a real S3 server in this process."""

import errno
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.core.storage import FileStorage, NotStored, Storage, StorageFailed, storage_from_url

KEY = "ab/abcdef0123.jpg"


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return storage_from_url(f"file://{tmp_path}/photos")
    return storage_from_url(request.getfixturevalue("bucket_url"))


def test_what_was_put_is_there(store: Storage) -> None:
    store.put(KEY, b"pixels")
    assert store.get(KEY) == b"pixels"


def test_putting_twice_keeps_the_last(store: Storage) -> None:
    store.put(KEY, b"first")
    store.put(KEY, b"second")
    assert store.get(KEY) == b"second"
    assert list(store.keys()) == [KEY]


def test_what_is_not_there(store: Storage) -> None:
    with pytest.raises(NotStored):
        store.get(KEY)
    with pytest.raises(NotStored):
        store.get("ab")


def test_deleted_is_gone_and_deleting_again_is_fine(store: Storage) -> None:
    store.put(KEY, b"pixels")
    store.delete(KEY)
    store.delete(KEY)
    with pytest.raises(NotStored):
        store.get(KEY)
    assert list(store.keys()) == []


def test_keys_by_age(store: Storage) -> None:
    for key in (KEY, "cd/cdef.jpg", "ef/nested/one.jpg"):
        store.put(key, b"pixels")
    now = datetime.now(UTC)
    assert (
        sorted(store.keys())
        == sorted(store.keys(now + timedelta(minutes=1)))
        == [KEY, "cd/cdef.jpg", "ef/nested/one.jpg"]
    )
    assert list(store.keys(now - timedelta(minutes=1))) == []


def test_keys_of_an_empty_store(store: Storage) -> None:
    assert list(store.keys()) == []


def test_many_keys(store: Storage) -> None:
    wanted = {f"{n % 7:02x}/{n:06x}.jpg" for n in range(120)}
    for key in wanted:
        store.put(key, b"p")
    assert set(store.keys()) == wanted


def test_check_leaves_nothing_behind(store: Storage) -> None:
    store.check()
    assert list(store.keys()) == []


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "../x.jpg",
        "ab/../../x.jpg",
        "ab//x.jpg",
        "ab/.x.jpg",
        "ab\\x.jpg",
        "AB/x.jpg",
        "x" * 300,
        "ab/x\0.jpg",
        "ab/x.jpg\n",
        "ab/",
        "..",
        "ab/x..jpg",
        "é.jpg",
    ],
)
def test_keys_that_lead_elsewhere(store: Storage, key: str) -> None:
    actions: list[Callable[[], object]] = [
        lambda: store.put(key, b"x"),
        lambda: store.get(key),
        lambda: store.delete(key),
    ]
    for action in actions:
        with pytest.raises(ValueError, match="not a storage key"):
            action()


# A folder


def test_a_file_is_complete_or_absent_when_the_disk_is_full(tmp_path: Path) -> None:
    """A limit on file size stands for the full disk: writing stops half way."""
    store = FileStorage(tmp_path)
    store.put(KEY, b"before")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(StorageFailed, match=os.strerror(errno.EFBIG)):
            store.put(KEY, bytes(50_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert store.get(KEY) == b"before"
    assert list(store.keys()) == [KEY]


def test_what_a_crash_left_half_written_is_an_orphan(tmp_path: Path) -> None:
    """Killed between writing and renaming."""
    code = (
        "import os, pathlib, sys\nfrom app.core.storage import FileStorage\n"
        "pathlib.Path.replace = lambda self, target: os._exit(9)\n"
        f"FileStorage(pathlib.Path(sys.argv[1])).put({KEY!r}, b'pixels')"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == 9
    store = FileStorage(tmp_path)
    with pytest.raises(NotStored):
        store.get(KEY)
    [half] = store.keys(datetime.now(UTC) + timedelta(minutes=1))
    assert half != KEY
    store.delete(half)
    assert list(store.keys()) == []


def test_file_and_folders_are_synced_before_put_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    sync, rename = os.fsync, Path.replace

    def noted_sync(handle: int) -> None:
        steps.append(f"sync {Path(os.readlink(f'/proc/self/fd/{handle}')).relative_to(tmp_path).as_posix()[:11]}")
        sync(handle)

    def noted_rename(half: Path, whole: Path) -> Path:
        steps.append("rename")
        return rename(half, whole)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_rename)
    FileStorage(tmp_path).put("ab/cdefghij.jpg", b"pixels")
    assert steps == ["sync .", "sync ab/cdefghij", "rename", "sync ab"]


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "photos").write_text("a file where a folder should be")
    store = FileStorage(tmp_path / "photos")
    with pytest.raises(StorageFailed) as failed:
        store.check()
    assert "photos" in str(failed.value)
    assert "photos" not in str(failed.value.message).removeprefix("Photos")


def test_strange_files_in_the_folder_are_not_ours(tmp_path: Path) -> None:
    (tmp_path / "README.TXT").write_text("not a key")
    (tmp_path / ".hidden").write_text("not a key")
    assert list(FileStorage(tmp_path).keys()) == []


# A bucket


def test_a_bucket_keeps_to_its_prefix(s3_endpoint: str, bucket_url: str) -> None:
    storage_from_url(bucket_url).put(KEY, b"pixels")
    other = storage_from_url(bucket_url.replace("/city?", "/other?"))
    whole = storage_from_url(bucket_url.replace("/city?", "?"))
    assert list(other.keys()) == []
    assert list(whole.keys()) == [f"city/{KEY}"]


def test_a_bucket_that_does_not_exist(s3_endpoint: str, bucket_url: str) -> None:
    missing = storage_from_url(f"s3://no-such-bucket?endpoint={s3_endpoint}&region=us-east-1")
    with pytest.raises(StorageFailed, match="bucket"):
        missing.check()


def test_a_bucket_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    start = time.perf_counter()
    with pytest.raises(StorageFailed):
        storage_from_url("s3://photos?endpoint=http://127.0.0.1:9&region=us-east-1").get(KEY)
    assert time.perf_counter() - start < 10


def test_without_the_extra_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(ValueError, match=r"buurtlab\[s3\]"):
        storage_from_url("s3://photos")


# Addresses


def test_a_folder_by_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folders = {}
    for url in ("file:///srv/photos", "file:var/photos", "file://localhost/srv/my%20photos"):
        found = storage_from_url(url)
        assert isinstance(found, FileStorage)
        folders[url] = found.folder
    assert [str(folder) for folder in folders.values()] == [
        "/srv/photos",
        str(tmp_path / "var/photos"),
        "/srv/my photos",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "photos",
        "file:",
        "file:///",
        "file://var/photos",
        "s3://",
        "ftp://host/dir",
        "s3://bucket?profile=me",
    ],
)
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="storage address"):
        storage_from_url(url)


def test_the_folder_store_does_not_load_the_bucket_library() -> None:
    code = "import sys\nfrom app.core.storage import storage_from_url\nstorage_from_url('file:x')\n"
    code += "sys.exit('obstore' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
