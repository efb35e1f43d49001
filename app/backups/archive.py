"""One file with everything of a site: a tar, so that any tool can look into it.

First `manifest.json`, then the tables as lines of JSON in compressed pieces, then the photos, and last `end.json`:
a file without its end was cut off. Each member carries its checksum. Written and read once, from front to back, so
that it may come out of one program and go into another.
"""

import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO

FORMAT = 1
MANIFEST = "manifest.json"
END = "end.json"
TABLES = "tables/"
PHOTOS = "photos/"
CHECKSUM = "BUURTLAB.sha256"
MOST_BYTES = 256 * 1024 * 1024
"""No member that we write comes near it."""


class Unusable(ValueError):
    """An archive that cannot be restored; the message says why and what now."""


@dataclass(frozen=True)
class KeptTable:
    name: str
    columns: list[tuple[str, str]]
    """Name and kind of each, in the order in which a line has them."""
    rows: int


@dataclass(frozen=True)
class Manifest:
    version: str
    migration: str
    dialect: str
    taken_at: str
    secret_key: str
    """A fingerprint, by which a restore knows whether the key is another one by now."""
    photos: int
    tables: list[KeptTable]
    sequences: dict[str, int] = field(default_factory=dict)
    product: str = "Buurtlab"
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


@dataclass(frozen=True)
class End:
    members: int
    photos: int
    gone: int
    """Photos that somebody took away between the moment of the database and the copying."""
    lost: int
    """Photos that the database names, and that are not in the store."""


class Writer:
    def __init__(self, file: BinaryIO, moment: float) -> None:
        self.tar = tarfile.open(  # noqa: SIM115
            fileobj=file, mode="w|", format=tarfile.PAX_FORMAT, bufsize=1024 * 1024
        )
        self.moment = moment
        self.members = 0

    def add(self, name: str, data: bytes) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = len(data), 0o600, int(self.moment)
        member.pax_headers = {CHECKSUM: sha256(data).hexdigest()}
        self.tar.addfile(member, BytesIO(data))
        self.tar.members.clear()  # type: ignore[attr-defined]  # or it remembers every photo
        self.members += 1

    def begin(self, manifest: Manifest) -> None:
        self.add(MANIFEST, _as_json(asdict(manifest)))

    def finish(self, photos: int, gone: int, lost: int) -> End:
        end = End(self.members, photos, gone, lost)
        self.add(END, _as_json(asdict(end)))
        self.tar.close()
        return end

    def abandon(self) -> None:
        """Else the stream writes its end into a file that is closed by then, when it is thrown away."""
        self.tar.fileobj.closed = True  # type: ignore[attr-defined]


def _as_json(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, indent=1).encode()


class Reader:
    """Hands out each member once it is known to be as it was written; raises Unusable, also for a missing end."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.members = 0
        self.end: End | None = None
        self.manifest = self._read_manifest()

    def _read_manifest(self) -> Manifest:
        name, data = next(self._all(), ("", b""))
        try:
            told = json.loads(data) if name == MANIFEST else {}
            if told.get("product") == "Buurtlab" and told.get("format", 0) > FORMAT:
                raise Unusable("A newer version of Buurtlab made this archive. Install that version first.")
            return Manifest(**{**told, "tables": [KeptTable(**table) for table in told["tables"]]})
        except (KeyError, TypeError, AttributeError, UnicodeDecodeError, json.JSONDecodeError):
            raise Unusable("This is not a backup of Buurtlab.") from None

    def rest(self) -> Iterator[tuple[str, bytes]]:
        for name, data in self._all():
            if name == END:
                self.end = End(**json.loads(data))
                break
            yield name, data
        if self.end is None or self.end.members != self.members - 1:
            raise Unusable("The archive is not complete: its end is missing. Nothing was restored.")

    def _all(self) -> Iterator[tuple[str, bytes]]:
        while (member := self.tar.next()) is not None:
            self.tar.members.clear()  # type: ignore[attr-defined]
            opened = self.tar.extractfile(member) if member.isfile() and member.size <= MOST_BYTES else None
            data = opened.read() if opened else b""
            if member.pax_headers.get(CHECKSUM) != sha256(data).hexdigest():
                raise damaged(member.name)
            self.members += 1
            yield member.name, data


def damaged(what: str) -> Unusable:
    return Unusable(f"The archive is damaged at {what[:100]!r}. Nothing was restored.")


@contextmanager
def opened(file: BinaryIO) -> Iterator[Reader]:
    try:
        with tarfile.open(fileobj=file, mode="r|", bufsize=1024 * 1024) as tar:
            yield Reader(tar)
    except tarfile.TarError:
        raise Unusable("The archive is cut off, or this is not a backup of Buurtlab. Nothing was restored.") from None
