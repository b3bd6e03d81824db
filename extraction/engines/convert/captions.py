"""Captions: the line under or over a figure or table that begins with its kind and number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extraction.engines.blocks import Block, Cell
from extraction.engines.convert.pdf_blocks import Draft

_KIND = (
    r"(?:supplementary\s+)?(?:tables?|figures?|fig|charts?|graphs?|diagrams?|exhibits?|maps?|plates?|photos?|"
    r"images?|illustrations?|schemes?|abbildung|abb|tabelle|tab|grafik|karte|bild|figura|tabla|tabela|gr[áa]fico|"
    r"cuadro|tableau|tabella|рисунок|рис|таблица|табл)"
)
_NUMBER = r"(?:[A-Z]{0,2}[-.]?\d+(?:[.\-–]\d+)*[a-z]?|[IVX]+|[A-Z](?=[.:]))"
# "Figure 3: Sales", "Table 2. Sales", "TABLE IV", "Abb. 4 Umsatz", "Table: Sales".
CAPTION = re.compile(
    rf"^\W{{0,2}}{_KIND}\.?(?:\s*{_NUMBER}(?![\w%])|\s*(?=:))\s*(?P<mark>[.:|–—-]?)\s*", re.I
)
_LONGEST = 600


def mark_captions(drafts: Sequence[Draft]) -> None:
    """Set the kind of caption blocks; a sentence that only begins with "Figure 3 shows" stays text."""
    for draft in drafts:
        if draft.kind in ("paragraph", "heading", "list_item") and is_caption(draft.text):
            draft.kind, draft.level = "caption", 0


def is_caption(text: str) -> bool:
    """Whether a block's text is a caption."""
    found = CAPTION.match(text)
    if found is None or len(text) > _LONGEST:
        return False
    rest = text[found.end() :]
    return bool(found.group("mark")) or not rest or not rest[0].islower()


def without_caption(table: Block) -> tuple[Block, ...]:
    """The block; for a table whose first row is its caption, the caption and the table without that row."""
    first = [cell for cell in table.cells if cell.row == 0 and cell.text]
    captions = [cell for cell in first if is_caption(cell.text)]
    rows = 1 + max((cell.row for cell in table.cells), default=0)
    if len(captions) != 1 or rows < 3 or any(cell.rowspan == 1 for cell in first if cell is not captions[0]):
        return (table,)
    caption = captions[0]
    # What reaches down from the caption's row goes on in the row below.
    cells = tuple(
        replace(cell, row=max(cell.row - 1, 0), rowspan=cell.rowspan - (cell.row == 0))
        for cell in table.cells
        if cell is not caption and (cell.row or cell.rowspan > 1)
    )
    title = Block("caption", caption.text, table.page, box=caption.box, source=table.source)
    return title, replace(table, cells=cells, text=_rows_of(cells))


def _rows_of(cells: Sequence[Cell]) -> str:
    rows: dict[int, list[str]] = {}
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.col)):
        rows.setdefault(cell.row, []).append(cell.text)
    return "\n".join("\t".join(row) for row in rows.values())
