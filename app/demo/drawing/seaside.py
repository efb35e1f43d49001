"""Pictures of beach, boulevard and dunes."""

from app.demo.drawing import props
from app.demo.drawing.canvas import HEIGHT, WIDTH, Canvas, Point, mix, path


def draw_dark_cycle_path(c: Canvas) -> None:
    c.gradient(0, 520, "#0a1330", "#2f4566")
    for _ in range(70):
        c.ellipse(c.rng.uniform(0, WIDTH), c.rng.uniform(0, 330), 1.2, 1.2, "#c9d6ee")
    c.glow(930, 120, 230, "#7f93c4", 0.5)
    c.ellipse(930, 120, 26, 26, "#e8ecf7")
    c.gradient(440, HEIGHT, "#16202b", "#0b1015")
    c.polygon(path("0,470 300,410 560,455 1200,395 1200,530 0,530"), "#131d29")
    c.polygon(path("590,455 620,455 1010,900 180,900"), "#2a2630")
    c.polygon(path("180,900 590,455 596,455 225,900"), "#3a3640")
    for step in range(9):
        near, far = 460 + 440 * (step / 9) ** 1.8, 460 + 440 * ((step + 0.55) / 9) ** 1.8
        c.line([(605 - (near - 455) * 0.02, near), (605 - (far - 455) * 0.02, far)], "#77707c", 1 + step)
    for x, ground, height in ((150, 800, 620), (1080, 760, 560), (330, 610, 300), (860, 600, 280)):
        props.draw_tree(c, x, ground, height, ("#0d1a1c", "#12241f", "#0a1417"), bark="#090e12")
    for x, ground, height in ((285, 760, 430), (520, 545, 150), (715, 560, 165)):
        props.draw_lamp(c, x, ground, height, "#06090d")
    props.draw_lamp(c, 572, 478, 62, "#10151c", lit=True)
    for foot in range(20, WIDTH, 60):
        near, low = foot + c.rng.uniform(-20, 20), c.rng.uniform(850, 920)
        props.draw_grass(c, near, low, 90, ("#152420", "#0d1815", "#1c2f2a"), 9)
    _draw_oncoming_cyclist(c)


def _draw_oncoming_cyclist(c: Canvas) -> None:
    c.line([(668, 560), (668, 600)], "#05070a", 7)
    c.box(655, 500, 681, 565, "#07090d", 11)
    c.ellipse(668, 488, 10, 12, "#07090d")
    c.glow(668, 566, 120, "#fff0c8", 0.9)
    c.ellipse(668, 566, 6, 6, "#ffffff")
    c.glow(662, 640, 190, "#f5dca0", 0.4, flat=0.35)


def draw_overflowing_bin(c: Canvas) -> None:
    _draw_sea_view(c, 330)
    c.gradient(470, HEIGHT, "#c9c0ae", "#a59a86")
    c.box(0, 440, WIDTH, 486, "#d8d2c4")
    c.box(0, 486, WIDTH, 498, "#9c9484")
    for step in range(1, 9):
        y = 498 + 402 * (step / 9) ** 1.6
        c.line([(0, y), (WIDTH, y)], "#998f7c", 1 + step * 0.3)
    for x in range(-1800, 3000, 150):
        c.line([(600 + (x - 600) * 0.35, 498), (x, HEIGHT)], "#9c927f", 1.5)
    c.speckle(500, HEIGHT, ("#8d8471", "#b8ad99", "#d5cbb8"), 900, 3)
    c.shadow(640, 800, 190, 36, 0.4, 18)
    for x, y, bag in ((455, 790, "#3f4a52"), (790, 800, "#e8e6df"), (370, 820, "#e8e6df")):
        c.ellipse(x, y - 50, 66, 58, bag)
        c.ellipse(x - 20, y - 70, 20, 16, mix(bag, "#ffffff", 0.25))
        c.polygon([(x - 12, y - 105), (x + 16, y - 128), (x + 22, y - 98)], bag)
    c.box(520, 430, 750, 795, "#2e5a50", 16)
    c.box(520, 430, 570, 795, "#3d7164", 16)
    c.box(505, 418, 765, 462, "#24473f", 12)
    c.box(560, 560, 715, 660, "#f1e9d6", 8)
    c.box(600, 585, 675, 600, "#2e5a50")
    c.box(600, 615, 675, 630, "#2e5a50")
    _draw_rubbish(c)
    props.draw_gull(c, 925, 842, 150)
    props.draw_gull(c, 240, 690, 90)


def _draw_rubbish(c: Canvas) -> None:
    litter = ("#f3efe4", "#d94f3d", "#f2c14e", "#5aa0c8", "#e8e2d0", "#b77b4a")
    for step in range(26):
        x, y = 535 + c.rng.uniform(0, 200), 425 - abs(c.rng.gauss(0, 34))
        _draw_piece(c, x, y, 34, litter[step % len(litter)])
    for step in range(44):
        x = c.rng.uniform(120, 1120)
        _draw_piece(c, x, c.rng.uniform(740, 880), 28, litter[step % len(litter)])


def _draw_piece(c: Canvas, x: float, y: float, size: float, fill: str) -> None:
    """A cup, a tray or a crumpled wrapper."""
    kind = c.rng.randrange(3)
    if kind == 0:
        c.polygon(path("-0.4,-1 0.4,-1 0.28,0 -0.28,0", x, y, size), fill)
        c.ellipse(x, y - size, size * 0.4, size * 0.12, mix(fill, "#000000", 0.2))
    elif kind == 1:
        c.polygon(path("-0.7,-0.4 0.7,-0.5 0.45,0 -0.5,0", x, y, size), fill)
    else:
        corners = [(x + c.rng.uniform(-0.6, 0.6) * size, y - c.rng.uniform(0, 0.8) * size) for _ in range(6)]
        c.polygon(sorted(corners), fill)


def _draw_sea_view(c: Canvas, horizon: float) -> None:
    c.gradient(0, horizon, "#7fb2d8", "#dcebf0")
    for _ in range(7):
        x, y = c.rng.uniform(0, WIDTH), c.rng.uniform(40, horizon * 0.6)
        for puff in range(9):
            spread = (puff - 4) * 26
            c.soften(_blob(x + spread, y + c.rng.uniform(-8, 8), 46, 17), "#ffffff", 0.5, 14)
    c.gradient(horizon, horizon + 120, "#4c86a3", "#84b1b6")
    for _ in range(60):
        x, y = c.rng.uniform(0, WIDTH), horizon + c.rng.random() ** 1.5 * 100
        c.line([(x, y), (x + c.rng.uniform(14, 60), y)], "#cfe3e4", 1.3)


def _blob(x: float, y: float, rx: float, ry: float) -> list[Point]:
    return [(x + dx * rx, y + dy * ry) for dx, dy in path("-1,0 -0.6,-1 0.6,-1 1,0 0.6,1 -0.6,1")]


def draw_beach_ramp(c: Canvas) -> None:
    _draw_sea_view(c, 300)
    c.gradient(405, HEIGHT, "#e9d8a8", "#d8bf87")
    c.line([(0, 404), (WIDTH, 404)], "#f7f6ee", 9)
    c.speckle(420, HEIGHT, ("#cdb178", "#f2e5bf", "#bfa069"), 2600, 3)
    for x, ground in ((70.0, 690.0), (190, 640), (1080, 650), (1150, 730), (1000, 600)):
        c.soften(_blob(x, ground + 8, 130, 30), "#b99a5f", 0.5, 16)
        for _ in range(4):
            foot, lower = x + c.rng.uniform(-60, 60), ground + c.rng.uniform(-6, 16)
            props.draw_grass(c, foot, lower, 110, ("#7f8f4a", "#98a65c", "#65763a"), 14)
    _draw_planks(c, 15)
    _draw_railings(c)
    _draw_wheelchair(c, 600, 830)


def _draw_planks(c: Canvas, planks: int) -> None:
    for step in range(planks):
        top, bottom = (520 + 380 * (row / planks) ** 1.5 for row in (step, step + 0.86))
        plank = mix("#9b7a54", c.rng.choice(("#b08e66", "#856643")), c.rng.random())
        far, near = 70 + (top - 520) * 0.72, 70 + (bottom - 520) * 0.72
        c.polygon([(600 - far, top), (600 + far, top), (600 + near, bottom), (600 - near, bottom)], plank)
    c.polygon(path("528,520 672,520 678,548 522,548"), "#5a452e")
    c.soften(path("500,540 700,540 720,585 480,585"), "#6b5330", 0.5, 10)


def _draw_railings(c: Canvas) -> None:
    for side in (-1, 1):
        c.line([(600 + side * 76, 516), (600 + side * 350, HEIGHT)], "#6d5639", 9)
        for x, top, foot in ((80, 440, 520), (160, 520, 640), (262, 640, 778)):
            c.line([(600 + side * x, top), (600 + side * x, foot)], "#6d5639", 9)
        c.line([(600 + side * 80, 440), (600 + side * 262, 640), (600 + side * 380, 770)], "#846947", 10)


def _draw_wheelchair(c: Canvas, x: float, ground: float) -> None:
    """Someone in a wheelchair seen from behind, looking out to sea."""
    c.shadow(x, ground, 120, 20, 0.4, 12)
    for side in (-1, 1):
        c.ellipse(x + side * 78, ground - 66, 17, 68, "#1d1f23")
        c.ellipse(x + side * 78, ground - 66, 8, 52, "#7e878f")
        handle = ((58, 120), (58, 212), (72, 218))
        c.line([(x + side * dx, ground - dy) for dx, dy in handle], "#4a525a", 8)
    c.box(x - 58, ground - 190, x + 58, ground - 62, "#27384a", 12)
    c.box(x - 66, ground - 262, x + 66, ground - 150, "#c8553d", 34)
    c.ellipse(x, ground - 296, 36, 40, "#8d8d8d")
    c.ellipse(x, ground - 272, 20, 16, "#e2b08a")


def draw_noisy_terrace(c: Canvas) -> None:
    c.gradient(0, 420, "#1d2346", "#a0586a")
    props.draw_houses(c, 560, 430, night=0.5, lit=0.75)
    c.gradient(560, HEIGHT, "#4c4250", "#2b2733")
    c.speckle(560, HEIGHT, ("#584d5b", "#39333f"), 900, 3)
    for hang, left in ((150, 0), (205, 600)):
        for step in range(13):
            x = left + step * 50
            y = hang + 60 - ((step - 6) / 6) ** 2 * 60
            c.glow(x, y, 60, "#ffc870", 0.55)
            c.ellipse(x, y, 6, 7, "#fff1c9")
    for x, paint in ((190, "#b5483a"), (600, "#e0b050"), (1000, "#3f6f7a")):
        _draw_table(c, x, 700, 1.0, paint)
    c.glow(600, 600, 620, "#ff9d4d", 0.28, flat=0.5)
    for x, paint in ((400, "#3f6f7a"), (830, "#b5483a")):
        _draw_table(c, x, 870, 1.35, paint)
    c.glow(600, 780, 700, "#ffab5e", 0.22, flat=0.5)


def _draw_table(c: Canvas, x: float, ground: float, size: float, parasol: str) -> None:
    """A table with a parasol and four people around it."""
    c.shadow(x, ground + 6, 170 * size, 20 * size, 0.45, 14)
    c.line([(x, ground), (x, ground - 330 * size)], "#d9d2c5", 7 * size)
    for seat in (-120, -62, 62, 120):
        coat = mix(c.rng.choice(props.COATS), "#241a2c", 0.25)
        props.draw_guest(c, x + seat * size, ground + abs(seat) * 0.1 - 6 * size, 235 * size, coat)
    c.ellipse(x, ground - 84 * size, 112 * size, 20 * size, "#e8dcc6")
    c.ellipse(x, ground - 88 * size, 112 * size, 19 * size, "#f6eddb")
    for glass in (-60, -18, 30, 70):
        left, right = x + glass * size, x + (glass + 13) * size
        c.box(left, ground - 122 * size, right, ground - 90 * size, "#e8b548", 3)
    _draw_parasol(c, x, ground, size, parasol)


def _draw_parasol(c: Canvas, x: float, ground: float, size: float, parasol: str) -> None:
    edge = [(x + (step - 4) * 46 * size, ground - (296 - (8 if step % 2 else 0)) * size) for step in range(9)]
    c.polygon([(x, ground - 400 * size), *edge], parasol)
    c.polygon([(x, ground - 400 * size), edge[3], edge[4]], mix(parasol, "#ffffff", 0.25))
    c.polygon([(x, ground - 400 * size), edge[0], edge[1]], mix(parasol, "#000000", 0.2))


def draw_dune_path(c: Canvas) -> None:
    _draw_sea_view(c, 360)
    c.polygon(path("0,470 220,380 470,430 700,455 900,372 1200,430 1200,900 0,900"), "#b9b777")
    c.polygon(path("0,560 330,470 560,520 800,500 1200,430 1200,900 0,900"), "#a7ab66")
    c.polygon(path("0,700 360,600 520,640 760,610 1200,640 1200,900 0,900"), "#98a05c")
    trail = "640,440 668,440 700,520 650,600 760,720 900,900 330,900 470,720 560,600 640,520"
    c.polygon(path(trail), "#ead9ae")
    c.polygon(path("330,900 470,720 560,600 640,520 652,520 590,610 520,730 420,900"), "#d3bd88")
    for _ in range(500):
        y = 460 + c.rng.random() ** 0.7 * 440
        x = 640 + c.rng.gauss(0, 0.3) * (y - 430)
        c.ellipse(x, y, 2.4, 1.3, c.rng.choice(("#c5ab74", "#fbf3d8", "#b4975f")))
    for step in range(230):
        y = 440 + (step / 230) ** 1.1 * 450
        x = c.rng.uniform(0, WIDTH)
        if abs(x - 630) > 46 + (y - 440) * 0.62:
            props.draw_grass(c, x, y, 24 + (y - 430) * 0.24, ("#6f8043", "#8b9a55", "#b3b878", "#5a6b36"), 11)
    for x, height in ((655, 62), (680, 56)):
        props.draw_person(c, x, 520, height, c.rng.choice(props.COATS))
