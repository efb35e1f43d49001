"""Draws the pictures that a phone puts on its home screen: the mark of static/favicon.svg on a full square.

Run from the root of the repository: python scripts/draw_home_screen_icons.py
"""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).parent.parent / "static" / "img"
GROUND, HOUSE = "#0b5563", "#ffffff"
GRID = 64
# Phones cut the corners off as they like; the mark stays within the inner four fifths.
SHRUNK = 0.86
FINER = 4


def mark(side: int) -> Image.Image:
    unit = side * FINER / GRID
    image = Image.new("RGB", (side * FINER, side * FINER), GROUND)
    draw = ImageDraw.Draw(image)

    def at(*points: float) -> list[float]:
        return [(GRID / 2 + (point - GRID / 2) * SHRUNK) * unit for point in points]

    def rounded(box: tuple[float, ...], radius: float, colour: str, top: bool = True, bottom: bool = True) -> None:
        draw.rounded_rectangle(at(*box), radius * SHRUNK * unit, fill=colour, corners=(top, top, bottom, bottom))

    rounded((23.5, 9, 40.5, 14), 2.5, HOUSE)
    draw.polygon(at(27, 12, 37, 12, 37, 22, 52, 37, 52, 46, 12, 46, 12, 37, 27, 22), fill=HOUSE)
    rounded((12, 40, 52, 55), 4, HOUSE, top=False)
    rounded((27, 41, 37, 55), 5, GROUND, bottom=False)
    draw.ellipse(at(29, 29, 35, 35), fill=GROUND)
    return image.resize((side, side), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for size in (192, 512):
        mark(size).quantize(64).save(FOLDER / f"icon-{size}.png", optimize=True)
