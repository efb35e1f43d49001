"""The demo's photos: drawn, shrunk and stored before the database is written to."""

from dataclasses import dataclass
from io import BytesIO
from secrets import token_hex
from typing import Any

from PIL import Image

from app.core.storage import Storage
from app.demo.drawing.canvas import HEIGHT, WIDTH
from app.demo.progress import Progress
from app.demo.scenes import draw_scene

SMALL = (480, 360)


@dataclass(frozen=True)
class Picture:
    """`<key>-large.jpg` and `<key>-small.jpg` are in the store; sizes of the large one in pixels."""

    key: str
    alt: str
    width: int = WIDTH
    height: int = HEIGHT


def draw_pictures(storage: Storage, issues: list[dict[str, Any]], progress: Progress) -> dict[str, list[Picture]]:
    """The pictures of each issue, by its name in the files."""
    wanted = [(issue["key"], photo) for issue in issues for photo in issue["photos"]]
    drawn: dict[str, list[Picture]] = {}
    for number, (issue, photo) in enumerate(wanted, start=1):
        picture = Picture(token_hex(16), photo["alt"])
        large = draw_scene(photo["scene"], photo.get("seed", 0))
        storage.put(f"{picture.key}-large.jpg", large)
        storage.put(f"{picture.key}-small.jpg", _shrunk(large))
        drawn.setdefault(issue, []).append(picture)
        progress("Photos", number, len(wanted))
    return drawn


def _shrunk(large: bytes) -> bytes:
    out, picture = BytesIO(), Image.open(BytesIO(large))
    picture.draft("RGB", SMALL)
    picture.resize(SMALL, Image.Resampling.LANCZOS).save(out, "JPEG", quality=80)
    return out.getvalue()
