"""Words into printed lines, and a made-up page for files that have none."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from extraction.engines.blocks import Box, Page, Word, union

A4_WIDTH = 595.0
A4_HEIGHT = 842.0

# The made-up page: 10-point text, 60 lines on A4.
_LINES_PER_PAGE = 60
_MARGIN_X, _MARGIN_Y = 0.07, 0.05
_LINE_STEP = (1 - 2 * _MARGIN_Y) / _LINES_PER_PAGE
_LINE_HEIGHT = _LINE_STEP * 0.75
_CHAR_WIDTH = 0.0092
_LINE_CHARS = int((1 - 2 * _MARGIN_X) / _CHAR_WIDTH)
# Narrower columns shrink their text rather than break it after every word.
_MIN_COLUMN_CHARS = 14


def in_lines(words: Iterable[Word], *, first_line: int = 0) -> list[Word]:
    """The words row by row from the top, left to right, with `line` set to the row's index.

    Words belong to one row if the middle of one lies inside the other's height: a label at the left margin
    and its value at the right one share a line.
    """
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.y + word.box.h / 2):
        row = next((row for row in reversed(rows[-3:]) if _same_row(row, word)), None)
        if row is None:
            rows.append([word])
        else:
            row.append(word)
    ordered: list[Word] = []
    for number, row in enumerate(rows, start=first_line):
        ordered += [replace(word, line=number) for word in sorted(row, key=lambda word: word.box.x)]
    return ordered


def _same_row(row: list[Word], word: Word) -> bool:
    middle = word.box.y + word.box.h / 2
    # The nearest word of the row decides, so that a slightly turned scan still gives whole rows.
    near = min(row, key=lambda other: abs(other.box.x - word.box.x))
    near_middle = near.box.y + near.box.h / 2
    return abs(middle - near_middle) < 0.5 * min(near.box.h, word.box.h)


def lines_of(words: Sequence[Word]) -> list[list[Word]]:
    """The words grouped by their line index, in the order given."""
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return list(lines.values())


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a piece of text went on the made-up pages: its first page and box, and one box per cell."""

    page: int
    box: Box | None
    cells: tuple[Box | None, ...] = ()


def wrapped(text: str, width: int) -> Iterator[str]:
    """The text in lines of at most `width` characters, longer words whole; blanks inside a line are kept."""
    text = text.expandtabs(4)
    start = end = 0
    for word in re.finditer(r"\S+", text):
        if word.end() - start > width and end > start:
            yield text[start:end]
            start = word.start()
        end = word.end()
    if end > start:
        yield text[start:end]


class SyntheticPages:
    """Lays text out line by line on made-up A4 pages, for formats without pages.

    Boxes let a reviewer see and the field extractor use rows and columns; they are not where a word
    processor would print the text.
    """

    def __init__(self) -> None:
        self._pages: list[list[Word]] = [[]]
        self._line = 0

    def add_text(self, text: str, *, indent: int = 0) -> Placed:
        """Place running text, wrapped to the page's width; `indent` counts steps of two characters."""
        x = _MARGIN_X + 2 * indent * _CHAR_WIDTH
        width = max(20, _LINE_CHARS - 2 * indent)
        boxes: list[Box] = []
        for paragraph in text.splitlines():
            for line in wrapped(paragraph, width):
                boxes += self._place(line, x, 1 - _MARGIN_X - x)
                self._next_line()
        return Placed(boxes[0].page if boxes else len(self._pages), union(boxes))

    def add_row(self, cells: Sequence[str], widths: Sequence[float]) -> Placed:
        """Place one table row, its texts wrapped into columns; `widths` are shares of the page's width."""
        room = 1 - 2 * _MARGIN_X
        starts = [_MARGIN_X + room * sum(widths[:column]) for column in range(len(cells))]
        texts = [
            list(wrapped(text, max(_MIN_COLUMN_CHARS, int(0.95 * room * width / _CHAR_WIDTH))))
            for text, width in zip(cells, widths, strict=True)
        ]
        height = max(map(len, texts), default=0)
        if height < _LINES_PER_PAGE / 2 and self._line + height > _LINES_PER_PAGE:
            self.page_break()
        page = len(self._pages)
        boxes: list[list[Box]] = [[] for _ in cells]
        for number in range(max(height, 1)):
            for column, lines in enumerate(texts):
                if number < len(lines):
                    boxes[column] += self._place(lines[number], starts[column], room * widths[column] * 0.95)
            self._next_line()
        around = tuple(map(union, boxes))
        return Placed(page, union([box for box in around if box is not None]), around)

    def add_picture(self, text: str, width: float, height: float) -> Placed:
        """Leave room for a picture shown `width` by `height` points (0: not known), with its text inside."""
        width, height = width or A4_WIDTH / 2, height or A4_HEIGHT / 6
        share = min(width / A4_WIDTH, 1 - 2 * _MARGIN_X)
        lines = round(height * share / width * A4_WIDTH / A4_HEIGHT / _LINE_STEP)
        lines = min(max(lines, 2), _LINES_PER_PAGE // 2)
        if self._line + lines > _LINES_PER_PAGE:
            self.page_break()
        page, top = len(self._pages), self._line
        if text:
            self._place(textwrap.shorten(text, _LINE_CHARS, placeholder="…"), _MARGIN_X, share)
        for _ in range(lines):
            self._next_line()
        return Placed(page, Box(page, _MARGIN_X, _MARGIN_Y + top * _LINE_STEP, share, lines * _LINE_STEP))

    def skip_line(self) -> None:
        """Leave a line empty, except at the top of a page."""
        if self._line:
            self._next_line()

    def page_break(self) -> None:
        """Go on at the top of a page."""
        if self._line:
            self._pages.append([])
            self._line = 0

    def pages(self) -> tuple[Page, ...]:
        """The pages filled so far; one empty page if nothing was placed."""
        last = len(self._pages) if self._line or len(self._pages) == 1 else len(self._pages) - 1
        return tuple(
            Page(number, A4_WIDTH, A4_HEIGHT, words=tuple(words))
            for number, words in enumerate(self._pages[:last], start=1)
        )

    def _place(self, text: str, x: float, room: float) -> list[Box]:
        """Words at their place in the line, so that columns set by blanks stay columns."""
        char_width = min(_CHAR_WIDTH, room / max(len(text), 1))
        y = _MARGIN_Y + self._line * _LINE_STEP
        boxes = []
        for token in re.finditer(r"\S+", text):
            left = x + token.start() * char_width
            box = Box(len(self._pages), left, y, len(token[0]) * char_width, _LINE_HEIGHT)
            boxes.append(self._add(token[0], box))
        return boxes

    def _add(self, word: str, box: Box) -> Box:
        self._pages[-1].append(Word(word, box, self._line))
        return box

    def _next_line(self) -> None:
        self._line += 1
        if self._line >= _LINES_PER_PAGE:
            self._pages.append([])
            self._line = 0
