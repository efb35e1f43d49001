"""What a photo says about itself, read from a few bytes before any decoder is let near it.

Only the stated format, size and number of frames are read, so a hostile file costs neither time nor memory.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

Kind = Literal["JPEG", "PNG", "WEBP", "HEIF"]

# Ordinary photos have a few dozen; a file with millions of tiny ones would keep us busy for seconds.
MOST_PARTS = 1000

JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_WITHOUT_LENGTH = frozenset((0x01, *range(0xD0, 0xD8)))
JPEG_SCAN, JPEG_END = 0xDA, 0xD9
PNG_START = b"\x89PNG\r\n\x1a\n"
HEIF_STILL = (b"heic", b"heix", b"heim", b"heis", b"mif1")
HEIF_MOVING = (b"hevc", b"hevx", b"hevm", b"hevs", b"msf1")


class UnknownFormat(Exception):
    """The first bytes are those of none of the formats we take."""


class BrokenHeader(Exception):
    """The first bytes promise a photo, what follows does not keep that promise."""


@dataclass(frozen=True)
class Header:
    kind: Kind
    width: int
    height: int
    moving: bool = False


def read_header(file: BinaryIO) -> Header:
    """Raises UnknownFormat or BrokenHeader; leaves the file at an arbitrary position."""
    file.seek(0)
    start = file.read(32)
    if start.startswith(b"\xff\xd8\xff"):
        return _jpeg(file)
    if start.startswith(PNG_START):
        return _png(file)
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return _webp(start)
    if start[4:8] == b"ftyp" and start[8:12] in HEIF_STILL + HEIF_MOVING:
        return _heif(file, moving=start[8:12] in HEIF_MOVING)
    raise UnknownFormat


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise BrokenHeader
    return data


def _jpeg(file: BinaryIO) -> Header:
    file.seek(2)
    for _part in range(MOST_PARTS):
        marker = _jpeg_marker(file)
        if marker in JPEG_WITHOUT_LENGTH:
            continue
        if marker in (JPEG_SCAN, JPEG_END):
            break
        (length,) = struct.unpack(">H", _exactly(file, 2))
        if length < 2:
            break
        if marker in JPEG_FRAMES:
            _precision, height, width = struct.unpack(">BHH", _exactly(file, 5))
            return Header("JPEG", width, height)
        file.seek(length - 2, 1)
    raise BrokenHeader


def _jpeg_marker(file: BinaryIO) -> int:
    if _exactly(file, 1) != b"\xff":
        raise BrokenHeader
    for _fill in range(MOST_PARTS):
        if (byte := _exactly(file, 1)) != b"\xff":
            return byte[0]
    raise BrokenHeader


def _png(file: BinaryIO) -> Header:
    file.seek(len(PNG_START))
    length, name, width, height = struct.unpack(">I4sII", _exactly(file, 16))
    if (length, name) != (13, b"IHDR"):
        raise BrokenHeader
    file.seek(length - 8 + 4, 1)
    moving = False
    for _part in range(MOST_PARTS):
        length, name = struct.unpack(">I4s", _exactly(file, 8))
        if name == b"IDAT":
            return Header("PNG", width, height, moving)
        moving = moving or name == b"acTL"
        file.seek(length + 4, 1)
    raise BrokenHeader


def _webp(start: bytes) -> Header:
    if len(start) < 30:
        raise BrokenHeader
    match start[12:16]:
        case b"VP8 " if start[23:26] == b"\x9d\x01\x2a":
            width, height = struct.unpack("<HH", start[26:30])
            return Header("WEBP", width & 0x3FFF, height & 0x3FFF)
        case b"VP8L" if start[20] == 0x2F:
            bits = int.from_bytes(start[21:25], "little")
            return Header("WEBP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case b"VP8X":
            width, height = (int.from_bytes(start[at : at + 3], "little") + 1 for at in (24, 27))
            return Header("WEBP", width, height, moving=bool(start[20] & 0x02))
    raise BrokenHeader


def _heif(file: BinaryIO, moving: bool) -> Header:
    """Phones store a large photo as tiles, each with its own size; the largest size is the photo's."""
    end = file.seek(0, 2)
    sizes = [
        struct.unpack(">4xII", _exactly(file, 12))
        for meta, meta_end in _boxes(file, 0, end, b"meta")
        for props, props_end in _boxes(file, meta + 4, meta_end, b"iprp")
        for items, items_end in _boxes(file, props, props_end, b"ipco")
        for _size in _boxes(file, items, items_end, b"ispe")
    ]
    if not sizes:
        raise BrokenHeader
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return Header("HEIF", width, height, moving)


def _boxes(file: BinaryIO, start: int, end: int, wanted: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of the contents of each wanted box; the file stands at that start."""
    for _part in range(MOST_PARTS):
        if start + 8 > end:
            return
        file.seek(start)
        size, name = struct.unpack(">I4s", _exactly(file, 8))
        head = 8
        if size == 1:
            (size,) = struct.unpack(">Q", _exactly(file, 8))
            head = 16
        box_end = start + size if size else end
        if box_end < start + head or box_end > end:
            raise BrokenHeader
        if name == wanted:
            yield start + head, box_end
        start = box_end
    raise BrokenHeader
