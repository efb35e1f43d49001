"""The things that stand in the demo's pictures: houses, trees, bicycles, people, lamps, cars, grass."""

import math
from collections.abc import Sequence

from app.demo.drawing.canvas import WIDTH, Canvas, Point, mix, path

Leaves = Sequence[str]

BRICKS = ("#a4573d", "#b8694a", "#8d4a38", "#c08a5e", "#9a6650", "#d9c7a8")
PAINT = ("#f4efe4", "#2f4f4a", "#27425f", "#efe6d2")
COATS = ("#c8553d", "#2a6f97", "#e9b44c", "#4f772d", "#7b506f", "#33415c")
BIKES = ("#23395b", "#8f2d2d", "#2f5d50", "#1f1f24", "#c49a2a", "#5b5f97", "#7d8491")


def draw_houses(c: Canvas, street: float, height: float, night: float = 0.0, lit: float = 0.0) -> None:
    """A row of gabled houses over the full width; `night` darkens them, `lit` is the share of lit windows."""
    left = -c.rng.uniform(10, 80)
    while left < WIDTH:
        width = c.rng.uniform(120, 175)
        top = street - height * c.rng.uniform(0.82, 1.0)
        brick = mix(c.rng.choice(BRICKS), "#0e1424", night)
        _draw_house(c, (left, top, left + width, street), brick, night, lit)
        left += width


def _draw_house(c: Canvas, box: tuple[float, float, float, float], brick: str, night: float, lit: float) -> None:
    left, top, right, street = box
    width, roof = right - left, (right - left) * 0.42
    tiles = mix(c.rng.choice(("#5a3b36", "#6d4038", "#494d57")), "#0a0e18", night)
    c.polygon([(left, top), ((left + right) / 2, top - roof), (right, top)], tiles)
    c.box(left, top, right, street, brick)
    c.box(left, top, right, top + 7, mix(brick, "#ffffff", 0.25 * (1 - night)))
    c.box(left, top, left + 4, street, mix(brick, "#000000", 0.25))
    trim = mix(c.rng.choice(PAINT), "#11182a", night)
    floors = max(2, round((street - top) / 130))
    step = (street - top) / floors
    for floor in range(floors - 1):
        for side in (0.14, 0.56):
            sill = top + step * floor + 26
            _draw_window(c, left + width * side, sill, width * 0.3, step * 0.56, trim, night, lit)
    door = mix(c.rng.choice(("#2f4f4a", "#7a2e2e", "#27425f", "#3b3a36")), "#0b0f18", night)
    c.box(left + width * 0.12, street - step * 0.82, left + width * 0.38, street, trim)
    c.box(left + width * 0.15, street - step * 0.79, left + width * 0.35, street, door)
    _draw_window(c, left + width * 0.5, street - step * 0.78, width * 0.38, step * 0.5, trim, night, lit)


def _draw_window(
    c: Canvas, x: float, y: float, width: float, height: float, trim: str, night: float, lit: float
) -> None:
    glass = "#ffd98a" if c.rng.random() < lit else mix("#9fb6c4", "#101a2c", night)
    c.box(x - 5, y - 5, x + width + 5, y + height + 5, trim)
    c.box(x, y, x + width, y + height, glass)
    c.polygon([(x, y), (x + width * 0.6, y), (x, y + height * 0.8)], mix(glass, "#ffffff", 0.18))
    c.line([(x + width / 2, y), (x + width / 2, y + height)], trim, 3)
    c.line([(x - 6, y + height + 6), (x + width + 6, y + height + 6)], mix(trim, "#000000", 0.2), 4)


def draw_tree(c: Canvas, x: float, ground: float, height: float, leaves: Leaves, bark: str = "#5d4a3a") -> None:
    """A healthy street tree."""
    _draw_branches(c, x, ground, height, bark)
    crown = ground - height * 0.72
    for _ in range(430):
        angle, reach = c.rng.uniform(0, math.tau), c.rng.random() ** 0.5
        spot = (x + math.cos(angle) * reach * height * 0.36, crown + math.sin(angle) * reach * height * 0.27)
        shade = max(0.0, min(0.45, 0.2 + (spot[1] - crown) / height))
        size = height * c.rng.uniform(0.012, 0.034)
        c.ellipse(*spot, size, size * 0.75, mix(c.rng.choice(leaves), "#101c10", shade))


def draw_thirsty_tree(c: Canvas, x: float, ground: float, height: float, leaves: Leaves) -> None:
    """A tree that has lost most of its leaves."""
    tips = _draw_branches(c, x, ground, height, "#5d4a3a")
    for _ in range(215):
        near, size = c.rng.choice(tips), height * c.rng.uniform(0.011, 0.018)
        spot = (near[0] + c.rng.gauss(0, height * 0.05), near[1] + c.rng.gauss(0, height * 0.04))
        c.ellipse(*spot, size, size * 0.75, mix(c.rng.choice(leaves), "#3a2a10", c.rng.uniform(0, 0.3)))


def _draw_branches(c: Canvas, x: float, ground: float, height: float, bark: str) -> list[Point]:
    """The trunk and eleven branches; returns where the branches end."""
    foot, fork = height * 0.03, ground - height * 0.6
    c.polygon([(x - foot, ground), (x + foot, ground), (x + 4, fork), (x - 4, fork)], bark)
    tips = []
    for turn in range(11):
        angle = math.radians(200 + turn * 14 + c.rng.uniform(-6, 6))
        reach = height * c.rng.uniform(0.28, 0.44)
        start = ground - height * c.rng.uniform(0.45, 0.62)
        tip = (x + math.cos(angle) * reach, start + math.sin(angle) * reach)
        bend = ((x + tip[0]) / 2 + c.rng.uniform(-9, 9), (start + tip[1]) / 2)
        c.line([(x, start), bend, tip], bark, height * 0.012)
        tips.append(tip)
    return tips


def draw_bicycle(c: Canvas, x: float, ground: float, size: float, paint: str, lean: float = 0.0) -> None:
    """A Dutch city bike seen from the side; `x` is between the wheels, `size` the radius of a wheel."""
    back, front = (x - size * 1.25, ground - size), (x + size * 1.25, ground - size)
    _draw_wheel(c, *back, size)
    _draw_wheel(c, *front, size)
    pedal = (x - size * 0.2 + lean, ground - size * 0.9)
    seat = (x - size * 0.55 + lean, ground - size * 2.25)
    head = (x + size * 0.85 + lean, ground - size * 2.3)
    for stroke in ([back, pedal, seat, back], [seat, (head[0], head[1] + size * 0.3), pedal], [front, head]):
        c.line(stroke, paint, size * 0.13)
    c.line(path("0,0 -0.1,-0.35 -0.55,-0.4", *head, size), "#2a2a2a", size * 0.1)
    c.block(*seat, size, (-0.35, 0.25, -0.05, 0.12), "#2b211c", 0.08)
    c.line([back, (back[0], back[1] - size * 1.1), (seat[0], back[1] - size * 1.1)], "#3a3d40", size * 0.08)


def _draw_wheel(c: Canvas, x: float, y: float, size: float) -> None:
    c.ring(x, y, size, size, "#1b1b1e", size * 0.11)
    for spoke in range(0, 180, 30):
        dx, dy = math.cos(math.radians(spoke)) * size * 0.9, math.sin(math.radians(spoke)) * size * 0.9
        c.line([(x - dx, y - dy), (x + dx, y + dy)], "#8b8f94", 1)


def draw_lamp(c: Canvas, x: float, ground: float, height: float, post: str, lit: bool = False) -> None:
    c.line([(x, ground), (x, ground - height)], post, max(2, height * 0.022))
    c.line([(x, ground - height), (x + height * 0.12, ground - height * 1.03)], post, max(2, height * 0.02))
    head = (x + height * 0.14, ground - height * 1.02)
    c.block(*head, height, (-0.05, 0.06, -0.012, 0.012), "#ffe2a0" if lit else post, 0.01)
    if lit:
        c.glow(*head, height * 0.9, "#ffc46b", 0.75)
        c.glow(head[0], ground, height * 0.8, "#ffb75a", 0.45, flat=0.3)


def draw_person(c: Canvas, x: float, ground: float, height: float, coat: str) -> None:
    """A simple standing figure."""
    waist = ground - height * 0.47
    for step in (-0.06, 0.06):
        c.line([(x, waist), (x + height * step, ground)], "#2d3142", height * 0.09)
    c.block(x, ground, height, (-0.12, 0.12, 0.44, 0.82), coat, 0.07)
    _draw_head(c, x, ground - height * 0.91, height)


def draw_guest(c: Canvas, x: float, ground: float, height: float, coat: str) -> None:
    """Someone on a chair at a table, seen from behind; `height` as if they stood."""
    for leg in (-0.1, 0.1):
        c.block(x + height * leg, ground, height, (-0.013, 0.013, 0, 0.25), "#1c1a20")
    c.block(x, ground, height, (-0.12, 0.12, 0.24, 0.62), coat, 0.08)
    c.block(x, ground, height, (-0.13, 0.13, 0.2, 0.44), "#3a2d33", 0.03)
    _draw_head(c, x, ground - height * 0.71, height)


def _draw_head(c: Canvas, x: float, y: float, height: float) -> None:
    skin = c.rng.choice(("#f0c8a4", "#c68a5e", "#8a5a3c", "#e2b08a"))
    hair = c.rng.choice(("#2b2118", "#6b4a2b", "#b98b4e", "#8d8d8d", "#1a1a1a"))
    c.ellipse(x, y, height * 0.075, height * 0.085, skin)
    c.polygon(_half_disc(x, y - height * 0.02, height * 0.082), hair)


def _half_disc(x: float, y: float, radius: float) -> list[Point]:
    turns = [math.radians(angle) for angle in range(180, 361, 15)]
    return [(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns]


def draw_car(c: Canvas, x: float, ground: float, length: float, paint: str) -> None:
    """A parked or passing car seen from the side; `x` is its middle."""
    half, height = length / 2, length * 0.17
    c.shadow(x, ground, half * 1.02, height * 0.28)
    roof = "-0.62,-1.2 -0.38,-2.1 0.28,-2.1 0.58,-1.2"
    rear, front = "-0.54,-1.22 -0.37,-1.95 -0.06,-1.95 -0.06,-1.22", "0,-1.22 0,-1.95 0.25,-1.95 0.47,-1.22"
    for outline, fill in ((roof, mix(paint, "#000000", 0.1)), (rear, "#24303c"), (front, "#24303c")):
        c.polygon([(x + half * dx, ground + height * dy) for dx, dy in path(outline)], fill)
    c.box(x - half, ground - height * 1.28, x + half, ground - height * 0.3, paint, height * 0.35)
    sill = mix(paint, "#000000", 0.35)
    c.box(x - half, ground - height * 0.62, x + half, ground - height * 0.34, sill, height * 0.12)
    for wheel in (-0.58, 0.58):
        c.ellipse(x + half * wheel, ground - height * 0.36, height * 0.42, height * 0.42, "#17181b")
        c.ellipse(x + half * wheel, ground - height * 0.36, height * 0.22, height * 0.22, "#9aa0a6")
    c.box(x + half * 0.9, ground - height * 1.12, x + half * 0.99, ground - height * 0.9, "#fff3c4", 3)
    c.box(x - half * 0.99, ground - height * 1.12, x - half * 0.92, ground - height * 0.9, "#c1272d", 3)


def draw_grass(c: Canvas, x: float, ground: float, height: float, fills: Leaves, blades: int = 16) -> None:
    """A tuft of marram grass, bent by the sea wind."""
    for _ in range(blades):
        lean = c.rng.uniform(-0.35, 0.75) * height
        tall = height * c.rng.uniform(0.55, 1.0)
        foot = x + c.rng.uniform(-0.22, 0.22) * height
        blade = [(foot, ground), (foot + lean * 0.3, ground - tall * 0.6), (foot + lean, ground - tall)]
        c.line(blade, c.rng.choice(fills), max(1.2, height * 0.025))


def draw_gull(c: Canvas, x: float, ground: float, size: float) -> None:
    """A herring gull on its feet, looking to the left."""
    for leg in (-0.1, 0.12):
        c.line([(x + size * leg, ground), (x + size * leg, ground - size * 0.35)], "#e0a030", size * 0.05)
    c.polygon(path("-0.45,-0.62 -0.1,-0.86 0.7,-0.42 0,-0.3", x, ground, size), "#f5f5f0")
    c.polygon(path("-0.15,-0.78 0.35,-0.62 0.85,-0.36 0.1,-0.48", x, ground, size), "#9aa3ad")
    c.polygon(path("-0.56,-0.86 -0.82,-0.78 -0.56,-0.76", x, ground, size), "#eab83f")
    c.ellipse(x - size * 0.42, ground - size * 0.84, size * 0.18, size * 0.17, "#fbfbf7")
    c.ellipse(x - size * 0.47, ground - size * 0.88, size * 0.025, size * 0.025, "#20242a")
