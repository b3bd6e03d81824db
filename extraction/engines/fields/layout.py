"""A document as rows of segments: what stands on one printed row, split where a column gap is.

All lengths inside are in points (1/72 inch), so that horizontal and vertical distances compare.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from extraction.engines.blocks import Box, ConvertedDocument, Page, Word, union

# A space is about 0.3 of the letter height, a column gap more than one letter; measured on set text.
COLUMN_GAP = 0.95

_TOKEN = re.compile(r"[^\W_]+|[#№°%]", re.UNICODE)


def fold(text: str) -> str:
    """Text without case and accents, for comparing words."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


@dataclass(frozen=True, slots=True)
class Token:
    """One folded word or mark of a segment with its place in the segment's text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, eq=False, slots=True)
class Segment:
    """A run of words without a column gap. `row` counts the page's rows from 0."""

    page: int
    row: int
    text: str
    words: tuple[Word, ...]
    starts: tuple[int, ...]
    x0: float
    y0: float
    x1: float
    y1: float
    tokens: tuple[Token, ...] = ()

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        return (self.y0 + self.y1) / 2

    def words_between(self, start: int, end: int) -> tuple[Word, ...]:
        """The words that have a character between two places of the text."""
        pairs = zip(self.starts, self.words, strict=True)
        return tuple(word for at, word in pairs if at < end and at + len(word.text) > start)


@dataclass(frozen=True, eq=False, slots=True)
class Span:
    """Characters `start` to `end` of one segment."""

    segment: Segment
    start: int
    end: int

    @property
    def raw(self) -> str:
        return self.segment.text[self.start : self.end]

    @property
    def words(self) -> tuple[Word, ...]:
        return self.segment.words_between(self.start, self.end)

    @property
    def box(self) -> Box | None:
        return union([word.box for word in self.words])


@dataclass(frozen=True, eq=False, slots=True)
class PageLayout:
    """One page's rows, top to bottom, each a list of segments from left to right."""

    number: int
    width: float
    height: float
    rows: tuple[tuple[Segment, ...], ...]
    letter: float

    @property
    def segments(self) -> Iterable[Segment]:
        return (segment for row in self.rows for segment in row)


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """All pages of a document as rows of segments."""

    pages: tuple[PageLayout, ...]
    by_number: dict[int, PageLayout] = field(default_factory=dict)

    @property
    def segments(self) -> Iterable[Segment]:
        return (segment for page in self.pages for segment in page.segments)

    def row_of(self, segment: Segment) -> tuple[Segment, ...]:
        return self.by_number[segment.page].rows[segment.row]


def lay_out(document: ConvertedDocument) -> Layout:
    """The document's rows and segments; pages without words have no rows."""
    pages = tuple(_lay_out_page(page) for page in document.pages)
    return Layout(pages, {page.number: page for page in pages})


def tokens_of(text: str) -> tuple[Token, ...]:
    return tuple(Token(fold(found.group()), *found.span()) for found in _TOKEN.finditer(text))


def _lay_out_page(page: Page) -> PageLayout:
    words = [word for word in page.words if word.text.strip()]
    letter = median(word.box.h * page.height for word in words) if words else 10.0
    rows = []
    for index, row in enumerate(_rows(words)):
        rows.append(tuple(_segment(page, index, part) for part in _split(row, page)))
    return PageLayout(page.number, page.width, page.height, tuple(rows), letter)


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Words grouped by the vertical overlap of their boxes, top to bottom."""
    rows: list[list[Word]] = []
    middles: list[float] = []
    for word in sorted(words, key=lambda word: (word.box.y + word.box.h / 2, word.box.x)):
        middle = word.box.y + word.box.h / 2
        if rows and _same_row(word, middle, rows[-1][-1], middles[-1]):
            rows[-1].append(word)
            middles[-1] += (middle - middles[-1]) / len(rows[-1])
        else:
            rows.append([word])
            middles.append(middle)
    return [sorted(row, key=lambda word: word.box.x) for row in rows]


def _same_row(word: Word, middle: float, last: Word, row_middle: float) -> bool:
    return middle - row_middle < 0.6 * min(word.box.h, last.box.h)


def _split(row: Sequence[Word], page: Page) -> Iterable[list[Word]]:
    part: list[Word] = []
    for word in row:
        if part and _is_gap(part[-1], word, page):
            yield part
            part = []
        part.append(word)
    if part:
        yield part


def _is_gap(left: Word, right: Word, page: Page) -> bool:
    gap = (right.box.x - left.box.right) * page.width
    return gap > COLUMN_GAP * max(left.box.h, right.box.h) * page.height


def _segment(page: Page, row: int, words: Sequence[Word]) -> Segment:
    starts, text = [], ""
    for word in words:
        text += " " if text else ""
        starts.append(len(text))
        text += word.text
    return Segment(
        page=page.number,
        row=row,
        text=text,
        words=tuple(words),
        starts=tuple(starts),
        x0=min(word.box.x for word in words) * page.width,
        y0=min(word.box.y for word in words) * page.height,
        x1=max(word.box.right for word in words) * page.width,
        y1=max(word.box.bottom for word in words) * page.height,
        tokens=tokens_of(text),
    )
