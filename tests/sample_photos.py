"""Photos as phones make them, and files that only pretend to be photos."""

import random
import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

GPS = {1: "N", 2: (52.0, 6.0, 30.5), 3: "E", 4: (4.0, 16.0, 20.5)}
SECRET = b"Kerkstraat 12, second floor"


def picture(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """Red, green, blue and white corners on a gradient, so that turning and mirroring can be seen."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    w, h = max(1, width // 4), max(1, height // 4)
    for colour, corner in (
        ("red", (0, 0)),
        ("lime", (width - w, 0)),
        ("blue", (0, height - h)),
        ("white", (width - w, height - h)),
    ):
        image.paste(colour, (*corner, corner[0] + w, corner[1] + h))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def a_photo(width: int = 640, height: int = 480) -> bytes:
    return encoded(picture(width, height), quality=85)


def photo_from_a_phone(orientation: int = 1, kind: str = "JPEG", width: int = 640, height: int = 480) -> bytes:
    """With the place where it was taken, its maker, and a comment where the format has one."""
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    exif[0x0112] = orientation
    exif.get_ifd(0x8825).update(GPS)
    options: dict[str, Any] = {"exif": exif}
    if kind == "JPEG":
        options |= {"comment": SECRET, "quality": 85}
    return encoded(picture(width, height), kind, **options)


def animated(kind: str, frames: int = 5) -> bytes:
    pictures = [picture(64, 48).rotate(10 * n) for n in range(frames)]
    return encoded(pictures[0], kind, save_all=True, append_images=pictures[1:], duration=50)


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, pixels: bytes, *before: bytes) -> bytes:
    """A grey 8-bit PNG whose header and (compressed) pixels need not agree."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(before) + png_chunk(b"IDAT", pixels) + png_chunk(b"IEND", b"")


def black_rows(width: int, height: int) -> bytes:
    """Compressed rows of a grey PNG, made piece by piece."""
    squeeze = zlib.compressobj(9)
    row = bytes(width + 1)
    return b"".join([*(squeeze.compress(row) for _row in range(height)), squeeze.flush()])


def jpeg_that_says(width: int, height: int) -> bytes:
    """A small JPEG with another size in its header."""
    data = bytearray(a_photo(64, 48))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def jpeg_with_scans(count: int) -> bytes:
    """A progressive JPEG with its last scan repeated."""
    data = encoded(picture(64, 48), progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + data[-2:]


def mutated(data: bytes, seed: int) -> bytes:
    """Bytes flipped, pieces cut out, doubled or moved; the first three bytes stay more often than not."""
    chance = random.Random(seed)
    damaged = bytearray(data)
    start = 0 if chance.random() < 0.1 else 3
    for _change in range(chance.choice((1, 3, 20, 200))):
        at = chance.randrange(start, len(damaged))
        match chance.randrange(6):
            case 0 | 1 | 2:
                damaged[at] = chance.randrange(256)
            case 3:
                damaged[at] ^= 1 << chance.randrange(8)
            case 4 if len(damaged) > 400:
                del damaged[at : at + chance.randrange(1, 40)]
            case _:
                damaged[at:at] = damaged[at : at + chance.randrange(1, 40)]
    return bytes(damaged)
