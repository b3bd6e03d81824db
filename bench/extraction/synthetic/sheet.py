"""A blank page on which text is placed, and the document that a reader would make of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from extraction.engines.blocks import Box, ConvertedDocument, Method, Page, Word

Align = Literal["left", "right", "center"]


@dataclass(slots=True)
class Sheet:
    """A page of `width` × `height` points; `size` is the usual letter height in points.

    `y` is where the next line goes. `letter` is a letter's width as a share of its height.
    """

    width: float
    height: float
    size: float
    margin: float
    rng: random.Random
    letter: float = 0.52
    y: float = 0.0
    lines: list[tuple[float, float, float, str]] = field(default_factory=list)

    def measure(self, text: str, size: float | None = None) -> float:
        return len(text) * self.letter * (size or self.size)

    def put(self, x: float, text: str, *, align: Align = "left", size: float | None = None) -> None:
        """Places a text on the current line with its left end, right end or middle at `x`."""
        tall = size or self.size
        shift = {"left": 0.0, "right": self.measure(text, tall), "center": self.measure(text, tall) / 2}[
            align
        ]
        if text.strip():
            self.lines.append((x - shift, self.y, tall, text))

    def feed(self, lines: float = 1.0, size: float | None = None) -> None:
        """Moves down; a line is 1.5 letters high."""
        self.y += lines * 1.5 * (size or self.size)

    def line(self, text: str, *, align: Align = "left", size: float | None = None) -> None:
        """A whole line between the margins."""
        x = {"left": self.margin, "right": self.width - self.margin, "center": self.width / 2}[align]
        self.put(x, text, align=align, size=size)
        self.feed(1, size)

    def row(self, cells: Sequence[tuple[float, Align, str]]) -> None:
        """One line of cells, each at its own place."""
        for x, align, text in cells:
            self.put(x, text, align=align)
        self.feed()


def document_of(sheets: Sequence[Sheet], method: Method) -> ConvertedDocument:
    """The sheets as pages; each is cut below its last line."""
    pages = tuple(_page(number, sheet) for number, sheet in enumerate(sheets, 1))
    return ConvertedDocument(pages, (), method, "synthetic", "1")


def _page(number: int, sheet: Sheet) -> Page:
    bottom = max((y + 3 * tall for _, y, tall, _ in sheet.lines), default=sheet.height)
    height = max(bottom, sheet.height)
    words: list[Word] = []
    for row, (x, y, tall, text) in enumerate(sorted(sheet.lines, key=lambda line: (line[1], line[0]))):
        words += _words(number, row, (x, y, tall), text, sheet, height)
    return Page(number, sheet.width, height, words=tuple(words))


def _words(
    number: int, row: int, place: tuple[float, float, float], text: str, sheet: Sheet, height: float
) -> list[Word]:
    x, y, tall = place
    step, found, at = sheet.letter * tall, [], 0
    for part in text.split():
        start = text.index(part, at)
        at = start + len(part)
        left = max(0.0, x + start * step) / sheet.width
        box = Box(number, left, y / height, len(part) * step / sheet.width, tall / height)
        found.append(Word(part, box, row))
    return found
