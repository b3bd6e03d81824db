"""One worksheet of an XLSX file, read in one go without building it in memory."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import IO

from extraction.engines.convert.grid import MAX_COLUMNS, MAX_ROWS, Span
from extraction.engines.convert.xmltree import Element, attribute, child, descendants, local, number, stream

# Rows beyond the limit are still looked at up to here, so that a gap does not hide data for ever.
MAX_ROWS_SEEN = 50 * MAX_ROWS
MAX_MERGES = 10_000
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as stored: its type letter, style number and value or text."""

    kind: str
    style: int
    value: str


@dataclass(slots=True)
class Sheet:
    """Filled cells by (row, column) from 0, what is hidden, merged areas, and the drawing's relationship."""

    cells: dict[tuple[int, int], RawCell] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Span] = field(default_factory=list)
    drawing: str = ""
    truncated: bool = False


def place_of(reference: str) -> tuple[int, int] | None:
    """Row and column from 0 of a reference such as "B7"."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def read_sheet(source: IO[bytes]) -> Sheet:
    """The sheet's visible cells, at most MAX_ROWS filled rows and MAX_COLUMNS columns. Raises XmlError."""
    sheet = Sheet()
    state = _Rows(sheet)
    for element in stream(source, "col", "row", "mergeCell", "drawing"):
        name = local(element)
        if name == "row":
            if state.add(element):
                break
        elif name == "col":
            _add_columns(sheet, element)
        elif name == "mergeCell":
            _add_merge(sheet, element.get("ref", ""))
        else:
            sheet.drawing = attribute(element, "id")
    return sheet


def _add_columns(sheet: Sheet, element: Element) -> None:
    if element.get("hidden") in ("1", "true"):
        first, last = number(element.get("min", "")), number(element.get("max", ""))
        sheet.hidden_columns |= set(range(max(first, 1) - 1, min(last, 16_384)))


def _add_merge(sheet: Sheet, reference: str) -> None:
    first, _, last = reference.partition(":")
    start, end = place_of(first), place_of(last)
    if len(sheet.merges) < MAX_MERGES and start and end and start <= end:
        sheet.merges.append(Span(*start, *end))


class _Rows:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.row, self.kept, self.seen = -1, 0, 0

    def add(self, element: Element) -> bool:
        """Take a row over; true once the rest of the sheet is not worth looking at."""
        self.seen += 1
        self.row = number(element.get("r", ""), default=self.row + 2) - 1
        if element.get("hidden") in ("1", "true"):
            self.sheet.hidden_rows.add(self.row)
            return False
        if self.kept >= MAX_ROWS:
            if any(child(c, "v") is not None for c in element):
                self.sheet.truncated = True
            return self.seen > MAX_ROWS_SEEN
        before = len(self.sheet.cells)
        column = -1
        for source in element:
            place = place_of(source.get("r", ""))
            column = place[1] if place else column + 1
            self._cell(source, column)
        self.kept += len(self.sheet.cells) > before
        return self.seen > MAX_ROWS_SEEN

    def _cell(self, source: Element, column: int) -> None:
        if column in self.sheet.hidden_columns:
            return
        kind = source.get("t", "n")
        if kind == "inlineStr":
            text = rich_text(source)
        else:
            stored = child(source, "v")
            text = (stored.text or "") if stored is not None else ""
        if not text.strip():
            return
        if column >= MAX_COLUMNS:
            self.sheet.truncated = True
            return
        self.sheet.cells[self.row, column] = RawCell(kind, number(source.get("s", "")), text)


def rich_text(element: Element) -> str:
    """The text of a string item in all its runs, without the readings printed above Asian signs."""
    return "".join(t.text or "" for t in descendants(element, "t") if local(t.getparent()) != "rPh")
