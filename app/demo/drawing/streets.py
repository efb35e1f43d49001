"""Pictures of streets and pavements."""

import itertools

from app.demo.drawing import props
from app.demo.drawing.canvas import HEIGHT, WIDTH, Canvas, Point, mix, path


def draw_flooded_street(c: Canvas) -> None:
    c.gradient(0, 600, "#78838f", "#b9c0c4")
    props.draw_houses(c, 560, 400, night=0.18, lit=0.15)
    c.box(0, 546, WIDTH, 562, "#8b8882")
    props.draw_car(c, 300, 590, 360, "#8c3b35")
    props.draw_lamp(c, 640, 572, 380, "#3c4248")
    props.draw_bicycle(c, 930, 604, 52, "#2f5d50")
    c.mirror(566, HEIGHT - 566, "#56616a", 0.42)
    for _ in range(120):
        x, y = c.rng.uniform(0, WIDTH), 570 + c.rng.random() ** 0.7 * 330
        length, shade = c.rng.uniform(20, 110) * y / HEIGHT, c.rng.choice(("#a9b4ba", "#49545c", "#c3ccd0"))
        c.line([(x, y), (x + length, y)], shade, 1.4)
    for _ in range(34):
        x, y = c.rng.uniform(0, WIDTH), c.rng.uniform(620, 890)
        c.ring(x, y, 34, 8, "#b4bfc4", 1.3)
        c.ring(x, y, 19, 4.4, "#b4bfc4", 1.3)
    for _ in range(150):
        x, y = c.rng.uniform(-40, WIDTH), c.rng.uniform(0, HEIGHT)
        c.line([(x, y), (x - 9, y + 42)], "#c5ccd1", 1)


def draw_loose_tile(c: Canvas) -> None:
    c.gradient(0, HEIGHT, "#a9a498", "#8f897c")
    rows = [0.0]
    while rows[-1] < HEIGHT:
        rows.append(rows[-1] + 74 + rows[-1] * 0.16)
    for row, (top, bottom) in enumerate(itertools.pairwise(rows)):
        for column in range(-9, 10):
            shade = mix("#b5b0a4", c.rng.choice(("#9d978a", "#c6c1b5", "#a8a294")), c.rng.random())
            c.polygon(_tile(column + (row % 2) * 0.5, top, bottom, 3), shade)
    c.speckle(0, HEIGHT, ("#8a8478", "#cdc8bc", "#736d61"), 2600, 2.6)
    for _ in range(70):
        x, row = c.rng.uniform(0, WIDTH), c.rng.randrange(len(rows) - 1)
        props.draw_grass(c, x, rows[row] + 6, 12 + row * 5, ("#6d8a3f", "#55722f", "#86a052"), 5)
    _draw_tilted_tile(c)
    _draw_walker_wheel(c)


def _tile(column: float, top: float, bottom: float, joint: float) -> list[Point]:
    def across(step: float, y: float) -> float:
        return 600 + step * (118 + y * 0.2)

    return [
        (across(column, top) + joint, top + joint),
        (across(column + 1, top) - joint, top + joint),
        (across(column + 1, bottom) - joint, bottom - joint),
        (across(column, bottom) + joint, bottom - joint),
    ]


def _draw_tilted_tile(c: Canvas) -> None:
    c.polygon(path("452,430 742,426 790,596 430,604"), "#4a3b2b")
    c.soften(path("440,440 780,430 800,640 430,650"), "#000000", 0.4, 22)
    for _ in range(160):
        x, y = c.rng.uniform(450, 770), c.rng.uniform(520, 610)
        c.ellipse(x, y, 5, 3, c.rng.choice(("#6b5740", "#3b2e21", "#8a7557")))
    c.polygon(path("462,452 752,400 806,522 446,574"), "#c3beb1")
    c.polygon(path("446,574 806,522 806,552 446,606"), "#7e7868")
    c.polygon(path("462,452 752,400 764,426 458,482"), "#d6d1c5")
    for _ in range(150):
        x = c.rng.uniform(480, 770)
        y = 555 - (x - 446) * 0.14 - c.rng.uniform(0, 90)
        c.ellipse(x, y, 2, 1.4, c.rng.choice(("#a29c8f", "#dcd7cb", "#8c8679")))


def _draw_walker_wheel(c: Canvas) -> None:
    c.shadow(960, 716, 120, 26, 0.4, 14)
    c.line([(985, 640), (1090, -20)], "#9aa5b1", 17)
    c.line([(988, 640), (1094, -20)], "#d5dde4", 5)
    c.line(path("985,630 945,560 1015,540"), "#6f7a86", 11)
    c.ellipse(962, 648, 72, 72, "#26282c")
    c.ellipse(962, 648, 46, 46, "#8c949c")
    c.ellipse(962, 648, 12, 12, "#2b2e33")


def draw_crowded_bike_rack(c: Canvas) -> None:
    c.gradient(0, 520, "#c6cfd4", "#e4e2da")
    _draw_station_wall(c)
    c.gradient(520, HEIGHT, "#a49d90", "#857d70")
    c.speckle(520, HEIGHT, ("#8a8275", "#b7afa1", "#6e675b"), 1500, 3)
    for ground, size, count in ((610, 56, 13), (715, 72, 12), (845, 92, 9)):
        c.soften(path("0,-12 1200,-12 1200,14 0,14", y=ground), "#000000", 0.35, 12)
        for step in range(count):
            x = (step + 0.5) * WIDTH / count + c.rng.uniform(-26, 26)
            y, paint = ground + c.rng.uniform(-8, 8), c.rng.choice(props.BIKES)
            props.draw_bicycle(c, x, y, size, paint, lean=c.rng.uniform(-14, 14))
        c.line([(0, ground - size), (WIDTH, ground - size)], "#b9bfc4", 5)


def _draw_station_wall(c: Canvas) -> None:
    c.box(0, 60, WIDTH, 520, "#b98d6b")
    for y in range(60, 520, 18):
        c.line([(0, y), (WIDTH, y)], "#ae8160", 1.4)
    for x in range(60, WIDTH, 250):
        c.box(x - 8, 130, x + 168, 440, "#e9e2d2", 6)
        c.box(x, 138, x + 160, 432, "#6f8b98", 4)
        c.polygon([(x, 138), (x + 100, 138), (x, 330)], "#8ea7b1")
        c.line([(x + 80, 138), (x + 80, 432)], "#e9e2d2", 6)
    c.box(0, 40, WIDTH, 74, "#5b4636")


def draw_dry_tree(c: Canvas) -> None:
    c.gradient(0, 560, "#6fb6e6", "#f0e6c8")
    c.glow(980, 120, 420, "#fff2b8", 0.9)
    c.ellipse(980, 120, 48, 48, "#fffbe6")
    props.draw_houses(c, 590, 340)
    c.soften(path("0,300 1200,300 1200,620 0,620"), "#f6e3b4", 0.28, 60)
    c.gradient(590, HEIGHT, "#c9bca4", "#b3a58b")
    for joint in (600, 632, 680, 742, 820):
        c.line([(0, joint), (WIDTH, joint)], "#a39478", 2)
    for foot in range(-1500, 2800, 160):
        c.line([(600 + (foot - 600) * 0.45, 596), (foot, HEIGHT)], "#a89a80", 1.6)
    c.polygon(path("360,742 770,742 850,850 290,850"), "#8a8577")
    c.polygon(path("385,752 748,752 812,838 326,838"), "#7b5b3c")
    for _ in range(46):
        x, y = c.rng.uniform(350, 780), c.rng.uniform(760, 830)
        c.line([(x, y), (x + c.rng.uniform(-36, 36), y + c.rng.uniform(-9, 9))], "#4f3823", 2.4)
    c.soften(path("560,800 600,800 1150,880 900,890"), "#5b4a33", 0.4, 12)
    props.draw_thirsty_tree(c, 570, 806, 700, ("#a8772f", "#c49a3f", "#8a6a2c", "#b5852f", "#7d7a35"))
    for _ in range(90):
        x, y = c.rng.gauss(590, 190), c.rng.uniform(755, 890)
        c.ellipse(x, y, 7, 3.4, c.rng.choice(("#a8772f", "#c49a3f", "#8a5f24")))


def draw_speeding_street(c: Canvas) -> None:
    c.gradient(0, 540, "#9cc3dd", "#e8e6d8")
    props.draw_houses(c, 540, 370)
    for x in (110, 520, 1010):
        props.draw_tree(c, x, 566, 360, ("#4f7a3a", "#6b9448", "#3f662f"))
    c.gradient(540, 620, "#bdb3a2", "#aba08d")
    c.box(0, 612, WIDTH, 626, "#d4ccbc")
    c.gradient(626, 830, "#5f6066", "#4a4b50")
    c.speckle(630, 830, ("#6d6e74", "#3f4045"), 900, 2.6)
    for x in range(-20, WIDTH, 210):
        c.polygon([(x, 716), (x + 110, 716), (x + 104, 726), (x - 8, 726)], "#d9d6cc")
    c.box(0, 826, WIDTH, 842, "#d4ccbc")
    c.gradient(842, HEIGHT, "#b3a895", "#9c917e")
    props.draw_person(c, 905, 604, 108, "#e9b44c")
    props.draw_person(c, 962, 606, 148, "#7b506f")
    props.draw_car(c, 470, 780, 560, "#b3262b")
    c.smear(20, 560, 860, 815, 34)
    for _ in range(26):
        y = c.rng.uniform(610, 780)
        c.line([(0, y), (c.rng.uniform(60, 250), y)], c.rng.choice(("#a8a8ac", "#c04a4a", "#8a8a90")), 1.6)
    c.line([(1095, 842), (1095, 500)], "#8f969c", 12)
    c.ellipse(1095, 470, 74, 74, "#c1272d")
    c.ellipse(1095, 470, 56, 56, "#f7f5ef")
    _draw_thirty(c, 1095, 470)


def _draw_thirty(c: Canvas, x: float, y: float) -> None:
    """The number 30, drawn with lines so that no font is needed."""
    c.line(path("-34,-26 -8,-26 -20,-4 -8,6 -10,22 -22,27 -35,20", x, y), "#16181b", 9)
    c.ring(x + 19.5, y, 16.5, 30, "#16181b", 9)
