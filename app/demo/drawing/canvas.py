"""A small drawing board for the demo's pictures: flat shapes, soft light and a little film grain.

Everything is measured on a board of 1200 by 900; it is drawn larger and shrunk, so that edges are smooth.
"""

import io
import math
from collections.abc import Iterable, Sequence
from functools import cache
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1200, 900
OVERSAMPLING = 1.25

Colour = tuple[int, int, int]
Point = tuple[float, float]
Span = tuple[float, float, float, float]


def colour(text: str) -> Colour:
    """`"#aabbcc"` as three numbers."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def mix(first: str, second: str, share: float) -> str:
    """The colour that lies `share` (0 to 1) of the way from the first to the second."""
    pairs = zip(colour(first), colour(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def path(text: str, x: float = 0, y: float = 0, size: float = 1) -> list[Point]:
    """`"10,20 30,40"` as points, the way SVG writes them; placed at x, y and enlarged if asked."""
    pairs = (pair.split(",") for pair in text.split())
    return [(x + float(dx) * size, y + float(dy) * size) for dx, dy in pairs]


class Canvas:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.size = (round(WIDTH * OVERSAMPLING), round(HEIGHT * OVERSAMPLING))
        self.image = Image.new("RGB", self.size)
        self.pen = ImageDraw.Draw(self.image)

    def gradient(self, top: float, bottom: float, first: str, last: str) -> None:
        """A band over the full width that fades from one colour to another."""
        upper, line = _scaled(top), (1, _scaled(bottom) - _scaled(top))
        mask = Image.linear_gradient("L").resize((1, 256)).resize(line, Image.Resampling.BILINEAR)
        band = Image.composite(Image.new("RGB", line, colour(last)), Image.new("RGB", line, colour(first)), mask)
        self.image.paste(band.resize((self.size[0], line[1]), Image.Resampling.NEAREST), (0, upper))

    def polygon(self, points: Iterable[Point], fill: str) -> None:
        self.pen.polygon([_point(p) for p in points], fill=fill)

    def box(self, left: float, top: float, right: float, bottom: float, fill: str, radius: float = 0) -> None:
        self.pen.rounded_rectangle((*_point((left, top)), *_point((right, bottom))), _scaled(radius), fill)

    def block(self, x: float, y: float, size: float, span: Span, fill: str, radius: float = 0) -> None:
        """A box measured from a foot point in units of `size`: left, right, lower and upper side."""
        left, right, low, high = (side * size for side in span)
        self.box(x + left, y - high, x + right, y - low, fill, radius * size)

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: str) -> None:
        self.pen.ellipse((*_point((x - rx, y - ry)), *_point((x + rx, y + ry))), fill=fill)

    def ring(self, x: float, y: float, rx: float, ry: float, fill: str, width: float) -> None:
        corners = (*_point((x - rx, y - ry)), *_point((x + rx, y + ry)))
        self.pen.ellipse(corners, outline=fill, width=max(1, _scaled(width)))

    def line(self, points: Sequence[Point], fill: str, width: float) -> None:
        self.pen.line([_point(p) for p in points], fill=fill, width=max(1, _scaled(width)), joint="curve")

    def glow(self, x: float, y: float, radius: float, fill: str, strength: float, flat: float = 1) -> None:
        """Light added around a point; `flat` below 1 squeezes it into a pool on the ground."""
        width, height = _scaled(2 * radius), _scaled(2 * radius * flat)
        # Pillow's gradient reaches 255 in the corners of its square, so only 180 at the sides.
        falloff = Image.radial_gradient("L").point(lambda v: round(max(0, 1 - v / 179) ** 2 * 255 * strength))
        mask = falloff.resize((width, height), Image.Resampling.BICUBIC)
        corner = (_scaled(x) - width // 2, _scaled(y) - height // 2)
        region = self.image.crop((*corner, corner[0] + width, corner[1] + height))
        light = Image.composite(Image.new("RGB", mask.size, colour(fill)), Image.new("RGB", mask.size), mask)
        self.image.paste(ImageChops.screen(region, light), corner)

    def soften(self, points: Iterable[Point], fill: str, opacity: float, blur: float) -> None:
        """A shape with blurred edges laid over the picture, for shadows, haze and wet patches."""
        scale, shape = 0.25, list(points)
        left, top = (min(p[axis] for p in shape) - 3 * blur for axis in (0, 1))
        right, bottom = (max(p[axis] for p in shape) + 3 * blur for axis in (0, 1))
        mask = Image.new("L", (round((right - left) * scale), round((bottom - top) * scale)))
        inside = [((x - left) * scale, (y - top) * scale) for x, y in shape]
        ImageDraw.Draw(mask).polygon(inside, fill=round(255 * opacity))
        mask = mask.filter(ImageFilter.GaussianBlur(blur * scale))
        mask = mask.resize((_scaled(right - left), _scaled(bottom - top)), Image.Resampling.BICUBIC)
        self.image.paste(Image.new("RGB", mask.size, colour(fill)), _point((left, top)), mask)

    def shadow(self, x: float, y: float, rx: float, ry: float, opacity: float = 0.35, blur: float = 10) -> None:
        turns = [math.tau * step / 24 for step in range(24)]
        self.soften([(x + rx * math.cos(t), y + ry * math.sin(t)) for t in turns], "#000000", opacity, blur)

    def speckle(self, top: float, bottom: float, fills: Sequence[str], count: int, size: float = 3) -> None:
        """Small dots that grow towards the bottom, for sand, asphalt and grit."""
        for _ in range(count):
            depth = self.rng.random() ** 0.6
            x, y = self.rng.uniform(0, WIDTH), top + (bottom - top) * depth
            radius = size * (0.25 + 0.75 * depth) * self.rng.uniform(0.4, 1)
            self.ellipse(x, y, radius, radius * 0.5, self.rng.choice(fills))

    def smear(self, left: float, top: float, right: float, bottom: float, amount: float) -> None:
        """Blurs a part of the picture sideways, as a moving thing on a photo."""
        box = (_scaled(left), _scaled(top), _scaled(right), _scaled(bottom))
        part = self.image.crop(box)
        mask = Image.new("L", part.size)
        edge = _scaled(amount)
        ImageDraw.Draw(mask).rectangle((edge, edge // 3, part.width - edge, part.height - edge // 3), fill=255)
        mask = mask.filter(ImageFilter.GaussianBlur(edge / 3))
        self.image.paste(part.filter(ImageFilter.BoxBlur((_scaled(amount), 0))), box[:2], mask)

    def mirror(self, waterline: float, depth: float, tint: str, share: float) -> None:
        """Water below a line: what stands above it upside down, blurred and tinted."""
        height, width = _scaled(depth), self.size[0]
        above = self.image.crop((0, _scaled(waterline) - height, width, _scaled(waterline)))
        below = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM).filter(ImageFilter.GaussianBlur(_scaled(3)))
        wet = Image.blend(below, Image.new("RGB", below.size, colour(tint)), share)
        self.image.paste(wet, (0, _scaled(waterline)))

    def jpeg(self, warmth: str = "#ffb070", grain: float = 0.05) -> bytes:
        """The picture as a photo: shrunk, slightly warm, darker corners, grain."""
        picture = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        picture = picture.point(_warmer(warmth))
        picture.paste(Image.new("RGB", picture.size, "#0a0a14"), (0, 0), _corners())
        noise = Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), self.rng.randbytes(WIDTH * HEIGHT // 4))
        noise = noise.resize(picture.size, Image.Resampling.BILINEAR).convert("RGB")
        picture = Image.blend(picture, ImageChops.overlay(picture, noise), grain * 3)
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=84, optimize=True)
        return out.getvalue()


@cache
def _warmer(warmth: str) -> list[int]:
    """What becomes of each shade of each channel: soft light of one colour, at a quarter of its strength."""
    shades = Image.linear_gradient("L").resize((1, 256)).convert("RGB")
    lit = Image.blend(shades, ImageChops.soft_light(shades, Image.new("RGB", shades.size, warmth)), 0.25)
    return [shade for channel in lit.split() for shade in channel.tobytes()]


@cache
def _corners() -> Image.Image:
    return Image.radial_gradient("L").resize((WIDTH, HEIGHT)).point(lambda v: max(0, v - 120) // 3)


def _scaled(length: float) -> int:
    return round(length * OVERSAMPLING)


def _point(point: Point) -> tuple[int, int]:
    return _scaled(point[0]), _scaled(point[1])
