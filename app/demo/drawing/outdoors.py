"""More pictures of the open air: a hot playground, wet leaves, drifted sand, the tideline, a shower on the beach."""

import math

from app.demo.drawing import props
from app.demo.drawing.canvas import HEIGHT, WIDTH, Canvas, mix, path

LEAVES = ("#6b4a26", "#8a5a24", "#a8772f", "#54391f", "#b5852f")


def draw_hot_playground(c: Canvas) -> None:
    c.gradient(0, 430, "#79bdea", "#f3ecd0")
    c.glow(1010, 90, 420, "#fff2b8", 0.9)
    for x in (60.0, 300, 980, 1150):
        props.draw_tree(c, x, 440, 250, ("#6f8f3c", "#8aa54c", "#55752c"))
    c.gradient(430, HEIGHT, "#3a3a3e", "#232326")
    for column in range(-14, 16):
        c.line([(600 + column * 60, 430), (600 + column * 170, HEIGHT)], "#4a4a4f", 2)
    for row in range(1, 9):
        y = 430.0 + 470 * (row / 9) ** 1.6
        c.line([(0, y), (WIDTH, y)], "#4a4a4f", 2)
    c.speckle(440, HEIGHT, ("#56565c", "#2e2e32"), 900, 3)
    _draw_climbing_frame(c)
    for x, y in ((850.0, 780.0), (905, 800)):
        c.shadow(x, y + 6, 34, 8, 0.5, 6)
        c.ellipse(x, y, 32, 13, "#e0548a")
        c.line([(x - 12, y - 4), (x + 16, y - 12)], "#fbeef4", 5)
    for _ in range(26):
        x, y = c.rng.uniform(80, 1120), c.rng.uniform(460, 640)
        wave = [(x + 7 * math.sin(step), y - step * 9) for step in range(9)]
        c.line(wave, "#6c6c70", 1.6)
    c.soften(path("0,430 1200,430 1200,560 0,560"), "#f6e3b4", 0.22, 40)


def _draw_climbing_frame(c: Canvas) -> None:
    c.soften(path("250,700 760,700 900,760 330,780"), "#000000", 0.5, 16)
    for x, top, foot in ((260, 330, 700), (460, 300, 660), (660, 300, 660), (790, 350, 700)):
        c.line([(x, top), (x, foot)], "#c8553d", 17)
    for rung in range(5):
        y = 360 + rung * 62
        c.line([(260, y), (460, y - 26)], "#e9b44c", 11)
        c.line([(660, y - 26), (790, y)], "#2a6f97", 11)
    c.line(path("250,330 460,298 660,298 800,352"), "#8f2d2d", 17)
    c.polygon(path("470,300 650,300 540,690 380,690"), "#3f7fa8")
    c.polygon(path("488,310 634,310 530,690 402,690"), "#5f9cc2")


def draw_slippery_leaves(c: Canvas) -> None:
    c.gradient(0, 420, "#8f9a9e", "#c3c4bb")
    for x, height in ((90, 420), (300, 300), (930, 380), (1130, 460)):
        props.draw_thirsty_tree(c, x, 470, height, LEAVES)
    c.gradient(410, HEIGHT, "#6a6d4a", "#4d5236")
    c.polygon(path("540,420 640,420 700,520 860,640 1200,780 1200,900 120,900 360,640 500,500"), "#7b4a40")
    c.polygon(path("588,420 594,420 612,540 690,680 860,900 830,900 668,684 600,544"), "#d8cfc0")
    for _ in range(950):
        depth = c.rng.random() ** 0.55
        y, spread = 425 + 470 * depth, 60 + 560 * depth
        x, size = 610 + 40 * depth + c.rng.gauss(0, spread * 0.6), 3 + 12 * depth
        c.ellipse(x, y, size, size * 0.42, mix(c.rng.choice(LEAVES), "#1d1610", c.rng.uniform(0, 0.35)))
    c.soften(path("420,640 700,600 840,720 560,760"), "#dfe4e2", 0.22, 26)
    _draw_fallen_bicycle(c, 640, 760, 92)


def _draw_fallen_bicycle(c: Canvas, x: float, y: float, size: float) -> None:
    """Flat on its side, so its wheels are ovals."""
    c.shadow(x, y + 14, size * 2.4, size * 0.5, 0.4, 14)
    for wheel in (-1.35, 1.35):
        c.ring(x + wheel * size, y, size, size * 0.48, "#1b1b1e", size * 0.12)
        for spoke in range(0, 180, 36):
            dx, dy = math.cos(math.radians(spoke)) * size * 0.9, math.sin(math.radians(spoke)) * size * 0.42
            c.line([(x + wheel * size - dx, y - dy), (x + wheel * size + dx, y + dy)], "#8b8f94", 1)
    for stroke in ("-1.35,0 -0.2,0.25 0.8,-0.6 1.35,0", "-1.35,0 -0.5,-0.7 -0.2,0.25", "-0.5,-0.7 0.8,-0.6"):
        c.line(path(stroke, x, y, size), "#2f5d50", size * 0.13)
    c.line(path("0.8,-0.6 0.95,-0.95 0.5,-1.05", x, y, size), "#2a2a2a", size * 0.1)
    c.ellipse(x - size * 0.6, y - size * 0.78, size * 0.3, size * 0.13, "#2b211c")


def draw_sand_drift(c: Canvas) -> None:
    c.gradient(0, 520, "#9fb4bf", "#dcd9c9")
    props.draw_houses(c, 540, 350)
    c.gradient(540, HEIGHT, "#8d877a", "#7a7467")
    c.box(0, 500, WIDTH, 600, "#9a6650")
    c.box(0, 492, WIDTH, 508, "#d9d0bd")
    for x in range(40, WIDTH, 210):
        c.box(x, 470, x + 34, 604, "#8a5844")
    for left, top, right in ((-80, 560, 420), (300, 585, 860), (760, 545, 1300)):
        ridge = [
            (left + (right - left) * step / 20, 640 - (640 - top) * math.sin(math.pi * step / 20)) for step in range(21)
        ]
        c.polygon([(left, 760), *ridge, (right, 760)], mix("#e3cf9c", "#cdb178", c.rng.random()))
    c.gradient(752, HEIGHT, "#d9c28b", "#bfa774")
    c.speckle(620, HEIGHT, ("#f2e5bf", "#b99a5f", "#cdb178"), 2000, 3)
    for _ in range(9):
        props.draw_grass(c, c.rng.uniform(0, WIDTH), c.rng.uniform(600, 660), 80, ("#8a9a5a", "#6e7d43"), 10)
    _draw_wheelbarrow(c, 700, 830, 100)


def _draw_wheelbarrow(c: Canvas, x: float, ground: float, size: float) -> None:
    c.shadow(x, ground, size * 1.8, size * 0.2, 0.35, 12)
    c.ellipse(x - size * 1.2, ground - size * 0.36, size * 0.36, size * 0.36, "#23262a")
    c.line(path("-1.2,-0.36 0.4,-0.6 1.9,-0.95", x, ground, size), "#5d4a3a", size * 0.1)
    c.line(path("0.5,-0.6 0.65,0", x, ground, size), "#3a3d40", size * 0.1)
    c.ellipse(x - size * 0.1, ground - size * 1.2, size * 0.85, size * 0.42, "#dcc68f")
    c.polygon(path("-1.1,-1.2 1,-1.2 0.55,-0.55 -0.7,-0.55", x, ground, size), "#3f7051")
    c.line([(x + size * 1.3, ground), (x + size * 2.1, ground - size * 2.6)], "#8a6a45", size * 0.11)
    c.polygon(path("1.05,0.1 1.5,0.1 1.44,-0.5 1.16,-0.5", x, ground, size), "#7e878f")


def draw_tideline_pellets(c: Canvas) -> None:
    c.gradient(0, 250, "#8b98a3", "#c6cdcf")
    c.gradient(250, 400, "#4f6b78", "#7d929a")
    for _ in range(40):
        x, y = c.rng.uniform(0, WIDTH), 260 + c.rng.random() * 130
        c.line([(x, y), (x + c.rng.uniform(30, 120), y)], "#c9d4d6", 2)
    c.gradient(396, HEIGHT, "#b09a74", "#cdb78a")
    c.speckle(400, HEIGHT, ("#a58e66", "#dcc9a0", "#8d7a57"), 1800, 3)
    for _ in range(240):
        x = c.rng.uniform(-40, WIDTH)
        y = 600 + 60 * math.sin(x / 190) + c.rng.gauss(0, 18)
        weed = [(x + step * 13, y + c.rng.uniform(-9, 9)) for step in range(5)]
        c.line(weed, c.rng.choice(("#3b3a22", "#514a24", "#2f2c1c")), c.rng.uniform(2, 5))
    for _ in range(1700):
        x = c.rng.uniform(0, WIDTH)
        y = 612 + 60 * math.sin(x / 190) + c.rng.gauss(0, 34)
        size = 2.4 + 3.4 * (y - 480) / 300
        c.ellipse(x, y, size, size * 0.85, c.rng.choice(("#fbfbf6", "#eef0ee", "#dfe4e6")))
    for _ in range(30):
        x, y = c.rng.uniform(0, WIDTH), c.rng.uniform(640, 880)
        c.polygon(path("-1,0 -0.6,-0.7 0,-0.95 0.6,-0.7 1,0 0,0.3", x, y, c.rng.uniform(9, 24)), "#e8dcc8")
    props.draw_gull(c, 930, 560, 84)


def draw_beach_shower(c: Canvas) -> None:
    c.gradient(0, 330, "#79b2dc", "#dfeef2")
    c.gradient(330, 430, "#4c86a3", "#84b1b6")
    c.gradient(425, HEIGHT, "#ead9aa", "#d5bd86")
    c.speckle(430, HEIGHT, ("#cdb178", "#f2e5bf", "#bfa069"), 1800, 3)
    c.polygon(path("300,700 1040,700 1160,780 200,780"), "#b7b2a6")
    for x, works in ((420, True), (820, False)):
        c.box(x - 14, 190, x + 14, 720, "#8f9ba3", 6)
        c.line([(x, 205), (x - 70, 205), (x - 70, 235)], "#8f9ba3", 16)
        if works:
            for _ in range(70):
                drop = x - 70 + c.rng.uniform(-46, 46)
                c.line([(drop, 250 + c.rng.uniform(0, 90)), (drop, 380 + c.rng.uniform(0, 300))], "#d9eef5", 1.6)
        else:
            c.ellipse(x - 70, 262, 44, 54, "#e8e6df")
            c.line(path("690,225 812,225", 0, 0), "#6f7a80", 5)
    c.ellipse(350, 724, 150, 26, "#8fb3bd")
    for place in range(7):
        x, height = 340 - place * 62 if place else 350, 150 + (place * 37) % 40
        props.draw_person(c, x, 730 + place * 12, height, props.COATS[place % len(props.COATS)])
