"""PDFs with the structures that documents have, drawn line by line so that a test knows what is where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
PROSE = (
    "The harbour was quiet when the surveyors arrived and nobody expected the water to rise before noon. "
    "They measured the old wall twice, wrote the figures into a small book and waited for the tide to turn. "
)


class Sheet:
    """Draws on a PDF from the top of the page down; all lengths are points."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.canvas = Canvas(str(path), pagesize=A4)
        self.y = 72.0

    def line(
        self, text: str, *, size: float = 10, font: str = "Helvetica", x: float = 72, gap: float = 0
    ) -> Sheet:
        """One line of text; `gap` is white space above it."""
        self.y += gap + 1.3 * size
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, HEIGHT - self.y, text)
        return self

    def heading(self, text: str, *, size: float = 16, font: str = "Helvetica-Bold") -> Sheet:
        return self.line(text, size=size, font=font, gap=14)

    def prose(
        self,
        text: str = PROSE,
        *,
        size: float = 10,
        font: str = "Helvetica",
        x: float = 72,
        width: float = 450,
        gap: float = 8,
    ) -> Sheet:
        """A paragraph wrapped to `width`."""
        for number, line in enumerate(simpleSplit(text, font, size, width)):
            self.line(line, size=size, font=font, x=x, gap=gap if number == 0 else 0)
        return self

    def at(self, y: float) -> Sheet:
        self.y = y
        return self

    def page(self) -> Sheet:
        """End this page."""
        self.canvas.showPage()
        self.y = 72.0
        return self

    def save(self) -> Path:
        self.canvas.save()
        return self.path


def pages(path: Path, count: int, draw: Callable[[Sheet, int], None]) -> Path:
    """`count` pages, each drawn by `draw` with its number."""
    sheet = Sheet(path)
    for number in range(1, count + 1):
        draw(sheet, number)
        sheet.page()
    return sheet.save()


def two_columns(path: Path, left: Iterable[str], right: Iterable[str]) -> Path:
    """Two columns of running text, drawn row by row as a bad typesetter would."""
    sheet = Sheet(path)
    sheet.line("A title over both columns", size=18, font="Helvetica-Bold").at(120)
    for one, other in zip(left, right, strict=True):
        y = sheet.y
        sheet.line(one, x=72)
        sheet.at(y).line(other, x=320)
    return sheet.save()
