"""Pictures of places with a roof: an underpass, a platform, a basement."""

from app.demo.drawing import props
from app.demo.drawing.canvas import HEIGHT, WIDTH, Canvas, mix, path


def draw_flickering_underpass(c: Canvas) -> None:
    """A tiled tunnel in perspective: few of its lamps work, and somebody stands at the end."""
    c.gradient(0, HEIGHT, "#23272b", "#1a1c1f")
    c.polygon(path("0,0 470,330 470,560 0,900"), "#3d4646")
    c.polygon(path("1200,0 730,330 730,560 1200,900"), "#374040")
    c.polygon(path("0,900 470,560 730,560 1200,900"), "#2b2d2e")
    c.polygon(path("0,0 470,330 730,330 1200,0"), "#202427")
    for step in range(1, 15):
        share = (step / 15) ** 1.7
        for side in (-1, 1):
            x, top, low = 600 + side * (130 + 470 * share), 330 - 330 * share, 560 + 340 * share
            c.line([(x, top), (x, low)], "#4e5959", 1 + 2 * share)
    for row in range(1, 7):
        for side in (-1, 1):
            near, far = 900 * row / 7, 330 + 230 * row / 7
            c.line([(600 + side * 600, near), (600 + side * 130, far)], "#4a5555", 1.6)
    c.box(470, 330, 730, 560, "#5b6468")
    c.polygon(path("500,560 700,560 670,420 530,420"), "#8b979c")
    props.draw_person(c, 612, 556, 92, "#14171a")
    for step, lit in enumerate((True, False, False, True, False, False)):
        share = (step / 6) ** 1.4
        y, width = 28 + 286 * share, 190 * (1 - share) + 26
        c.box(600 - width, y, 600 + width, y + 16 * (1 - share) + 3, "#fff4cf" if lit else "#3a4044", 4)
        if lit:
            c.glow(600, y, 480 * (1 - share) + 60, "#ffe9b0", 0.6)
    c.glow(600, 840, 420, "#ffe2a0", 0.35, flat=0.35)


def draw_broken_lift(c: Canvas) -> None:
    """Closed doors with a sheet of paper, and a pram at the foot of the stairs."""
    c.gradient(0, 640, "#b9c2c4", "#d6d5cc")
    c.gradient(640, HEIGHT, "#8d8980", "#77736a")
    c.speckle(640, HEIGHT, ("#a29d92", "#6b675f"), 700, 3)
    for step in range(11):
        y, shade = 640 - step * 44, mix("#a6a298", "#6d6a63", step / 16)
        c.polygon([(680, y), (1200, y), (1200, y - 44), (700, y - 44)], shade)
        c.line([(690, y - 42), (1200, y - 42)], "#d9d6cc", 5)
    c.line(path("700,600 1190,120"), "#4c545a", 14)
    c.box(130, 130, 560, 660, "#6f7a80", 6)
    c.box(160, 165, 343, 656, "#aab4b8")
    c.box(347, 165, 530, 656, "#a2acb1")
    c.gradient(660, 668, "#4d4f50", "#5d5e5e")
    c.box(255, 290, 440, 520, "#fbfaf4", 3)
    for line, width in enumerate((130, 145, 90, 0, 120, 60)):
        if width:
            c.line([(280, 330 + line * 30), (280 + width, 330 + line * 30)], "#2b2f33", 7)
    c.line(path("300,286 346,300"), "#e9d9a0", 20)
    c.box(585, 370, 625, 450, "#3a4148", 6)
    c.ellipse(605, 395, 9, 9, "#c1272d")
    _draw_pram(c, 780, 850, 92)


def _draw_pram(c: Canvas, x: float, ground: float, size: float) -> None:
    c.shadow(x, ground, size * 1.3, size * 0.2, 0.4, 12)
    for wheel in (-0.75, 0.75):
        c.ellipse(x + wheel * size, ground - size * 0.34, size * 0.34, size * 0.34, "#23262a")
        c.ellipse(x + wheel * size, ground - size * 0.34, size * 0.18, size * 0.18, "#aab0b5")
    c.polygon(path("-1,-1.15 1,-1.15 0.7,-0.5 -0.7,-0.5", x, ground, size), "#27425f")
    c.polygon(path("-1,-1.15 -0.95,-1.75 -0.45,-2 0.1,-1.85 0.15,-1.15", x, ground, size), "#1f3650")
    c.line(path("0.9,-1.1 1.35,-1.75", x, ground, size), "#c9c4b6", size * 0.09)


def draw_basement_water(c: Canvas) -> None:
    """Brown water up to the lowest step, sandbags before the door, a boot adrift."""
    c.gradient(0, 600, "#8e8a80", "#a09a8c")
    for row in range(12):
        for brick in range(-1, 13):
            x, y = brick * 104.0 + (row % 2) * 52, row * 50.0
            c.box(x + 3, y + 3, x + 101, y + 47, mix("#9c6b52", c.rng.choice(("#84573f", "#b07c60")), c.rng.random()))
    c.box(0, 470, WIDTH, 486, "#5d4a3d")
    c.box(150, 120, 420, 620, "#e5dfcd", 4)
    c.box(176, 146, 394, 620, "#355046")
    c.ellipse(370, 400, 10, 10, "#d0b05c")
    for step in range(5):
        y = 600.0 - step * 74
        c.polygon(
            [(700 + step * 40, y), (1200, y), (1200, y - 74), (700 + step * 40, y - 74)],
            mix("#b7b0a0", "#77705f", step / 8),
        )
        c.line([(700 + step * 40, y - 72), (1200, y - 72)], "#cfc8b8", 6)
    c.mirror(600, HEIGHT - 600, "#5a4a34", 0.62)
    for _ in range(60):
        x, y = c.rng.uniform(0, WIDTH), 604 + c.rng.random() ** 0.7 * 290
        c.line([(x, y), (x + c.rng.uniform(30, 130), y)], c.rng.choice(("#8a7857", "#463923", "#a1906c")), 1.6)
    for x, y in ((150.0, 600.0), (265, 604), (380, 600), (208, 556), (322, 558)):
        c.shadow(x, y + 16, 70, 14, 0.3, 8)
        c.ellipse(x, y, 68, 32, mix("#c2a878", "#9c8458", c.rng.random()))
        c.line([(x - 40, y - 8), (x + 44, y - 4)], "#8a744c", 3)
    c.polygon(path("-0.5,-1 0.1,-1 0.2,-0.4 0.8,-0.2 0.8,0.1 -0.5,0.1", 640, 740, 92), "#c79a2a")
    c.line(path("560,746 730,752"), "#8a7857", 4)
