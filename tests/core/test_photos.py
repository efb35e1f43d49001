"""Only clean pixels come in, and nothing that pretends to be a photo costs time or memory."""

import struct
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from app.core import photos, shrink_photo
from app.core.photos import PhotoRefused, PhotosUnavailable, PhotoTooLarge, clean_photo
from tests.sample_photos import (
    SECRET,
    a_photo,
    animated,
    black_rows,
    encoded,
    jpeg_that_says,
    jpeg_with_scans,
    mutated,
    photo_from_a_phone,
    picture,
    png,
    png_chunk,
)

KINDS = [
    "JPEG",
    "PNG",
    "WEBP",
    pytest.param("HEIF", marks=pytest.mark.skipif(not photos.reads_heic(), reason="[heic]")),
]


@pytest.fixture(autouse=True, scope="module")
def _heif_for_samples() -> None:
    if photos.reads_heic():
        import pillow_heif

        pillow_heif.register_heif_opener()


@pytest.fixture(autouse=True)
def _a_machine_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock lies in the temporary folder; tests that run at the same time must not wait for each other."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)


def refusal(upload: bytes, **limits: int) -> str:
    with pytest.raises(PhotoRefused) as refused:
        clean_photo(upload, **limits)
    return str(refused.value.message)


def corners(jpeg: bytes) -> list[str]:
    """The colours of the corners, clockwise from top left."""
    image = Image.open(BytesIO(jpeg)).convert("RGB")
    w, h = image.width - 1, image.height - 1
    names = {(True, False, False): "red", (False, True, False): "lime", (False, False, True): "blue"}
    spots = [(w // 8, h // 8), (w - w // 8, h // 8), (w - w // 8, h - h // 8), (w // 8, h - h // 8)]
    pixels = [image.crop((x, y, x + 1, y + 1)).tobytes() for x, y in spots]
    return [names.get((p[0] > 128, p[1] > 128, p[2] > 128), "white") for p in pixels]


def segments(jpeg: bytes) -> set[int]:
    """Every marker up to the pixels."""
    found, at = set(), 2
    while jpeg[at + 1] != 0xDA:
        found.add(jpeg[at + 1])
        at += 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
    return found


# What comes out


@pytest.mark.parametrize("kind", KINDS)
def test_each_format_becomes_two_jpegs(kind: str) -> None:
    clean = clean_photo(encoded(picture(2000, 1500), kind))
    large, small = Image.open(BytesIO(clean.large)), Image.open(BytesIO(clean.small))
    assert (large.format, large.size, large.mode) == ("JPEG", (1600, 1200), "RGB")
    assert (small.format, small.size) == ("JPEG", (480, 360))
    assert (clean.width, clean.height) == (1600, 1200)
    assert corners(clean.large) == corners(clean.small) == ["red", "lime", "white", "blue"]


def test_a_small_photo_is_not_enlarged() -> None:
    clean = clean_photo(a_photo(300, 200))
    assert (clean.width, clean.height) == (300, 200)
    assert Image.open(BytesIO(clean.small)).size == (300, 200)


def test_an_opened_file_is_read_from_its_start() -> None:
    file = BytesIO(a_photo())
    file.seek(100)
    assert clean_photo(file).width == 640


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_but_pixels(kind: str) -> None:
    upload = photo_from_a_phone(kind=kind)
    assert SECRET in upload
    clean = clean_photo(upload)
    for jpeg in (clean.large, clean.small):
        assert SECRET not in jpeg
        assert b"Exif" not in jpeg
        assert dict(Image.open(BytesIO(jpeg)).getexif()) == {}
        # Only the JFIF mark, tables and frame: no application data, no comment.
        assert segments(jpeg) <= {0xE0, 0xDB, 0xC2, 0xC4}


def test_a_tail_with_another_file_is_gone() -> None:
    clean = clean_photo(a_photo() + b"PK\x03\x04<script>alert(1)</script>")
    assert b"<script>" not in clean.large + clean.small
    assert clean.large.endswith(b"\xff\xd9")


@pytest.mark.parametrize(
    ("orientation", "seen"),
    [
        (1, ["red", "lime", "white", "blue"]),
        (2, ["lime", "red", "blue", "white"]),
        (3, ["white", "blue", "red", "lime"]),
        (4, ["blue", "white", "lime", "red"]),
        (5, ["red", "blue", "white", "lime"]),
        (6, ["blue", "red", "lime", "white"]),
        (7, ["white", "lime", "red", "blue"]),
        (8, ["lime", "white", "blue", "red"]),
    ],
)
def test_photos_stand_upright(orientation: int, seen: list[str]) -> None:
    clean = clean_photo(photo_from_a_phone(orientation))
    assert corners(clean.large) == seen
    assert (clean.width, clean.height) == ((480, 640) if orientation > 4 else (640, 480))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_formats_stand_upright_too(kind: str) -> None:
    assert corners(clean_photo(photo_from_a_phone(6, kind)).large) == ["blue", "red", "lime", "white"]


def test_malformed_exif_is_no_reason_to_refuse() -> None:
    clean = clean_photo(encoded(picture(), exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff" + b"\x01\x12" * 9))
    assert clean.width == 640


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_png_in_every_colour_mode(mode: str) -> None:
    image = Image.new("I;16", (640, 480), 0x8000) if mode == "I;16" else picture(mode=mode)
    large = Image.open(BytesIO(clean_photo(encoded(image, "PNG")).large))
    assert (large.mode, large.size) == ("RGB", (640, 480))
    if mode == "I;16":
        assert large.getpixel((320, 240)) == pytest.approx((128, 128, 128), abs=2)


def test_an_interlaced_png_is_measured_rightly() -> None:
    length = shrink_photo.png_length(5, 3, 8, 0, interlaced=1)
    # Passes 1, 2, 4, 5, 6 and 7 have pixels: 1×1, 1×1, 1×1 + …, each row with its filter byte.
    assert length == 15 + 1 + 1 + 1 + 1 + 2 + 1
    assert shrink_photo.png_length(5, 3, 1, 3, interlaced=0) == 3 * 2


def test_what_is_transparent_becomes_white() -> None:
    clear = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    assert Image.open(BytesIO(clean_photo(encoded(clear, "PNG")).large)).getpixel((32, 32)) == (255, 255, 255)


def test_a_colour_profile_is_applied_before_it_goes() -> None:
    """A profile in which red and green have changed places."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"----").replace(b"gXYZ", b"rXYZ").replace(b"----", b"gXYZ")
    clean = clean_photo(encoded(Image.new("RGB", (64, 64), "red"), icc_profile=swapped))
    image = Image.open(BytesIO(clean.large))
    assert image.getpixel((9, 9)) == pytest.approx((0, 255, 0), abs=12)
    assert "icc_profile" not in image.info


def test_a_phone_photo_with_a_second_picture_inside_is_one_photo() -> None:
    clean = clean_photo(encoded(picture(), "MPO", save_all=True, append_images=[picture(320, 240)]))
    assert (clean.width, clean.height) == (640, 480)


# What is refused


def test_an_empty_file() -> None:
    assert "empty" in refusal(b"")


def test_too_many_bytes() -> None:
    with pytest.raises(PhotoTooLarge) as refused:
        clean_photo(a_photo() + bytes(photos.MAX_BYTES))
    assert refused.value.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert str(refused.value.message).startswith("This photo is larger than 10 MB.")


@pytest.mark.parametrize(
    "upload",
    [
        animated("GIF", 200),
        encoded(picture(), "GIF"),
        encoded(picture(), "TIFF"),
        encoded(picture(), "BMP"),
        encoded(picture(), "AVIF"),
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<?xml version='1.0'?><!DOCTYPE svg>",
        b"%PDF-1.7\n",
        b"\xff",
        b"\xff\xd8",
        bytes(100),
    ],
    ids=["gif-200", "gif", "tiff", "bmp", "avif", "svg", "xml", "pdf", "byte", "soi", "zeros"],
)
def test_other_kinds_of_file_whatever_their_name(upload: bytes) -> None:
    assert "not a photo that we can read" in refusal(upload)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_moving_pictures(kind: str) -> None:
    assert "moving picture" in refusal(animated(kind))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9, 0.99])
def test_photos_that_were_cut_off(kind: str, share: float) -> None:
    whole = encoded(picture(), kind)
    assert "damaged or not complete" in refusal(whole[: int(len(whole) * share)])


def test_a_photo_without_its_last_bytes() -> None:
    assert "damaged or not complete" in refusal(a_photo()[:-20])


@pytest.mark.parametrize(("width", "height"), [(12_001, 10), (10, 12_001), (8_000, 5_001)])
def test_too_many_pixels(width: int, height: int) -> None:
    for upload in (png(width, height, b""), jpeg_that_says(width, height)):
        assert f"{width} by {height} pixels" in refusal(upload)


@pytest.mark.parametrize("size", [(0, 48), (64, 0)])
def test_no_pixels(size: tuple[int, int]) -> None:
    assert "damaged" in refusal(jpeg_that_says(*size))
    assert "damaged" in refusal(png(*size, b""))


@pytest.mark.parametrize(
    "upload",
    [
        png(64, 48, black_rows(2000, 2000)),
        png(64, 48, black_rows(64, 49)),
        png(64, 48, black_rows(64, 47)),
        png(64, 48, b"no zlib"),
        jpeg_with_scans(500),
        b"\xff\xd8" + b"\xff\xfe\x00\x02" * 200_000 + a_photo()[2:],
        png(64, 48, black_rows(64, 48), *[png_chunk(b"tEXt", b"") for _n in range(2000)]),
    ],
    ids=["more", "row-more", "row-less", "no-zlib", "scans", "comments", "chunks"],
)
def test_headers_that_lie(upload: bytes) -> None:
    assert "damaged or not complete" in refusal(upload)


class Cost:
    """What a piece of work took of this process: seconds, and MB beyond what was in use before."""

    seconds: float
    megabytes: float


@contextmanager
def measured() -> Iterator[Cost]:
    cost = Cost()
    Path("/proc/self/clear_refs").write_text("5")  # forgets the highest use so far
    before, start = memory_in("VmRSS"), time.perf_counter()
    yield cost
    cost.seconds, cost.megabytes = time.perf_counter() - start, memory_in("VmHWM") - before


def memory_in(field: str) -> float:
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(field)]
    return int(line.split()[1]) / 1024


@pytest.mark.parametrize(
    "bomb",
    [
        png(50_000, 50_000, black_rows(50_000, 2_000)),
        png(64, 48, black_rows(50_000, 2_000)),
        png(64, 48, black_rows(64, 48), png_chunk(b"zTXt", b"k\0\0" + black_rows(50_000, 2_000))),
    ],
    ids=["pixels", "rows", "text"],
)
def test_bombs_are_refused_at_once(bomb: bytes) -> None:
    with measured() as cost:
        refusal(bomb)
    assert cost.seconds < 3
    assert cost.megabytes < 50


def test_a_jpeg_with_fewer_pixels_than_it_says_costs_little() -> None:
    with measured() as cost:
        assert clean_photo(jpeg_that_says(6300, 6300)).width == 1600
    assert cost.seconds < 4
    assert cost.megabytes < 50


def test_a_photo_from_a_phone_costs_this_process_little_more_than_its_file() -> None:
    upload = encoded(picture(4000, 3000), quality=90)
    with measured() as cost:
        clean_photo(BytesIO(upload))
    assert cost.megabytes < 20


@pytest.mark.parametrize("seed", range(0, 300, 30))
def test_damaged_photos_are_refused_or_cleaned_and_nothing_else(seed: int) -> None:
    whole = {0: photo_from_a_phone(6, width=160, height=120), 1: encoded(picture(160, 120), "PNG")}
    for number in range(seed, seed + 30):
        try:
            clean = clean_photo(mutated(whole[number % 2], number))
        except PhotosUnavailable:
            raise
        except PhotoRefused:
            continue
        assert Image.open(BytesIO(clean.large)).size == (clean.width, clean.height)
