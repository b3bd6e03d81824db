"""A pen for PDF pages: text, rules, tables and small vector marks, measured from the top left in points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import reportlab
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

Align = Literal["left", "right", "center"]
Weight = Literal["regular", "bold", "italic"]

WIDTH, HEIGHT = A4
MM = 72 / 25.4
INK = HexColor("#1b1d21")
GREY = HexColor("#6a707a")
HAIR = HexColor("#c9cdd3")
FONT_DIR = Path(reportlab.__file__).parent / "fonts"
FAMILIES: dict[str, dict[Weight, str]] = {
    "helvetica": {"regular": "Helvetica", "bold": "Helvetica-Bold", "italic": "Helvetica-Oblique"},
    "times": {"regular": "Times-Roman", "bold": "Times-Bold", "italic": "Times-Italic"},
    "vera": {"regular": "Vera", "bold": "VeraBd", "italic": "VeraIt"},
}


@dataclass(frozen=True, slots=True)
class Face:
    """How a piece of text looks; the family comes from the pen."""

    size: float = 9
    weight: Weight = "regular"
    color: Color = INK

    def bold(self) -> Face:
        return replace(self, weight="bold")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; `x` is its left edge, `width` its full width, both in points."""

    title: str
    x: float
    width: float
    align: Align = "left"

    @property
    def anchor(self) -> float:
        return self.x + self.width if self.align == "right" else self.x


BODY = Face()
SMALL = Face(7.5, color=GREY)
LABEL = Face(7, color=GREY)


def new_canvas(path: Path, title: str, encrypt: object = None) -> Canvas:
    """A canvas for A4 pages whose file depends on its content only, never on clock or host."""
    _register_vera()
    canvas = Canvas(str(path), pagesize=A4, invariant=1, pageCompression=1, encrypt=encrypt)
    canvas.setTitle(title)
    return canvas


def _register_vera() -> None:
    for name in FAMILIES["vera"].values():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(FONT_DIR / f"{name}.ttf")))


class Pen:
    """Draws on one canvas in one font family and one accent colour."""

    def __init__(self, canvas: Canvas, family: str, accent: str) -> None:
        self.canvas = canvas
        self.family = FAMILIES[family]
        self.accent = HexColor(accent)

    def text(self, x: float, y: float, text: str, face: Face = BODY, align: Align = "left") -> None:
        """One line of text with its baseline at `y`."""
        self.canvas.setFont(self.family[face.weight], face.size)
        self.canvas.setFillColor(face.color)
        put = {
            "left": self.canvas.drawString,
            "right": self.canvas.drawRightString,
            "center": self.canvas.drawCentredString,
        }[align]
        put(x, HEIGHT - y, text)

    def width(self, text: str, face: Face = BODY) -> float:
        return float(pdfmetrics.stringWidth(text, self.family[face.weight], face.size))

    def wrap(self, text: str, width: float, face: Face = BODY) -> list[str]:
        """`text` in lines no wider than `width`."""
        return list(simpleSplit(text, self.family[face.weight], face.size, width))

    def lines(
        self, x: float, y: float, texts: Sequence[str], face: Face = BODY, align: Align = "left"
    ) -> float:
        """Lines below each other; gives the baseline that would come next."""
        for text in texts:
            self.text(x, y, text, face, align)
            y += face.size * 1.42
        return y

    def rule(self, x: float, y: float, width: float, color: Color = HAIR, weight: float = 0.5) -> None:
        self.canvas.setStrokeColor(color)
        self.canvas.setLineWidth(weight)
        self.canvas.line(x, HEIGHT - y, x + width, HEIGHT - y)

    def box(self, x: float, y: float, width: float, height: float, fill: Color) -> None:
        self.canvas.setFillColor(fill)
        self.canvas.rect(x, HEIGHT - y - height, width, height, stroke=0, fill=1)

    def frame(self, x: float, y: float, width: float, height: float, color: Color = HAIR) -> None:
        self.canvas.setStrokeColor(color)
        self.canvas.setLineWidth(0.6)
        self.canvas.roundRect(x, HEIGHT - y - height, width, height, 3, stroke=1, fill=0)

    def tint(self, strength: float = 0.08) -> Color:
        """The accent colour thinned with white."""
        red, green, blue = (1 - (1 - part) * strength for part in self.accent.rgb())
        return Color(red, green, blue)

    def pairs(self, x: float, y: float, gap: float, rows: Sequence[tuple[str, str]]) -> float:
        """Labels with their values to the right, `gap` points after the label's left edge."""
        for label, value in rows:
            self.text(x, y, label, Face(8.5, color=GREY))
            self.text(x + gap, y, value, Face(9, "bold"))
            y += 14
        return y

    def stacked(self, x: float, y: float, label: str, value: str, face: Face = BODY) -> None:
        """A small label with its value below it."""
        self.text(x, y, label, LABEL)
        self.text(x, y + face.size + 3.5, value, face)

    def head(self, y: float, columns: Sequence[Column], face: Face) -> None:
        """The titles of a table's columns."""
        for column in columns:
            self.text(column.anchor, y, column.title, face, column.align)

    def row(self, y: float, columns: Sequence[Column], cells: Sequence[str], face: Face = BODY) -> float:
        """One table row, long cells wrapped; gives the height it took."""
        depth = 1
        for column, cell in zip(columns, cells, strict=True):
            lines = self.wrap(cell, column.width, face) if column.align == "left" else [cell]
            self.lines(column.anchor, y, lines, face, column.align)
            depth = max(depth, len(lines))
        return depth * face.size * 1.42

    def mark(self, name: str, x: float, y: float, size: float, color: Color | None = None) -> None:
        """A logo-like mark in a square of `size` points with its top left corner at x, y."""
        self.canvas.saveState()
        self.canvas.translate(x, HEIGHT - y - size)
        self.canvas.scale(size, size)
        self.canvas.setFillColor(color or self.accent)
        self.canvas.setStrokeColor(color or self.accent)
        MARKS[name](self.canvas)
        self.canvas.restoreState()


def _rings(canvas: Canvas) -> None:
    canvas.setLineWidth(0.11)
    canvas.circle(0.36, 0.5, 0.29)
    canvas.circle(0.66, 0.5, 0.29)


def _hexagon(canvas: Canvas) -> None:
    _polygon(canvas, [(0.5, 1), (0.93, 0.75), (0.93, 0.25), (0.5, 0), (0.07, 0.25), (0.07, 0.75)])
    canvas.setFillColor(white)
    _polygon(canvas, [(0.5, 0.78), (0.74, 0.36), (0.26, 0.36)])


def _bars(canvas: Canvas) -> None:
    for place, height in enumerate((0.45, 0.7, 1.0)):
        canvas.rect(0.04 + place * 0.33, 0, 0.24, height, stroke=0, fill=1)


def _leaf(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.moveTo(0, 0)
    path.curveTo(0, 0.7, 0.3, 1, 1, 1)
    path.curveTo(1, 0.3, 0.7, 0, 0, 0)
    canvas.drawPath(path, stroke=0, fill=1)
    canvas.setStrokeColor(white)
    canvas.setLineWidth(0.05)
    canvas.line(0.08, 0.08, 0.72, 0.72)


def _polygon(canvas: Canvas, points: Sequence[tuple[float, float]]) -> None:
    path = canvas.beginPath()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


MARKS: dict[str, Callable[[Canvas], None]] = {
    "rings": _rings,
    "hexagon": _hexagon,
    "bars": _bars,
    "leaf": _leaf,
}
