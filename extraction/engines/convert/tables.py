"""Tables of a PDF page: those the layout engine found, built anew, and those that it missed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from extraction.engines.blocks import Block, Box, Cell, Page, Word, union
from extraction.engines.convert.drawing import Drawing, Rect, around
from extraction.engines.convert.options import ConvertOptions
from extraction.engines.convert.pdf_source import UNREAD, PdfSource
from extraction.engines.convert.tables_build import build_grid
from extraction.engines.convert.tables_grid import Grid, Piece, is_number, lines_of
from extraction.engines.convert.tables_regions import grown, is_scale, ruled_regions, text_regions, trimmed

# More words than a page of the smallest print holds: beyond it a page is machine-made and not worth the time.
MAX_WORDS = 6000
MAX_BLOCKS = 600
_LETTERS = re.compile(r"[^\W\d_]")


def refine_tables(
    blocks: Sequence[Block], page: Page, source: PdfSource, options: ConvertOptions
) -> tuple[Block, ...]:
    """The page's blocks with its tables rebuilt, missing ones found and false ones turned back into text.

    No word is lost or doubled: a table takes the words in its box out of the blocks that held them.
    """
    if options.tables == "off":
        return tuple(_as_text(block) if block.kind == "table" else block for block in blocks)
    if (
        len(page.words) > MAX_WORDS
        or len(blocks) > MAX_BLOCKS
        or not _is_worth_a_look(blocks, page, source, options)
    ):
        return tuple(blocks)
    return _Tables(blocks, page, source.drawing(page.number)).refined()


def _is_worth_a_look(blocks: Sequence[Block], page: Page, source: PdfSource, options: ConvertOptions) -> bool:
    signs = source.signs
    return bool(
        options.tables == "accurate"
        or signs is UNREAD
        or any(block.kind == "table" for block in blocks)
        or signs.ruled_tables
        or signs.text_tables
        or signs.rules >= 2
        or _gapped_lines(page) >= 3
    )


def _gapped_lines(page: Page) -> int:
    """How many lines have two gaps or more that are wider than their words are high."""
    lines = gaps = 0
    previous = None
    for word in page.words:
        if previous is None or word.line != previous.line:
            gaps = 0
        elif (word.box.x - previous.box.right) * page.width > word.box.h * page.height:
            gaps += 1
            lines += gaps == 2
        previous = word
    return lines


def _as_text(block: Block) -> Block:
    rows: dict[int, list[str]] = {}
    for cell in block.cells:
        rows.setdefault(cell.row, []).append(cell.text)
    text = "\n".join(" ".join(filter(None, row)) for row in rows.values())
    return replace(block, kind="paragraph", text=text, cells=())


def _piece(index: int, word: Word, page: Page) -> Piece:
    box = word.box
    left, top = box.x * page.width, box.y * page.height
    right, bottom = left + box.w * page.width, top + box.h * page.height
    return Piece(index, word.text, Rect(left, top, right, bottom), (left + right) / 2, (top + bottom) / 2)


def _boxed(block: Block) -> Block:
    """The table with a box for every cell: an empty one has that of its row and column."""
    rows: dict[int, list[Box]] = {}
    columns: dict[int, list[Box]] = {}
    for cell in block.cells:
        if cell.box is not None:
            rows.setdefault(cell.row, []).append(cell.box)
            columns.setdefault(cell.col, []).append(cell.box)
    row_boxes = {index: union(boxes) for index, boxes in rows.items()}
    column_boxes = {index: union(boxes) for index, boxes in columns.items()}

    def box_of(cell: Cell) -> Box | None:
        row, column = row_boxes.get(cell.row), column_boxes.get(cell.col)
        if row is None or column is None:
            return block.box
        return Box(row.page, column.x, row.y, column.w, row.h)

    return replace(block, cells=tuple(replace(cell, box=cell.box or box_of(cell)) for cell in block.cells))


@dataclass(slots=True)
class _Found:
    region: Rect
    grid: Grid
    pieces: list[Piece]


class _Tables:
    def __init__(self, blocks: Sequence[Block], page: Page, drawing: Drawing) -> None:
        self.blocks, self.page, self.drawing = blocks, page, drawing
        self.pieces = [_piece(index, word, page) for index, word in enumerate(page.words)]
        self.boxes = [self._rect(block.box) if block.box else None for block in blocks]

    def _rect(self, box: Box) -> Rect:
        width, height = self.page.width, self.page.height
        return Rect(box.x * width, box.y * height, box.right * width, box.bottom * height)

    def _inside(self, rect: Rect, slack: float = 1.0) -> list[Piece]:
        grown = rect.grown(slack)
        return [piece for piece in self.pieces if grown.holds(piece.x, piece.y)]

    def refined(self) -> tuple[Block, ...]:
        found: list[_Found] = []
        taken: set[int] = set()
        for region, accept in self._regions():
            pieces = [piece for piece in self._inside(region) if piece.number not in taken]
            if len(pieces) < 2:
                continue
            grid = build_grid(pieces, self._near(region), region)
            if grid is not None and accept(grid):
                found.append(_Found(region, grid, pieces))
                taken |= {piece.number for piece in pieces}
        self.blocks = [
            self._without_scale(block, box, found) for block, box in zip(self.blocks, self.boxes, strict=True)
        ]
        return self._replaced(found, taken) if found else tuple(self.blocks)

    def _without_scale(self, block: Block, box: Rect | None, found: Sequence[_Found]) -> Block:
        """The block; a table that is but the numbers of a chart turned back into text."""
        if block.kind != "table" or box is None or any(f.region.common(box) > 0 for f in found):
            return block
        return _as_text(block) if is_scale(box, self.drawing, self.pieces) else _boxed(block)

    def _near(self, region: Rect) -> Drawing:
        """The part of the drawing that is in the region."""
        grown = region.grown(3)
        return Drawing(
            tuple(
                r
                for r in self.drawing.across
                if grown.top <= r.at <= grown.bottom and r.start < grown.right and r.end > grown.left
            ),
            tuple(
                r
                for r in self.drawing.down
                if grown.left <= r.at <= grown.right and r.start < grown.bottom and r.end > grown.top
            ),
            tuple(f for f in self.drawing.fills if f.common(grown) > 0.5 * f.area),
        )

    def _regions(self) -> Iterator[tuple[Rect, Callable[[Grid], bool]]]:
        """Where tables may be, the surest first, each with what its grid must be to be one."""
        whole = Rect(0, 0, self.page.width, self.page.height)
        ruled = ruled_regions(self.drawing, self.pieces, whole)
        engine = [b for block, b in zip(self.blocks, self.boxes, strict=True) if block.kind == "table" and b]
        for rect in ruled:
            widened = self._widened(rect, engine, ruled)
            if not is_scale(widened, self.drawing, self.pieces):
                yield widened, _is_ruled_table
        engine = [rect for rect in engine if not _meets(rect, ruled)]
        runs = [rect for rect in text_regions(self.pieces, whole) if not _meets(rect, ruled)]
        clear = {b for block, b in zip(self.blocks, self.boxes, strict=True) if b and _has_full_header(block)}
        engine = [rect if rect in clear else trimmed(rect, self.pieces) for rect in engine]
        found = [grown(rect, self.pieces, self.drawing) for rect in _united([*engine, *runs])]
        for rect in _united(found):
            if _meets(rect, engine):
                yield rect, partial(_is_text_table, fill=self._engine_fill(rect))
            else:
                yield rect, _is_new_text_table

    def _engine_fill(self, rect: Rect) -> float:
        """The share of cells with text in the layout engine's own table there."""
        fills = [
            sum(bool(cell.text) for cell in block.cells) / len(block.cells)
            for block, box in zip(self.blocks, self.boxes, strict=True)
            if block.cells and box and _meets(box, [rect])
        ]
        return min(fills, default=0.0)

    def _widened(self, rect: Rect, engine: Sequence[Rect], ruled: Sequence[Rect]) -> Rect:
        """The ruled region with the rows that the layout engine saw above and below it."""
        for table in engine:
            lone = sum(table.common(other) > 0 for other in ruled) == 1
            if lone and table.common(rect) > 0.5 * rect.area and table.height > rect.height:
                return around([rect, table])
        return rect

    # Blocks

    def _replaced(self, found: Sequence[_Found], taken: set[int]) -> tuple[Block, ...]:
        tables = {id(f): self._block(f) for f in found}
        out: list[Block] = []
        placed: set[int] = set()
        for index, (block, box) in enumerate(zip(self.blocks, self.boxes, strict=True)):
            touched = [
                f for f in found if box and box.common(f.region.grown(1)) > 0 and block.kind != "figure"
            ]
            if not touched or box is None:
                out.append(block)
                continue
            own = self._inside(box)
            if not any(p.number in taken for p in own):
                out.append(block)
                continue
            left = [p for p in own if p.number not in taken and self._owner(p) == index]
            above = [p for p in left if p.y < touched[0].region.top]
            below = [p for p in left if p.y >= touched[0].region.top]
            out += self._rest(block, above)
            for f in touched:
                if id(f) not in placed and any(p.number in {q.number for q in f.pieces} for p in own):
                    out.append(tables[id(f)])
                    placed.add(id(f))
            out += self._rest(block, below)
        out += [tables[id(f)] for f in found if id(f) not in placed]
        return tuple(out)

    def _owner(self, piece: Piece) -> int:
        """The index of the block whose word it is: the smallest one around it."""
        around_it = [
            (box.area, index)
            for index, box in enumerate(self.boxes)
            if box is not None and box.grown(1).holds(piece.x, piece.y)
        ]
        return min(around_it)[1]

    def _rest(self, block: Block, pieces: list[Piece]) -> list[Block]:
        if not pieces:
            return []
        text = "\n".join(" ".join(p.text for p in line) for line in lines_of(pieces))
        kind = "paragraph" if block.kind == "table" else block.kind
        box = self._box(around(p.box for p in pieces))
        return [replace(block, kind=kind, text=text, markup="", cells=(), box=box)]

    def _box(self, rect: Rect) -> Box:
        width, height = self.page.width, self.page.height
        return Box(
            self.page.number, rect.left / width, rect.top / height, rect.width / width, rect.height / height
        )

    def _block(self, found: _Found) -> Block:
        grid = found.grid
        cells = tuple(
            Cell(
                cell.row,
                cell.col,
                cell.text,
                cell.rowspan,
                cell.colspan,
                cell.row < grid.header_rows,
                self._box(around(p.box for p in cell.pieces) if cell.pieces else cell.box),
            )
            for cell in grid.cells
        )
        rows: dict[int, list[str]] = {}
        for cell in cells:
            rows.setdefault(cell.row, []).append(cell.text)
        text = "\n".join("\t".join(row) for row in rows.values())
        box = self._box(around(p.box for p in found.pieces))
        return Block("table", text, self.page.number, box=box, cells=cells)


def _meets(rect: Rect, others: Sequence[Rect]) -> bool:
    return any(rect.common(other) > 0.3 * min(rect.area, other.area) for other in others)


def _united(rects: Sequence[Rect]) -> list[Rect]:
    """The rectangles with those that overlap put together."""
    found: list[Rect] = []
    for rect in rects:
        whole = rect
        while touching := [other for other in found if _meets(whole, [other])]:
            found = [other for other in found if other not in touching]
            whole = around([whole, *touching])
        found.append(whole)
    return found


def _fill(grid: Grid) -> float:
    return sum(bool(cell.pieces) for cell in grid.cells) / len(grid.cells)


def _words_per_cell(grid: Grid) -> float:
    filled = [len(cell.pieces) for cell in grid.cells if cell.pieces]
    return sum(filled) / len(filled)


def _has_words(grid: Grid) -> bool:
    """Charts have lines and numbers too, but next to no words."""
    return any(len(_LETTERS.findall(cell.text)) > 2 for cell in grid.cells)


def _is_ruled_table(grid: Grid) -> bool:
    fill = _fill(grid)
    return grid.columns >= 2 and grid.rows >= 2 and fill >= (0.25 if grid.ruled else 0.5) and _has_words(grid)


def _has_full_header(block: Block) -> bool:
    first = [cell for cell in block.cells if cell.row == 0]
    return len(first) > 2 and all(cell.text for cell in first)


def _is_text_table(grid: Grid, *, fill: float) -> bool:
    """Whether the grid beats the layout engine's own table, of whose cells the share `fill` has text."""
    return (
        grid.columns >= 2
        and _fill(grid) >= max(0.3, fill - 0.15)
        and not _is_prose(grid)
        and not _is_blurred(grid)
    )


def _is_new_text_table(grid: Grid) -> bool:
    numbers = sum(is_number(cell.text) for cell in grid.cells if cell.pieces)
    filled = sum(bool(cell.pieces) for cell in grid.cells)
    plain = numbers >= 0.3 * filled or _words_per_cell(grid) <= 3
    return grid.columns >= 3 and grid.rows >= 3 and _fill(grid) >= 0.6 and plain and not _is_blurred(grid)


def _is_prose(grid: Grid) -> bool:
    """Whether two columns of running text were taken for a table."""
    if grid.ruled or grid.columns > 2:
        return False
    numbers = sum(is_number(cell.text) for cell in grid.cells)
    return _words_per_cell(grid) > 25 or (grid.rows > 8 and not numbers and _words_per_cell(grid) > 3)


def _is_blurred(grid: Grid) -> bool:
    """Whether the only header row is one text over all columns: their headings stand too close to part."""
    return grid.header_rows == 1 and any(
        cell.row == 0 and cell.colspan == grid.columns for cell in grid.cells
    )
