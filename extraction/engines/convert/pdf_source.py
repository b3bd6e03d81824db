"""What the steps that refine a PDF's page may look at besides its blocks: open file, page's signs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extraction.engines.convert.drawing import Drawing, page_drawing


@dataclass(frozen=True, slots=True)
class PageSigns:
    """What the layout engine counted on one page. Coverages are fractions of the page's area.

    `columns` are the text columns side by side, `ruled_tables` grids of drawn lines, `text_tables` runs of
    aligned text without lines, `figures` regions of drawings; `rules` lines across the page or a column;
    `images` counts pictures smaller than the page.
    """

    columns: int = 1
    ruled_tables: int = 0
    ruled_table_coverage: float = 0.0
    text_tables: int = 0
    figures: int = 0
    figure_coverage: float = 0.0
    rules: int = 0
    images: int = 0
    image_coverage: float = 0.0
    full_page_image: bool = False
    garbled: bool = False


# The layout engine did not read the page.
UNREAD = PageSigns()


@dataclass(frozen=True, slots=True)
class PdfSource:
    """One PDF while it is read. `document` is the open `pypdfium2.PdfDocument`; `signs` are those of the page
    at hand, UNREAD where the layout engine did not read it."""

    path: Path
    password: str | None
    document: Any
    signs: PageSigns = UNREAD
    _drawn: dict[int, Drawing] = field(default_factory=dict, repr=False)

    def drawing(self, number: int) -> Drawing:
        """What page `number` draws; only the page asked for last is kept, since loading one is dear."""
        if number not in self._drawn:
            self._drawn.clear()
            self._drawn[number] = page_drawing(self.document, number)
        return self._drawn[number]
