"""Photos are decoded one at a time on a machine, by a process that may fail and take nothing with it."""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest

from app.core import photos, shrink_photo
from app.core.photos import CleanPhoto, PhotoRefused, PhotosUnavailable, PhotoTooLarge, clean_photo
from tests.sample_photos import a_photo, png


@pytest.fixture(autouse=True)
def _a_machine_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock lies in the temporary folder; tests that run at the same time must not wait for each other."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)


@pytest.mark.parametrize(
    ("decoder", "error"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", PhotoRefused),
        ("import time; time.sleep(30)", PhotoRefused),
        ("import a_codec_that_is_not_installed", PhotosUnavailable),
    ],
    ids=["crashes", "hangs", "broken"],
)
def test_a_decoder_that_fails_takes_nothing_with_it(
    decoder: str, error: type[PhotoRefused], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stand_in = tmp_path / "decoder.py"
    stand_in.write_text(decoder)
    monkeypatch.setattr(shrink_photo, "__file__", str(stand_in))
    monkeypatch.setattr(photos, "DECODE_SECONDS", 0.5)
    with pytest.raises(PhotoRefused) as refused:
        clean_photo(a_photo())
    assert type(refused.value) is error


@contextmanager
def another_process_decoding() -> Iterator[subprocess.Popen[bytes]]:
    """A process that holds the lock until it is told to end."""
    code = (
        "import sys\nfrom app.core import photos\n"
        "with photos._one_at_a_time(5):\n    print('mine', flush=True)\n    sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdin
        assert process.stdout.readline() == b"mine\n"
        yield process
        process.stdin.close()


def test_who_waits_too_long_is_asked_to_come_back() -> None:
    with another_process_decoding():
        start = time.perf_counter()
        with pytest.raises(PhotosUnavailable) as refused:
            clean_photo(a_photo(), wait_seconds=0.3)
        assert 0.3 <= time.perf_counter() - start < 2
    assert refused.value.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert "Retry-After" in refused.value.headers


def test_a_killed_process_gives_the_turn_back() -> None:
    with another_process_decoding() as process:
        done: list[CleanPhoto] = []
        waiting = threading.Thread(target=lambda: done.append(clean_photo(a_photo())))
        waiting.start()
        waiting.join(0.3)
        assert not done
        process.kill()
        waiting.join(10)
        assert done[0].width == 640


def test_hostile_files_are_refused_without_waiting_for_a_turn() -> None:
    with another_process_decoding():
        start = time.perf_counter()
        with pytest.raises(PhotoTooLarge, match="pixels"):
            clean_photo(png(50_000, 50_000, b""))
        assert time.perf_counter() - start < 0.2


def test_a_full_waiting_room_turns_people_away() -> None:
    for _seat in range(photos.WAITING_ROOM):
        assert photos._waiting_room.acquire(blocking=False)
    try:
        with pytest.raises(PhotosUnavailable):
            clean_photo(a_photo())
    finally:
        photos._waiting_room.release(photos.WAITING_ROOM)
    assert clean_photo(a_photo()).width == 640
