"""Photos from people: checked before they are decoded, and written anew so that only the pixels remain."""

import fcntl
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from app.core import shrink_photo
from app.core.errors import Problem
from app.core.i18n import Text, _
from app.core.photo_headers import BrokenHeader, Header, UnknownFormat, read_header

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 12_000

# Decoding happens one at a time; who has to wait longer is asked to come back.
WAIT_SECONDS = 30.0
DECODE_SECONDS = 20.0
# Waiting requests each hold a thread, and the votes need some of them too.
WAITING_ROOM = 24

log = logging.getLogger(__name__)


class PhotoRefused(Problem):
    """The photo cannot be accepted; the message says why and what now."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class PhotoTooLarge(PhotoRefused):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class PhotosUnavailable(PhotoRefused):
    """Not the photo's fault: too many at once, or the decoder does not run."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, message: Text) -> None:
        super().__init__(message, {"Retry-After": "10"})


@dataclass(frozen=True)
class CleanPhoto:
    """One photo as two JPEGs without metadata; width and height are those of `large`, in pixels."""

    large: bytes
    small: bytes
    width: int
    height: int


def clean_photo(
    upload: BinaryIO | bytes,
    *,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
    max_side: int = MAX_SIDE,
    wait_seconds: float = WAIT_SECONDS,
) -> CleanPhoto:
    """The photo upright, at most 1600 and 480 pixels long; raises only PhotoRefused."""
    file = BytesIO(upload) if isinstance(upload, bytes) else upload
    header = _checked_header(file, max_bytes, max_pixels, max_side)
    with _one_at_a_time(wait_seconds):
        file.seek(0)
        return _decoded(file.read(), header, max_pixels)


def _checked_header(file: BinaryIO, max_bytes: int, max_pixels: int, max_side: int) -> Header:
    _check_size(file.seek(0, 2), max_bytes)
    try:
        header = read_header(file)
    except UnknownFormat:
        raise PhotoRefused(_not_a_photo()) from None
    except BrokenHeader:
        raise PhotoRefused(_damaged()) from None
    _check_header(header, max_pixels, max_side)
    return header


def _check_size(size: int, max_bytes: int) -> None:
    if size == 0:
        raise PhotoRefused(_("This file is empty. Choose the photo again."))
    if size > max_bytes:
        most = f"{max_bytes / 1024**2:g}"
        raise PhotoTooLarge(_("This photo is larger than %(max)s MB. Choose a smaller one.", max=most))


def _check_header(header: Header, max_pixels: int, max_side: int) -> None:
    if header.moving:
        raise PhotoRefused(_("This is a moving picture. Choose a photo that stands still."))
    if header.kind == "HEIF" and not reads_heic():
        raise PhotoRefused(_("We cannot read HEIC photos here. Save the photo as JPEG and choose that one."))
    if not header.width or not header.height:
        raise PhotoRefused(_damaged())
    if max(header.width, header.height) > max_side or header.width * header.height > max_pixels:
        raise PhotoTooLarge(
            _(
                "This photo is %(width)s by %(height)s pixels. At most %(side)s on a side and "
                "%(millions)s million in all fit. Choose a smaller one.",
                width=header.width,
                height=header.height,
                side=max_side,
                millions=f"{max_pixels / 1_000_000:g}",
            )
        )


@cache
def reads_heic() -> bool:
    """Whether the extra for iPhone photos is installed."""
    return find_spec("pillow_heif") is not None


def _not_a_photo() -> Text:
    if reads_heic():
        return _("This is not a photo that we can read. Use JPEG, PNG, WebP or HEIC.")
    return _("This is not a photo that we can read. Use JPEG, PNG or WebP.")


def _damaged() -> Text:
    return _("This photo is damaged or not complete. Choose it again, or take a new one.")


_waiting_room = threading.BoundedSemaphore(WAITING_ROOM)
_turn_in_this_process = threading.Lock()


@contextmanager
def _one_at_a_time(wait_seconds: float) -> Iterator[None]:
    """One photo is decoded at a time on this machine, whatever the number of web processes."""
    until = time.monotonic() + wait_seconds
    if not _waiting_room.acquire(blocking=False):
        raise _busy()
    try:
        if not _turn_in_this_process.acquire(timeout=wait_seconds):
            raise _busy()
        try:
            with _lock_file() as lock:
                _lock_before(lock, until)
                yield
        finally:
            _turn_in_this_process.release()
    finally:
        _waiting_room.release()


@contextmanager
def _lock_file() -> Iterator[int]:
    """Closing the file gives the lock back, also when the process is killed."""
    path = Path(tempfile.gettempdir()) / f"buurtlab-photos-{os.getuid()}.lock"
    try:
        lock = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        log.error("no lock for decoding photos: %s", error)
        raise _out_of_order() from error
    try:
        yield lock
    finally:
        os.close(lock)


def _lock_before(lock: int, until: float) -> None:
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise _busy() from None
            time.sleep(0.02)


def _busy() -> PhotosUnavailable:
    return PhotosUnavailable(_("Many people are sending photos right now. Try again in a minute."))


def _out_of_order() -> PhotosUnavailable:
    return PhotosUnavailable(_("Photos do not work at the moment. Go on without, or try again later."))


def _decoded(data: bytes, header: Header, max_pixels: int) -> CleanPhoto:
    program = [sys.executable, "-I", shrink_photo.__file__, header.kind, str(max_pixels)]
    try:
        done = subprocess.run(
            program,
            check=False,
            input=data,
            capture_output=True,
            timeout=DECODE_SECONDS,
            env=_bare_environment(),
        )
    except subprocess.TimeoutExpired:
        raise PhotoRefused(_damaged()) from None
    except OSError as error:
        log.error("the photo decoder did not start: %s", error)
        raise _out_of_order() from error
    if done.returncode == shrink_photo.UNREADABLE or done.returncode < 0:
        raise PhotoRefused(_damaged())
    if done.returncode:
        log.error("the photo decoder failed: %s", done.stderr.decode(errors="replace")[-2000:])
        raise _out_of_order()
    return _unpacked(done.stdout)


def _bare_environment() -> dict[str, str]:
    """None of our secrets; one memory arena, since several would be counted against the memory limit."""
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}


def _unpacked(result: bytes) -> CleanPhoto:
    width, height, large_length, _small_length = shrink_photo.RESULT.unpack_from(result)
    jpegs = result[shrink_photo.RESULT.size :]
    return CleanPhoto(jpegs[:large_length], jpegs[large_length:], width, height)
