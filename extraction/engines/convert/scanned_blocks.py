"""The words of a scan in reading order, and what kinds of blocks their sizes and gaps make of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from extraction.engines.blocks import Block, Box, Word, union
from extraction.engines.convert.layout import in_lines, lines_of
from extraction.engines.convert.reading_order import xy_cut

# A gap in a row as wide as this many letter heights may part columns.
_COLUMN_GAP = 1.5
# White between two lines that parts paragraphs, in line heights.
_PARAGRAPH_GAP = 0.7
# A heading's letters are this much higher than those of the page's text.
_HEADING, _TITLE = 1.35, 1.8
_HEADING_LINES = 3
_HEADING_LETTERS = 3


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words of one row without a wide gap between them."""

    words: tuple[Word, ...]
    row: int
    box: Box

    @property
    def letters(self) -> int:
        return sum(len(word.text) for word in self.words)


def laid_out(words: Sequence[Word], shape: float) -> tuple[tuple[Word, ...], tuple[Block, ...]]:
    """The words in reading order with `line` set, and their blocks; `shape` is the page's width by height.

    A label and its value far to the right of it share a line, unless running text is set in columns there.
    """
    rows = in_lines(words)
    if not rows:
        return (), ()
    flows = _flows([piece for row in lines_of(rows) for piece in _pieces(row, shape)], shape)
    ordered: list[Word] = []
    blocks: list[Block] = []
    body = median(_height(word.box for word in line) for flow in flows for line in flow)
    for flow in flows:
        lines = [
            [replace(word, line=number) for word in line]
            for number, line in enumerate(flow, start=ordered[-1].line + 1 if ordered else 0)
        ]
        ordered += [word for line in lines for word in line]
        blocks += [_block(group, body) for group in _groups(lines)]
    return tuple(ordered), tuple(blocks)


def _pieces(row: Sequence[Word], shape: float) -> Iterator[_Piece]:
    height = _height(word.box for word in row) / shape
    piece: list[Word] = []
    for word in row:
        if piece and word.box.x - piece[-1].box.right > _COLUMN_GAP * height:
            yield _piece(piece)
            piece = []
        piece.append(word)
    yield _piece(piece)


def _piece(words: Sequence[Word]) -> _Piece:
    return _Piece(tuple(words), words[0].line, _around(words))


def _flows(pieces: Sequence[_Piece], shape: float) -> list[list[list[Word]]]:
    """The lines of each column, column after column; one flow of whole rows where there are no columns."""
    # Equal units in both directions, and lines as if upright: the slant of single lines hides white bands.
    height = median(piece.box.h for piece in pieces)
    rects = [
        (
            piece.box.x * shape,
            piece.box.y + 0.2 * height,
            piece.box.right * shape,
            piece.box.bottom - 0.2 * height,
        )
        for piece in pieces
    ]
    order = xy_cut(rects, [piece.letters for piece in pieces], gutter=_COLUMN_GAP * height)
    flows: list[list[_Piece]] = [[]]
    for piece in (pieces[index] for index in order):
        # Back up the page: another column.
        if flows[-1] and piece.row < max(other.row for other in flows[-1]) - 1:
            flows.append([])
        flows[-1].append(piece)
    return [list(_rows(flow)) for flow in flows]


def _rows(pieces: Sequence[_Piece]) -> Iterator[list[Word]]:
    rows: dict[int, list[Word]] = {}
    for piece in pieces:
        rows.setdefault(piece.row, []).extend(piece.words)
    for row in sorted(rows):
        yield sorted(rows[row], key=lambda word: word.box.x)


def _groups(lines: Sequence[Sequence[Word]]) -> Iterator[list[Sequence[Word]]]:
    """Lines that belong together: no wide gap between them, and letters of about one size."""
    boxes = [_around(line) for line in lines]
    usual = median(box.h for box in boxes)
    group = [lines[0]]
    for above, below, line in zip(range(len(lines)), range(1, len(lines)), lines[1:], strict=False):
        gap = boxes[below].y - boxes[above].bottom
        sizes = sorted((_size(lines[above]), _size(line)))
        if gap > _PARAGRAPH_GAP * usual or sizes[1] > _HEADING * sizes[0]:
            yield group
            group = []
        group.append(line)
    yield group


def _block(lines: Sequence[Sequence[Word]], body: float) -> Block:
    text = "\n".join(" ".join(word.text for word in line) for line in lines)
    box = union([word.box for line in lines for word in line])
    size = median(_size(line) for line in lines)
    letters = sum(character.isalpha() for character in text)
    if size > _HEADING * body and len(lines) <= _HEADING_LINES and letters >= _HEADING_LETTERS:
        return Block("heading", text, 1, box, level=1 if size > _TITLE * body else 2, source="ocr")
    return Block("paragraph", text, 1, box, source="ocr")


def _size(line: Sequence[Word]) -> float:
    return _height(word.box for word in line)


def _height(boxes: Iterator[Box]) -> float:
    return median(box.h for box in boxes)


def _around(words: Sequence[Word]) -> Box:
    box = union([word.box for word in words])
    assert box is not None
    return box
