"""Slides as pages: text where its shape stands."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from extraction.engines.blocks import Box, Page, union
from extraction.engines.convert.layout import Placed, SyntheticPages, wrapped

_LINE_PT, _NOTES_LINE_PT = 20.0, 14.0
_CHAR_SHARE = 0.5  # of a line's height: the width of an average letter
_MARGIN = 0.05


@dataclass(slots=True)
class Frame:
    """Where a shape stands on its slide, in points; moved down as text fills it."""

    x: float
    y: float
    width: float
    height: float
    line: float = _LINE_PT


class SlidePages(SyntheticPages):
    """Pages of the presentation's size. Text goes into the frame opened last, shrunk to fit it."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.width, self.slide_height = width, height
        self._heights: list[float] = []
        self.frame = Frame(0, 0, width, height)

    def open_slide(self, notes: str) -> None:
        """Start a page; one with speaker notes is longer, since they are printed below the slide."""
        if self._heights:
            self._pages.append([])
        lines = len(self._wrapped(notes, self.width * (1 - 2 * _MARGIN), _NOTES_LINE_PT))
        self._heights.append(self.slide_height + (lines + 2) * _NOTES_LINE_PT * bool(lines))
        self._line = 0

    def open_frame(self, x: float, y: float, width: float, height: float, text: str) -> None:
        """Place what follows into this rectangle of the slide (points); `text` is all that it will hold."""
        x, y = min(max(x, 0.0), self.width * 0.95), min(max(y, 0.0), self.slide_height * 0.97)
        width, height = min(max(width, 20.0), self.width - x), min(max(height, 8.0), self.slide_height - y)
        line = _LINE_PT
        while line > 4 and len(self._wrapped(text, width, line)) * line > height:
            line *= 0.85
        self.frame = Frame(x, y, width, height, min(line, height))

    def open_notes(self) -> None:
        """Place what follows below the slide."""
        left = self.width * _MARGIN
        self.frame = Frame(left, self.slide_height + _NOTES_LINE_PT, self.width - 2 * left, 0, _NOTES_LINE_PT)

    def add_text(self, text: str, *, indent: int = 0) -> Placed:
        frame = self.frame
        shift = min(indent * frame.line * _CHAR_SHARE, frame.width / 2)
        boxes: list[Box] = []
        for line in self._wrapped(text, frame.width - shift, frame.line):
            boxes += self._write(line, frame.x + shift, frame.y, frame.width - shift, frame.line)
            self._down(frame.line)
        return Placed(len(self._pages), union(boxes))

    def add_row(self, cells: Sequence[str], widths: Sequence[float]) -> Placed:
        frame = self.frame
        texts = [
            self._wrapped(text, frame.width * w, frame.line) for text, w in zip(cells, widths, strict=True)
        ]
        boxes: list[list[Box]] = [[] for _ in cells]
        for number in range(max(map(len, texts), default=0)):
            x = frame.x
            for column, lines in enumerate(texts):
                room = frame.width * widths[column]
                if number < len(lines):
                    boxes[column] += self._write(lines[number], x, frame.y, room * 0.95, frame.line)
                x += room
            self._down(frame.line)
        around = tuple(map(union, boxes))
        return Placed(len(self._pages), union([box for box in around if box is not None]), around)

    def add_picture(self, text: str, width: float, height: float) -> Placed:
        frame, page = self.frame, len(self._pages)
        if text:
            self._write(
                textwrap.shorten(text, 200, placeholder="…"), frame.x, frame.y, frame.width, frame.line
            )
            self._line += 1
        return Placed(page, self._box(frame.x, frame.y, frame.width, frame.height))

    def skip_line(self) -> None:
        """Frames say where text stands; nothing is skipped."""

    def page_break(self) -> None:
        """Slides are pages already."""

    def pages(self) -> tuple[Page, ...]:
        heights = self._heights or [self.slide_height]
        return tuple(
            Page(number, self.width, height, words=tuple(words))
            for number, (words, height) in enumerate(zip(self._pages, heights, strict=True), start=1)
        )

    def _down(self, height: float) -> None:
        self._line += 1
        bottom = self._heights[-1] - height
        self.frame.y = min(self.frame.y + height, bottom)

    def _box(self, x: float, y: float, width: float, height: float) -> Box:
        total = self._heights[-1]
        return Box(len(self._pages), x / self.width, y / total, width / self.width, height / total)

    def _write(self, text: str, x: float, y: float, room: float, line: float) -> list[Box]:
        char = min(line * _CHAR_SHARE, room / max(len(text), 1))
        return [
            self._add(word, self._box(x + start * char, y, len(word) * char, line * 0.8))
            for word, start in _words(text)
        ]

    @staticmethod
    def _wrapped(text: str, width: float, line: float) -> list[str]:
        chars = max(int(width / (line * _CHAR_SHARE)), 8)
        return [piece for part in text.splitlines() for piece in wrapped(part, chars)]


def _words(text: str) -> list[tuple[str, int]]:
    words, start = [], 0
    for word in text.split():
        start = text.index(word, start)
        words.append((word, start))
        start += len(word)
    return words
