"""Collects blocks and lays their words out on made-up pages, for formats without pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from extraction.engines.blocks import Block, BlockKind, Cell, ConvertedDocument, union
from extraction.engines.convert.layout import SyntheticPages

# Enough for a long contract; beyond it a file is a data dump and would only drown the reader.
MAX_BLOCKS = 50_000
MAX_TABLE_CELLS = 100_000


@dataclass(slots=True)
class Builder:
    """Blocks in document order; at a limit `full` turns true and `meta["truncated"]` is set."""

    blocks: list[Block] = field(default_factory=list)
    meta: dict[str, Any] = field(default_factory=lambda: {"synthetic_layout": True})
    pages: SyntheticPages = field(default_factory=SyntheticPages)
    _cells: int = 0

    @property
    def full(self) -> bool:
        return len(self.blocks) >= MAX_BLOCKS or self._cells >= MAX_TABLE_CELLS

    def text(
        self, kind: BlockKind, text: str, *, level: int = 0, ordered: bool = False, marker: str = ""
    ) -> None:
        """Add a block of running text; blank text adds nothing."""
        text = text.strip()
        if not text or self._refused():
            return
        if kind == "heading":
            self.pages.skip_line()
        indent = 2 * level + 1 if kind == "list_item" else 0
        placed = self.pages.add_text(text, indent=indent)
        self.blocks.append(Block(kind, text, placed.page, placed.box, level, ordered, marker=marker))

    def table(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Add a table; the cells' own boxes are set here. Rows of blank cells only are left out."""
        rows = [row for row in rows if any(cell.text.strip() for cell in row)]
        if not rows or self._refused():
            return
        self.pages.skip_line()
        columns = max(cell.col + cell.colspan for row in rows for cell in row)
        cells: list[Cell] = []
        lines: list[str] = []
        first_page = 0
        for number, row in enumerate(rows):
            texts = [""] * columns
            for cell in row:
                texts[cell.col] = " ".join(cell.text.split())
            placed = self.pages.add_row(texts)
            first_page = first_page or placed.page
            cells += [
                Cell(number, c.col, c.text.strip(), c.rowspan, c.colspan, c.header, placed.cells[c.col])
                for c in row
            ]
            lines.append("\t".join(texts))
        self.pages.skip_line()
        self._cells += len(cells)
        box = union([cell.box for cell in cells if cell.box is not None and cell.box.page == first_page])
        self.blocks.append(Block("table", "\n".join(lines), first_page, box, cells=tuple(cells)))

    def document(self, parser: str, parser_version: str) -> ConvertedDocument:
        """Everything added so far."""
        pages = self.pages.pages()
        meta = {**self.meta, "page_count": len(pages)}
        return ConvertedDocument(pages, tuple(self.blocks), "office", parser, parser_version, meta)

    def _refused(self) -> bool:
        if self.full:
            self.meta["truncated"] = True
        return self.full
