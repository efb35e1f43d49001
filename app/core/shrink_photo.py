"""Decodes one photo and writes it anew in two sizes: a program of its own, from stdin to stdout.

A decoder cannot be interrupted from Python, may crash, and takes many times the memory of the file. In its
own process it has limits, the web process keeps its memory small, and all of it is returned at the end.
Started by `app.core.photos` by file name and isolated (`python -I`), so it must import nothing of `app`.
"""

import os
import resource
import struct
import sys
import zlib
from contextlib import suppress
from io import BytesIO

from PIL import Image, ImageCms

LARGE_SIDE, SMALL_SIDE = 1600, 480
LARGE_QUALITY, SMALL_QUALITY = 82, 76
MEMORY_BYTES = 1_000_000_000
CPU_SECONDS = 10
UNREADABLE = 3
RESULT = struct.Struct(">IIII")

# Cameras write about ten; thousands of scans over a large picture take minutes to decode.
MOST_JPEG_SCANS = 50

ORIENTATION = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Unreadable(Exception):
    pass


def main(kind: str, max_pixels: int) -> int:
    limit_this_process()
    try:
        result = shrink(sys.stdin.buffer.read(), kind, max_pixels)
    except Exception as error:  # decoders raise nearly anything on a damaged file
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return UNREADABLE
    sys.stdout.buffer.write(result)
    return 0


def limit_this_process() -> None:
    """Votes go first; an endless photo ends; when memory is short this process is the one to go."""
    os.nice(5)
    for what, most in ((resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_AS, MEMORY_BYTES)):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")


def shrink(data: bytes, kind: str, max_pixels: int) -> bytes:
    """Width and height of the large JPEG, the lengths of both JPEGs, and then the JPEGs; raises anything."""
    Image.MAX_IMAGE_PIXELS = max_pixels
    if kind == "PNG":
        check_png_length(data)
    if kind == "JPEG" and data.count(bytes((0xFF, 0xDA))) > MOST_JPEG_SCANS:
        raise Unreadable("too many scans")
    large = shrunk(opened(data, kind, max_pixels))
    small = large.resize(fitted(large.size, SMALL_SIDE), Image.Resampling.LANCZOS)
    large_jpeg, small_jpeg = as_jpeg(large, LARGE_QUALITY), as_jpeg(small, SMALL_QUALITY)
    return RESULT.pack(*large.size, len(large_jpeg), len(small_jpeg)) + large_jpeg + small_jpeg


def check_png_length(data: bytes) -> None:
    """Raises Unreadable when the pixels are more or fewer than the header says; keeps none of them."""
    expected = png_length(*struct.unpack(">IIBBxxB", data[16:29]))
    inflate, length = zlib.decompressobj(), 0
    for chunk in png_pixels(data):
        rest: memoryview | bytes = chunk
        while rest and length <= expected:
            length += len(inflate.decompress(rest, 1 << 16))
            rest = inflate.unconsumed_tail
    if length != expected:
        raise Unreadable("pixels do not agree with the header")


def png_length(width: int, height: int, depth: int, colour: int, interlaced: int) -> int:
    """Bytes of all rows, each with its filter byte (PNG specification, sections 7.2 and 8.2)."""
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    passes = [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ]
    length = 0
    for left, top, across, down in passes if interlaced else [(0, 0, 1, 1)]:
        columns, rows = -((left - width) // across), -((top - height) // down)
        if columns > 0:
            length += max(rows, 0) * (1 + (columns * bits + 7) // 8)
    return length


def png_pixels(data: bytes) -> list[memoryview]:
    """The contents of the IDAT chunks."""
    view, at, pixels = memoryview(data), 8, []
    while at + 12 <= len(data):
        length, name = struct.unpack(">I4s", view[at : at + 8])
        if name == b"IDAT":
            pixels.append(view[at + 8 : at + 8 + length])
        at += length + 12
    return pixels


def opened(data: bytes, kind: str, max_pixels: int) -> Image.Image:
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.register_heif_opener()
    image = Image.open(BytesIO(data), formats=[kind])
    if image.width * image.height > max_pixels:
        raise Unreadable("larger than its header says")
    return image


def shrunk(image: Image.Image) -> Image.Image:
    """At most LARGE_SIDE, upright, in sRGB colours on white."""
    turn = UPRIGHT.get(orientation(image))
    target = fitted(image.size, LARGE_SIDE)
    image.draft(None, target)
    image.load()
    image = resizable(image).resize(target, Image.Resampling.LANCZOS, reducing_gap=2.0)
    image = in_srgb(on_white(image))
    return image.transpose(turn) if turn is not None else image


def orientation(image: Image.Image) -> int:
    """Malformed EXIF is no reason to refuse a photo."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # nearly anything, here too
        return 1


def fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The same proportions with no side longer than `side`; never enlarged."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def resizable(image: Image.Image) -> Image.Image:
    """Palettes and single bits cannot be averaged; 16-bit greys are brought to 8 bits."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA") if image.mode != "RGBA" else image
    if image.mode in ("RGB", "L"):
        return image
    return image.convert("RGB")


def on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.convert("RGB") if image.mode != "RGB" else image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    white.info["icc_profile"] = image.info.get("icc_profile")
    return white


def in_srgb(image: Image.Image) -> Image.Image:
    """The colour profile goes with the other metadata, so wide colours are converted first."""
    if profile := image.info.get("icc_profile"):
        with suppress(ImageCms.PyCMSError, OSError, TypeError, ValueError):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB")) or image
    return image


def as_jpeg(image: Image.Image, quality: int) -> bytes:
    """Pixels only: saving `image` itself would carry its comment along."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    out = BytesIO()
    bare.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
