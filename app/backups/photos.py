"""Photos on their way into an archive and out of it."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

from sqlalchemy import Connection, union_all
from sqlmodel import col, select

from app.backups.archive import PHOTOS, Writer
from app.core.db import Database
from app.core.storage import NotStored, Storage
from app.demo.progress import Progress
from app.filing.drafts import photos_in_use
from app.filing.models import DraftPhoto
from app.issues.models import Photo

SIZES = ("large", "small")
AT_ONCE = 32
"""Asked of the store side by side: a bucket takes as long for one as for eight."""
HANDS = 8


@dataclass
class Copied:
    photos: int = 0
    gone: int = 0
    lost: int = 0


class Names:
    """The photos that a database knows: a million names, which lie in a file meanwhile."""

    def __init__(self, file: TextIO, connection: Connection) -> None:
        self.file = file
        self.count = 0
        known = union_all(select(col(Photo.key)), select(col(DraftPhoto.key)))
        for key in connection.execution_options(yield_per=5_000).execute(known).scalars():
            self.file.write(f"{key}\n")
            self.count += 1

    def __iter__(self) -> Iterator[str]:
        self.file.seek(0)
        return (line.strip() for line in self.file)


def copy_photos(names: Names, storage: Storage, database: Database, archive: Writer, progress: Progress) -> Copied:
    copied, done = Copied(), 0
    waiting = iter(names)
    with ThreadPoolExecutor(HANDS) as hands:
        while keys := list(islice(waiting, AT_ONCE)):
            missing = set()
            files = [f"{key}-{size}.jpg" for key in keys for size in SIZES]
            for file, data in zip(files, hands.map(lambda file: _fetched(storage, file), files), strict=True):
                if data is None:
                    missing.add(file.partition("-")[0])
                else:
                    archive.add(PHOTOS + file, data)
                    copied.photos += 1
            _tell_apart(missing, database, copied)
            done += len(keys)
            progress("photos", len(SIZES) * done, len(SIZES) * names.count)
    return copied


def _fetched(storage: Storage, file: str) -> bytes | None:
    try:
        return storage.get(file)
    except NotStored:
        return None


def _tell_apart(missing: set[str], database: Database, copied: Copied) -> None:
    """Whoever takes a photo away while it is being copied loses nothing; a photo that should be there is lost."""
    if missing:
        with database.session() as session:
            lost = photos_in_use(session, missing)
        copied.lost += len(lost)
        copied.gone += len(missing - lost)


class Shelf:
    """Puts photos back, several at a time: each of them waits for the disk, or for the bucket."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.hands = ThreadPoolExecutor(HANDS)
        self.waiting: list[tuple[str, bytes]] = []

    def put(self, file: str, data: bytes) -> None:
        self.waiting.append((file, data))
        if len(self.waiting) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Raises what went wrong with any of them."""
        now, self.waiting = self.waiting, []
        all_of(self.hands.map(self._put, now))

    def _put(self, photo: tuple[str, bytes]) -> None:
        """A restore that is begun again finds most of them in their place."""
        file, data = photo
        if _fetched(self.storage, file) != data:
            self.storage.put(file, data)


def all_of(outcomes: Iterable[None]) -> None:
    for _outcome in outcomes:
        pass
