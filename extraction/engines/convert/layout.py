"""Words into printed lines, lines into paragraphs, and a made-up page for files that have none."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from extraction.engines.blocks import Block, Box, Page, Word, union

A4_WIDTH = 595.0
A4_HEIGHT = 842.0

# The made-up page: 10-point text, 60 lines on A4.
_LINES_PER_PAGE = 60
_MARGIN_X, _MARGIN_Y = 0.07, 0.05
_LINE_STEP = (1 - 2 * _MARGIN_Y) / _LINES_PER_PAGE
_LINE_HEIGHT = _LINE_STEP * 0.75
_CHAR_WIDTH = 0.0092
_LINE_CHARS = int((1 - 2 * _MARGIN_X) / _CHAR_WIDTH)


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


def paragraphs(words: Sequence[Word], page: int) -> list[Block]:
    """Paragraph blocks of words that have line numbers; a gap of most of a line's height starts a new one."""
    lines = lines_of(words)
    if not lines:
        return []
    boxes = [_around(line) for line in lines]
    height = median(box.h for box in boxes)
    groups: list[list[int]] = [[0]]
    for index in range(1, len(lines)):
        gap = boxes[index].y - boxes[index - 1].bottom
        if gap > 0.7 * height or gap < -2 * height:
            groups.append([])
        groups[-1].append(index)
    return [
        Block(
            "paragraph",
            "\n".join(" ".join(word.text for word in lines[index]) for index in group),
            page,
            box=union([boxes[index] for index in group]),
        )
        for group in groups
    ]


def _around(words: Sequence[Word]) -> Box:
    box = union([word.box for word in words])
    assert box is not None
    return box


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a piece of text went on the made-up pages: its first page and box, and one box per cell."""

    page: int
    box: Box | None
    cells: tuple[Box | None, ...] = ()


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
            for line in textwrap.wrap(paragraph, width, break_long_words=False, break_on_hyphens=False):
                boxes += self._place(line, x, 1 - _MARGIN_X - x)
                self._next_line()
        return Placed(boxes[0].page if boxes else len(self._pages), union(boxes))

    def add_row(self, cells: Sequence[str]) -> Placed:
        """Place one table row on one line, its cells in columns of equal width."""
        step = (1 - 2 * _MARGIN_X) / max(len(cells), 1)
        page = len(self._pages)
        boxes = [
            union(self._place(text, _MARGIN_X + column * step, step * 0.95))
            for column, text in enumerate(cells)
        ]
        self._next_line()
        return Placed(page, union([box for box in boxes if box is not None]), tuple(boxes))

    def skip_line(self) -> None:
        """Leave a line empty, except at the top of a page."""
        if self._line:
            self._next_line()

    def pages(self) -> tuple[Page, ...]:
        """The pages filled so far; one empty page if nothing was placed."""
        filled = self._pages if self._pages[-1] or len(self._pages) == 1 else self._pages[:-1]
        return tuple(
            Page(number, A4_WIDTH, A4_HEIGHT, words=tuple(words))
            for number, words in enumerate(filled, start=1)
        )

    def _place(self, text: str, x: float, room: float) -> list[Box]:
        tokens = text.split()
        chars = sum(len(token) for token in tokens) + max(len(tokens) - 1, 0)
        char_width = min(_CHAR_WIDTH, room / max(chars, 1))
        y = _MARGIN_Y + self._line * _LINE_STEP
        boxes = []
        for token in tokens:
            box = Box(len(self._pages), x, y, len(token) * char_width, _LINE_HEIGHT)
            self._pages[-1].append(Word(token, box, self._line))
            boxes.append(box)
            x += (len(token) + 1) * char_width
        return boxes

    def _next_line(self) -> None:
        self._line += 1
        if self._line >= _LINES_PER_PAGE:
            self._pages.append([])
            self._line = 0
