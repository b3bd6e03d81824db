"""Collects blocks and lays their words out on made-up pages, for formats without pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from extraction.engines.blocks import Block, BlockKind, Cell, ConvertedDocument, union
from extraction.engines.convert.inline import Piece, markdown, markup, plain
from extraction.engines.convert.layout import SyntheticPages

# Enough for a long contract; beyond it a file is a data dump and would only drown the reader.
MAX_BLOCKS = 50_000
MAX_TABLE_CELLS = 100_000
MAX_FIGURES = 500
MAX_CHARS = 2_000_000


@dataclass(slots=True)
class Builder:
    """Blocks in document order; at a limit `full` turns true and `meta["truncated"]` is set."""

    blocks: list[Block] = field(default_factory=list)
    meta: dict[str, Any] = field(default_factory=lambda: {"synthetic_layout": True})
    pages: SyntheticPages = field(default_factory=SyntheticPages)
    _cells: int = 0
    _figures: int = 0
    _chars: int = 0

    @property
    def full(self) -> bool:
        return len(self.blocks) >= MAX_BLOCKS or self._cells >= MAX_TABLE_CELLS or self._chars >= MAX_CHARS

    def text(
        self,
        kind: BlockKind,
        text: str | Iterable[Piece],
        *,
        level: int = 0,
        ordered: bool = False,
        marker: str = "",
        prefix: str = "",
    ) -> None:
        """Add a block of running text, plain or in pieces; blank text adds nothing.

        `prefix` stands before its Markdown alone ("> " for a quotation).
        """
        pieces = [Piece(text)] if isinstance(text, str) else list(text)
        shown = plain(pieces)
        shown = shown.strip("\r\n") if kind == "code" else shown.strip()
        if not shown.strip() or self._refused():
            return
        if len(shown) > MAX_CHARS - self._chars:
            self.meta["truncated"] = True
            shown = shown[: MAX_CHARS - self._chars]
            pieces = [Piece(shown)]
        if kind == "heading":
            self.pages.skip_line()
        indent = 2 * level + 1 if kind == "list_item" else 0
        placed = self.pages.add_text(f"{marker} {shown}" if marker else shown, indent=indent)
        said = prefix + markdown(pieces).replace("\n", "\n" + prefix) if prefix else markup(pieces)
        block = Block(
            kind, shown, placed.page, placed.box, level, ordered, marker=marker, markup=said, source="office"
        )
        if kind == "caption":
            self._name_figure(shown)
        self.blocks.append(block)
        self._chars += len(shown)

    def table(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add a table; the cells' own boxes are set here. Rows that hold and are spanned by nothing go."""
        rows = self._within_limit(_without_blank_rows(rows))
        if not rows or self._refused():
            return
        self.pages.skip_line()
        columns = max(cell.col + cell.colspan for row in rows for cell in row)
        grid = [_texts(row, columns) for row in rows]
        widths = column_widths(grid)
        cells: list[Cell] = []
        first_page = 0
        for number, (row, texts) in enumerate(zip(rows, grid, strict=True)):
            placed = self.pages.add_row(texts, widths)
            first_page = first_page or placed.page
            cells += [replace(c, row=number, text=c.text.strip(), box=placed.cells[c.col]) for c in row]
        self.pages.skip_line()
        self._cells += len(cells)
        self._chars += sum(len(cell.text) for cell in cells)
        box = union([cell.box for cell in cells if cell.box is not None and cell.box.page == first_page])
        text = "\n".join("\t".join(texts) for texts in grid)
        self.blocks.append(Block("table", text, first_page, box, cells=tuple(cells), source="office"))

    def figure(self, ref: str, text: str = "", *, size: tuple[float, float] = (0, 0)) -> None:
        """Add a picture of the file; `size` is its width and height as shown, in points (0: not known)."""
        if self._figures >= MAX_FIGURES or self._refused():
            self.meta["truncated"] = True
            return
        self._figures += 1
        text = " ".join(text.split())
        placed = self.pages.add_picture(text, *size)
        self.blocks.append(Block("figure", text, placed.page, placed.box, ref=ref, source="office"))

    def document(self, parser: str, parser_version: str) -> ConvertedDocument:
        """Everything added so far."""
        pages = self.pages.pages()
        meta = {**self.meta, "page_count": len(pages)}
        return ConvertedDocument(pages, tuple(self.blocks), "office", parser, parser_version, meta)

    def _name_figure(self, caption: str) -> None:
        """A picture without a text of its own is called by the caption below it."""
        if self.blocks and self.blocks[-1].kind == "figure" and not self.blocks[-1].text:
            self.blocks[-1] = replace(self.blocks[-1], text=caption)

    def _within_limit(self, rows: list[list[Cell]]) -> list[list[Cell]]:
        """As many rows from the top as there is room for cells."""
        room = MAX_TABLE_CELLS - self._cells
        for number, row in enumerate(rows):
            room -= len(row)
            if room < 0:
                self.meta["truncated"] = True
                return rows[: max(number, 1)]
        return rows

    def _refused(self) -> bool:
        if self.full:
            self.meta["truncated"] = True
        return self.full


def _without_blank_rows(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """The rows with some text, or into which a cell with text spans from above."""
    kept: list[list[Cell]] = []
    reach = -1
    for number, row in enumerate(rows):
        filled = [cell for cell in row if cell.text.strip()]
        if not filled and reach < number:
            continue
        kept.append(list(row))
        reach = max([reach, *(number + cell.rowspan - 1 for cell in filled)])
    return kept


def _texts(row: Sequence[Cell], columns: int) -> list[str]:
    texts = [""] * columns
    for cell in row:
        texts[cell.col] = " ".join(cell.text.split())
    return texts


def column_widths(grid: Sequence[Sequence[str]]) -> list[float]:
    """Shares of the width (sum 1) by the longest text of each column; very long ones wrap instead."""
    longest = [min(max(len(text) for text in column), 40) + 2 for column in zip(*grid, strict=True)]
    total = sum(longest)
    return [length / total for length in longest]
