"""Where photos lie: a folder, or a bucket that speaks S3.

A key looks like `ab/abcdef.jpg`. What `put` has returned for survives a power cut; what fails leaves
no half photo.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from app.core.errors import NotFound, Unavailable
from app.core.i18n import _

if TYPE_CHECKING:
    from obstore.store import S3Store

KEY = re.compile(r"(?:[a-z0-9][a-z0-9_-]*/)*[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9]+)*")


class NotStored(NotFound):
    pass


class StorageFailed(Unavailable):
    """The reason is for the log and for `buurtlab check`; the person gets a plain sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(_("Photos cannot be stored or fetched at the moment. Try again in a minute."))
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class Storage(Protocol):
    """Every method but `get` may raise StorageFailed; `get` also NotStored."""

    def put(self, key: str, data: bytes) -> None: ...

    def get(self, key: str) -> bytes: ...

    def delete(self, key: str) -> None:
        """Deleting what is not there is no error."""

    def keys(self, older_than: datetime | None = None, under: str = "") -> Iterator[str]:
        """All keys, or those last written before a moment (with its time zone), or those below a folder."""

    def check(self) -> None:
        """Writes, reads and deletes a small file."""


def storage_from_url(url: str) -> Storage:
    """`file:///dir`, `file:dir` under where the server was started, or `s3://bucket/prefix?endpoint=…&region=…`."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path.strip("/"):
        return FileStorage(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc:
        options = dict(parse_qsl(parts.query))
        if unknown := options.keys() - {"endpoint", "region"}:
            raise ValueError(f"The storage address has an option we do not know: {min(unknown)}.")
        return ObjectStorage(parts.netloc, unquote(parts.path).strip("/"), **options)
    raise ValueError("The storage address must be file:///dir, file:dir or s3://bucket/prefix?endpoint=…&region=….")


def checked(key: str) -> str:
    """Raises ValueError for a key that could lead out of the store."""
    if not KEY.fullmatch(key) or len(key) > 200:
        raise ValueError("not a storage key")
    return key


class FileStorage:
    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    def put(self, key: str, data: bytes) -> None:
        """Written beside its place, synced, then renamed: a reader sees all of it or nothing."""
        path = self.folder / checked(key)
        with _said_plainly():
            self._make_folder(path.parent)
            half = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            try:
                _write_through(half, data)
                half.replace(path)
            except BaseException:
                with suppress(OSError):
                    half.unlink()
                raise
            sync_to_disk(path.parent)

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        if folder != self.folder:
            self._make_folder(folder.parent)
        folder.mkdir(parents=True, exist_ok=True)
        sync_to_disk(folder.parent)

    def get(self, key: str) -> bytes:
        with _said_plainly():
            try:
                return (self.folder / checked(key)).read_bytes()
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
                raise NotStored from None

    def delete(self, key: str) -> None:
        with _said_plainly(), suppress(FileNotFoundError):
            (self.folder / checked(key)).unlink()

    def keys(self, older_than: datetime | None = None, under: str = "") -> Iterator[str]:
        """Also what a crash left half written, under a name that nobody knows: an orphan like any other."""
        for folder, _folders, names in os.walk(self.folder / under):
            for name in names:
                path = Path(folder, name)
                key = path.relative_to(self.folder).as_posix()
                if KEY.fullmatch(key) and _written_before(path, older_than):
                    yield key

    def check(self) -> None:
        _check(self)


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise StorageFailed(f"{error.strerror or error}{where}") from error


def _write_through(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_to_disk(path: Path) -> None:
    """What a file holds, or the names in a folder: only then is a new name itself safe."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _written_before(path: Path, moment: datetime | None) -> bool:
    try:
        return moment is None or path.stat().st_mtime < moment.timestamp()
    except FileNotFoundError:
        return False


class ObjectStorage:
    """A bucket; who we are comes from the usual AWS_… environment variables."""

    def __init__(self, bucket: str, prefix: str = "", endpoint: str | None = None, region: str | None = None) -> None:
        self._store = _bucket(bucket, prefix, endpoint, region)

    def put(self, key: str, data: bytes) -> None:
        try:
            with _said_plainly_by_s3():
                self._store.put(checked(key), data, attributes={"Content-Type": "image/jpeg"})
        except NotStored:
            raise StorageFailed("the bucket does not exist") from None

    def get(self, key: str) -> bytes:
        with _said_plainly_by_s3():
            return bytes(self._store.get(checked(key)).bytes())

    def delete(self, key: str) -> None:
        with suppress(NotStored), _said_plainly_by_s3():
            self._store.delete(checked(key))

    def keys(self, older_than: datetime | None = None, under: str = "") -> Iterator[str]:
        with _said_plainly_by_s3():
            for page in self._store.list(under or None):
                for found in page:
                    if older_than is None or found["last_modified"] < older_than:
                        yield found["path"]

    def check(self) -> None:
        _check(self)


def _bucket(bucket: str, prefix: str, endpoint: str | None, region: str | None) -> "S3Store":
    try:
        from obstore.store import S3Store
    except ImportError:
        raise ValueError("Storage in a bucket needs the extra: install buurtlab[s3].") from None
    return S3Store(
        bucket,
        prefix=prefix or None,
        endpoint=endpoint,
        region=region,
        client_options={
            "allow_http": (endpoint or "").startswith("http://"),
            "connect_timeout": timedelta(seconds=5),
            "timeout": timedelta(seconds=20),
        },
        # A person is waiting; the defaults go on for minutes.
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
    )


@contextmanager
def _said_plainly_by_s3() -> Iterator[None]:
    from obstore.exceptions import BaseError

    try:
        yield
    except FileNotFoundError:
        raise NotStored from None
    except BaseError as error:
        raise StorageFailed(" ".join(str(error).split())[:300]) from error


def _check(storage: Storage) -> None:
    sent = secrets.token_hex(8)
    probe = f"check/{sent}"
    storage.put(probe, sent.encode())
    received = storage.get(probe)
    storage.delete(probe)
    if received != sent.encode():
        raise StorageFailed("what was read back is not what was written")
