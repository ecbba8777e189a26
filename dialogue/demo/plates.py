"""Plates of the demonstration's carnet: drawn by this code, never photographs; their descriptions say that they are drawings."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageDraw

#: Drawn twice as large, then reduced: smooth edges.
WIDTH, HEIGHT, SCALE = 1200, 800, 2
SKY, FAR, SAND, PINE, GRASS = "#f7efdf", "#e3d4bb", "#e2c48e", "#245f48", "#4d8058"
WATER, PALE_WATER, WINE, INK, SUN, WALL, BRAND = "#14748d", "#5a9cb2", "#8a1f42", "#042b38", "#fac66d", "#fbf4e8", "#00536b"


class Plate:
    """A sheet to draw on, in pixels of the finished plate; `rng` gives each plate its own details, always the same."""

    def __init__(self, seed: str) -> None:
        self.rng = random.Random(seed)  # noqa: S311  drawings, not secrets
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), SKY)
        self.pen = ImageDraw.Draw(self.image)

    def _at(self, *numbers: float) -> list[float]:
        return [n * SCALE for n in numbers]

    def box(self, x: float, y: float, w: float, h: float, fill: str, radius: float = 0) -> None:
        self.pen.rounded_rectangle(self._at(x, y, x + w, y + h), radius * SCALE, fill=fill)

    def disc(self, x: float, y: float, r: float, fill: str) -> None:
        self.pen.ellipse(self._at(x - r, y - r, x + r, y + r), fill=fill)

    def shape(self, points: list[tuple[float, float]], fill: str) -> None:
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def line(self, points: list[tuple[float, float]], fill: str, width: float) -> None:
        self.pen.line([(x * SCALE, y * SCALE) for x, y in points], fill=fill, width=round(width * SCALE), joint="curve")

    def hills(self, base: float, height: float, fill: str) -> None:
        """A soft skyline down to the foot of the sheet."""
        a, b = self.rng.uniform(0, 6), self.rng.uniform(0.6, 1.4)
        top = [(x, base - height * (0.5 + 0.5 * math.sin(a + b * x / 170)) ** 1.4) for x in range(0, WIDTH + 20, 20)]
        self.shape([(0, HEIGHT), *top, (WIDTH, HEIGHT)], fill)

    def pine(self, x: float, y: float, size: float) -> None:
        self.line([(x, y), (x + size * 0.04, y - size)], INK, size * 0.07)
        for dx, dy, r in ((-0.3, -0.95, 0.24), (0, -1.1, 0.32), (0.32, -0.98, 0.26), (0.05, -0.9, 0.3)):
            self.disc(x + dx * size, y + dy * size, r * size, PINE)

    def person(self, x: float, y: float, size: float, fill: str) -> None:
        """A figure without a face."""
        self.disc(x, y - size * 0.84, size * 0.16, fill)
        self.box(x - size * 0.2, y - size * 0.66, size * 0.4, size * 0.66, fill, size * 0.18)

    def jpeg(self) -> bytes:
        out = io.BytesIO()
        self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(out, "JPEG", quality=90)
        return out.getvalue()


def table(p: Plate) -> None:
    """A round table seen from above."""
    colours = [PINE, WINE, WATER, SUN, GRASS, BRAND]
    for n in range(8):
        angle = n * math.pi / 4 + p.rng.uniform(-0.05, 0.05)
        p.disc(600 + 330 * math.cos(angle), 400 + 330 * math.sin(angle), 62, colours[n % 6])
    p.disc(600, 400, 285, SAND)
    p.disc(600, 400, 262, FAR)
    for n in range(8):
        angle = n * math.pi / 4
        p.disc(600 + 195 * math.cos(angle), 400 + 195 * math.sin(angle), 40, WALL)
    p.shape([(530, 395), (690, 362), (700, 390)], "#e07a2c")
    p.shape([(530, 395), (470, 370), (480, 410)], GRASS)


def shelter(p: Plate) -> None:
    """A bus shelter by the road, at sunrise."""
    p.disc(880, 430, 110, SUN)
    p.hills(520, 150, FAR)
    p.hills(600, 60, GRASS)
    p.box(0, 640, WIDTH, 160, INK)
    for x in range(0, WIDTH, 130):
        p.box(x + 20, 712, 76, 10, WALL)
    p.box(260, 400, 320, 240, WALL)
    p.shape([(225, 350), (615, 350), (590, 405), (250, 405)], WINE)
    p.box(300, 560, 240, 16, INK)
    p.box(320, 576, 12, 64, INK)
    p.box(508, 576, 12, 64, INK)
    p.line([(720, 640), (720, 330), (790, 330)], INK, 12)
    p.disc(795, 345, 22, SUN)


def estuary(p: Plate) -> None:
    """The estuary, a fishing hut on its stilts."""
    p.disc(p.rng.randint(200, 900), 180, 70, SUN)
    p.hills(420, 90, FAR)
    p.box(0, 430, WIDTH, 370, PALE_WATER)
    p.hills(700, 40, WATER)
    for x in (760, 800, 900, 940):
        p.line([(x, 640), (x, 420)], INK, 9)
    p.box(730, 410, 250, 14, INK)
    p.box(765, 320, 180, 92, WALL)
    p.shape([(745, 325), (790, 265), (920, 265), (965, 325)], WINE)
    p.line([(765, 340), (600, 260), (600, 470)], INK, 7)
    p.shape([(545, 470), (655, 470), (630, 520), (570, 520)], INK)


def vines(p: Plate) -> None:
    """Rows of vines and a village."""
    p.disc(240, 190, 74, SUN)
    p.hills(430, 120, FAR)
    p.box(0, 500, WIDTH, 300, SAND)
    for n in range(-6, 20):
        p.line([(600 + (n - 7) * 36, 505), (600 + (n - 7) * 150, 800)], WINE if n % 2 else GRASS, 9)
    p.box(690, 400, 90, 100, WALL)
    p.shape([(675, 402), (735, 340), (795, 402)], WINE)
    p.box(820, 360, 44, 140, WALL)
    p.shape([(812, 362), (842, 260), (872, 362)], INK)
    for x in (180, 260, 330):
        p.pine(x, 520, 170)


def crates(p: Plate) -> None:
    """Crates of vegetables on a kitchen table."""
    p.box(0, 560, WIDTH, 240, SAND)
    p.box(0, 545, WIDTH, 22, INK)
    for n, fill in enumerate(("#e07a2c", GRASS, WINE)):
        x = 120 + 340 * n
        for _each in range(16):
            p.disc(x + p.rng.uniform(24, 276), 380 + p.rng.uniform(-30, 26), 34, fill)
        for row in range(3):
            p.box(x, 395 + 52 * row, 300, 42, FAR, 6)
        p.box(x + 6, 392, 18, 155, INK)
        p.box(x + 276, 392, 18, 155, INK)


def board(p: Plate) -> None:
    """A sheet of a paper board, covered with notes."""
    p.box(0, 690, WIDTH, 110, FAR)
    p.line([(380, 760), (460, 110)], INK, 14)
    p.line([(820, 760), (740, 110)], INK, 14)
    p.box(330, 90, 540, 540, "#ffffff", 8)
    for n in range(12):
        x, y = 365 + 160 * (n % 3) + p.rng.uniform(-8, 8), 130 + 118 * (n // 3) + p.rng.uniform(-8, 8)
        p.box(x, y, 128, 88, (SUN, PALE_WATER, "#f0c9d3", "#cfe3c8")[p.rng.randrange(4)], 4)
        for k in range(p.rng.randint(2, 3)):
            p.box(x + 14, y + 18 + 20 * k, p.rng.uniform(50, 96), 6, INK)
    for x, fill in ((170, WINE), (1010, BRAND)):
        p.person(x, 740, 260, fill)


def school(p: Plate) -> None:
    """A school at dusk, three windows lit."""
    p.box(0, 0, WIDTH, HEIGHT, "#31536b")
    p.disc(980, 150, 52, WALL)
    p.hills(520, 80, "#24414f")
    p.box(0, 650, WIDTH, 150, INK)
    p.box(180, 330, 840, 320, SAND)
    p.shape([(150, 335), (600, 215), (1050, 335)], WINE)
    for n in range(6):
        p.box(225 + 132 * n, 400, 84, 96, SUN if n in {1, 2, 4} else "#1d3a48", 4)
    p.box(555, 540, 90, 110, SUN, 4)
    for x in (500, 690, 740):
        p.person(x, 730, 120, "#1d3a48")


def bikes(p: Plate) -> None:
    """Three bicycles by the wall of a town hall."""
    p.box(0, 0, WIDTH, 560, WALL)
    p.box(0, 560, WIDTH, 240, SAND)
    for x in (170, 560, 950):
        p.box(x - 60, 150, 130, 210, PALE_WATER, 60)
    for n, fill in enumerate((WINE, BRAND, PINE)):
        x, y = 190 + 330 * n, 640
        for dx in (0, 190):
            p.disc(x + dx, y, 78, INK)
            p.disc(x + dx, y, 66, SAND)
        p.line([(x, y), (x + 75, y), (x + 140, y - 120), (x + 45, y - 120), (x, y)], fill, 12)
        p.line([(x + 75, y), (x + 40, y - 150)], fill, 12)
        p.line([(x + 190, y), (x + 135, y - 165), (x + 170, y - 185)], fill, 12)
        p.box(x + 12, y - 166, 62, 14, INK, 7)


def bench(p: Plate) -> None:
    """A bench under the pines, two people who talk."""
    p.disc(940, 200, 66, SUN)
    p.hills(540, 110, FAR)
    p.box(0, 600, WIDTH, 200, GRASS)
    for x, size in ((200, 380), (1010, 430), (320, 300)):
        p.pine(x, 640, size)
    p.person(560, 640, 220, WINE)
    p.person(700, 640, 220, BRAND)
    p.box(470, 610, 330, 22, INK)
    for x in (490, 762):
        p.box(x, 630, 16, 80, INK)


def street(p: Plate) -> None:
    """A main street: four houses, one of which opens its shutters."""
    p.disc(160, 150, 60, SUN)
    p.box(0, 640, WIDTH, 160, FAR)
    for n, (wall, roof) in enumerate(((SAND, WINE), (WALL, INK), (FAR, WINE), (WALL, BRAND))):
        x, top = 60 + 275 * n, 250 + 40 * (n % 2)
        p.box(x, top, 250, 640 - top, wall)
        p.shape([(x - 16, top + 4), (x + 125, top - 96), (x + 266, top + 4)], roof)
        for k in range(2):
            is_open = n == 2  # noqa: PLR2004  the third house
            p.box(x + 38 + 110 * k, top + 60, 62, 92, SUN if is_open else INK, 3)
            if is_open:
                p.box(x + 14 + 110 * k, top + 60, 20, 92, WINE)
                p.box(x + 104 + 110 * k, top + 60, 20, 92, WINE)
        p.box(x + 90, 520, 70, 120, BRAND if n != 2 else SUN)  # noqa: PLR2004  the same


def chart(p: Plate) -> None:
    """A hand-drawn map: nine territories, pins, a thread between them."""
    p.box(90, 60, 1020, 680, WALL, 10)
    points = []
    for n in range(9):
        x, y = 240 + 350 * (n % 3) + p.rng.uniform(-60, 60), 190 + 210 * (n // 3) + p.rng.uniform(-40, 40)
        outline = [
            (x + (95 + p.rng.uniform(-30, 30)) * math.cos(a), y + (80 + p.rng.uniform(-24, 24)) * math.sin(a))
            for a in (k * math.pi / 4 for k in range(8))
        ]
        p.shape(outline, (FAR, SAND, PALE_WATER, "#cfe3c8")[n % 4])
        points.append((x, y))
    p.line(points, WINE, 4)
    for x, y in points:
        p.disc(x, y, 16, WINE)


PLATES: dict[str, Callable[[Plate], Any]] = {
    "table": table, "shelter": shelter, "estuary": estuary, "vines": vines, "crates": crates, "board": board,
    "school": school, "bikes": bikes, "bench": bench, "street": street, "chart": chart,
}  # fmt: skip


def drawn(name: str, seed: str = "") -> bytes:
    """The JPEG of a plate; the same name and seed give the same bytes. KeyError for an unknown plate."""
    plate = Plate(f"{name}-{seed}")
    PLATES[name](plate)
    return plate.jpeg()
