"""From printed rows under a header to the rows of a table.

An anchor is a printed row that fills the typed columns (amounts, dates, numbers); text rows between anchors
continue the nearest one: a description may run over several lines, above or below its numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from extraction.engines.fields.candidates import Reading
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.layout import PageLayout, Segment, Span, fold

from .cells import parse_cell
from .grid import Grid, Row
from .headers import Header

_TOTALS = frozenset({"total", "net", "net_total", "subtotal", "tax", "amount_due", "tax_summary"})
_ASIDE = frozenset({*_TOTALS, "other_money", "column_money"})
_CARRIED = re.compile(
    r"\b(?:carried forward|brought forward|carry forward|balance forward|continued|ubertrag|fortsetzung"
    r"|a reporter|report page|reporte|suma y sigue|riporto|a riportare|transport|saldo pindahan|pindahan"
    r"|dipindahkan)\b"
)
_COLUMN_NUMBER = re.compile(r"\(?\d{1,2}\)?(?: \(?\d{1,2}\)?)*")
_ROWS_LOOKED_AT = 80
_FIRST_GAP, _LAST_GAP = 6.0, 5.0  # letter heights that may lie before the first row, and between two rows
_NEAR = 1.1  # letter heights between two lines of one description


@dataclass(slots=True)
class Entry:
    """One row of the table: the words of each part, and all printed rows it stands on."""

    cells: dict[str, list[Span]]
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Printed:
    """One printed row with its words by part; `typed` counts the typed columns it fills."""

    row: Row
    cells: dict[str, list[Span]]
    typed: int
    wide: bool

    @property
    def top(self) -> float:
        return min(segment.y0 for segment in self.row)

    @property
    def bottom(self) -> float:
        return max(segment.y1 for segment in self.row)


class TableReader:
    """Reads the rows under the headers of one table."""

    def __init__(
        self, reading: Reading, definition: FieldDef, signed: bool, heads: Iterable[Header] = ()
    ) -> None:
        self.reading = reading
        self.items: Mapping[str, FieldDef] = {item.name: item for item in definition.items}
        self.signed = signed
        self.closed = False  # whether the last table read ended at its totals
        self.heads = frozenset((header.page, header.row) for header in heads)

    def read(self, headers: Sequence[Header]) -> list[Entry]:
        """The rows under all headers; the table goes on at the top of a page that repeats none."""
        entries: list[Entry] = []
        starts = {(header.page, header.row): header for header in sorted(headers, key=_score)}
        pages = self.reading.layout.pages
        last: tuple[Grid, int] | None = None
        for page in pages:
            heads = sorted(row for number, row in starts if number == page.number)
            if not heads and last and entries:
                entries += self._carry_on(page, *last)
            for row in heads:
                body = page.rows[row + 1 : min(self._next_head(page, row), row + 1 + _ROWS_LOOKED_AT)]
                grid = Grid(starts[page.number, row].columns, self._sample(body), page.width)
                start = max(segment.y1 for segment in page.rows[row])
                found, open_end = self._entries(page, body, grid, start, _FIRST_GAP)
                entries += found
                last = (grid, self._usual(found)) if open_end and found else None
        return entries

    def _next_head(self, page: PageLayout, row: int) -> int:
        """The row at which the next table of the page begins, else the end of the page."""
        return min(
            (other for number, other in self.heads if number == page.number and other > row),
            default=len(page.rows),
        )

    def _carry_on(self, page: PageLayout, grid: Grid, usual: int) -> list[Entry]:
        """The rows at the top of a page that repeats no header, if they fill the same columns."""
        for index, row in enumerate(page.rows[:12]):
            if self._printed(row, grid).typed >= max(usual, 1):
                body = page.rows[index : index + _ROWS_LOOKED_AT]
                return self._entries(page, body, grid, row[0].y0, _FIRST_GAP)[0]
        return []

    def _sample(self, body: Sequence[Row]) -> list[Row]:
        """The rows that show where the columns are: several cells, before the totals."""
        rows: list[Row] = []
        for row in body:
            if rows and self._says(row, _TOTALS):
                break
            if len(row) > 1:
                rows.append(row)
        return rows

    def _entries(
        self, page: PageLayout, body: Sequence[Row], grid: Grid, start: float, gap: float
    ) -> tuple[list[Entry], bool]:
        """The entries of the rows until the table ends, and whether it ends at the page's last rows."""
        printed, open_end = self._until_end(page, body, grid, start, gap)
        most = max((item.typed for item in printed), default=0)
        floor = max(1, (most + 1) // 2) if self._has_types(grid) else 0
        anchors = [item for item in printed if self._is_anchor(item, floor, printed)]
        return _attached(printed, anchors, page.letter), open_end

    def _until_end(
        self, page: PageLayout, body: Sequence[Row], grid: Grid, start: float, gap: float
    ) -> tuple[list[_Printed], bool]:
        found: list[_Printed] = []
        self.closed = False
        typed = self._has_types(grid)
        bottom, most = start, 0
        for row in body:
            item = self._printed(row, grid)
            ends = self._ends(item, most, most > 0 if typed else bool(found))
            if ends or item.top - bottom > gap * page.letter:
                self.closed = ends and self._says(row, _TOTALS)
                return found, False
            bottom = item.bottom
            if self._is_aside(item):
                continue
            if item.wide and not item.typed:
                return found, bottom > 0.8 * page.height
            found.append(item)
            most = max(most, item.typed)
            gap = _LAST_GAP
        return found, True

    def _ends(self, item: _Printed, most: int, begun: bool) -> bool:
        """Whether a row belongs to what stands below the table: its totals, a label with its value."""
        if not begun:
            return False
        if self._is_fact(item.row) or self._only_totals(item.row):
            return True
        if not (item.typed < most or most <= 1):
            return False
        return self._says(item.row, _TOTALS) or bool(most > 1 and item.typed and self._says(item.row, _ASIDE))

    def _only_totals(self, row: Row) -> bool:
        """A row whose only words are a total's label."""
        texts = [part for part in row if sum(map(str.isalpha, part.text)) > sum(map(str.isdigit, part.text))]
        return bool(texts) and all(self._says((part,), _TOTALS) for part in texts)

    def _is_fact(self, row: Row) -> bool:
        """A wanted field's label with a colon and its value."""
        for index, segment in enumerate(row):
            follows = row[index + 1].text if index + 1 < len(row) else ""
            for label in self.reading.labels.by_segment.get(segment, ()):
                rest = segment.text[label.end :].lstrip() or follows
                if label.role.startswith("custom:") and not segment.text[: label.start] and rest[:1] == ":":
                    return True
        return False

    def _is_aside(self, item: _Printed) -> bool:
        """A row inside the table that is no entry: a carried sum, or another wanted field's own line."""
        text = fold(" ".join(segment.text for segment in item.row))
        if _CARRIED.search(text) or _numbers_columns(item.row):
            return True
        return self._says(item.row, self._other_fields())

    def _other_fields(self) -> frozenset[str]:
        roles = self.reading.roles.values()
        return frozenset(role for role in roles if role.startswith("custom:") and role.endswith("balance"))

    def _says(self, row: Row, roles: frozenset[str]) -> bool:
        """Whether a cell of the row is a label of one of the roles."""
        return any(
            label.role in roles and _leads(label.start, label.coverage, segment)
            for segment in row
            for label in self.reading.labels.by_segment.get(segment, ())
        )

    def _printed(self, row: Row, grid: Grid) -> _Printed:
        cells: dict[str, list[Span]] = {}
        for index, spans in grid.place(row).items():
            name = grid.columns[index].name
            if name:
                cells.setdefault(name, []).extend(spans)
        typed = sum(1 for name, spans in cells.items() if self._is_typed(name, spans))
        wide = any(grid.reach(segment) >= 3 for segment in row) and len(row) == 1
        return _Printed(row, cells, typed, wide)

    def _is_typed(self, name: str, spans: Sequence[Span]) -> bool:
        item = self.items[name]
        if item.type == "string":
            return False
        value, _ = parse_cell(text_of(spans), item, self.reading, self.signed)
        return value is not None and len(text_of(spans)) <= 40

    def _has_types(self, grid: Grid) -> bool:
        return any(column.name and self.items[column.name].type != "string" for column in grid.columns)

    def _is_anchor(self, item: _Printed, floor: int, printed: Sequence[_Printed]) -> bool:
        if floor:
            return item.typed >= floor
        widest = max(len(other.cells) for other in printed)
        return len(item.cells) >= max(1, (widest + 1) // 2)

    def _usual(self, entries: Sequence[Entry]) -> int:
        filled = sorted(
            sum(1 for name, spans in entry.cells.items() if self._is_typed(name, spans)) for entry in entries
        )
        return filled[len(filled) // 2] if filled else 0


def text_of(spans: Sequence[Span]) -> str:
    return " ".join(span.raw.strip() for span in spans if span.raw.strip())


def _numbers_columns(row: Row) -> bool:
    """A row that only counts the columns, as forms print it: (1) (2) (3)."""
    found = [_COLUMN_NUMBER.fullmatch(segment.text) for segment in row]
    return len(found) > 2 and all(found)


def _leads(start: int, coverage: float, segment: Segment) -> bool:
    """A label that fills its cell, or begins it and has only figures after it ("VAT 19 %")."""
    if coverage >= 0.6:
        return True
    rest = segment.text[start:]
    return not segment.text[:start].strip() and sum(char.isdigit() for char in rest) > 0.3 * len(rest)


def _score(header: Header) -> float:
    return header.score


def _attached(printed: Sequence[_Printed], anchors: Sequence[_Printed], letter: float) -> list[Entry]:
    """An entry per anchor, with the text rows that belong to it."""
    entries = [
        Entry({name: list(spans) for name, spans in item.cells.items()}, [item.row]) for item in anchors
    ]
    places = {id(item): index for index, item in enumerate(anchors)}
    leads = bool(printed) and id(printed[0]) not in places
    loose: list[_Printed] = []
    current = -1
    for index, item in enumerate(printed):
        if id(item) in places:
            current = places[id(item)]
            for other in loose:
                _prepend(entries[current], other)
            loose = []
            continue
        if not item.cells:
            continue
        above = item.top - printed[index - 1].bottom if index else float("inf")
        below = printed[index + 1].top - item.bottom if index + 1 < len(printed) else float("inf")
        if current < 0 or (_belongs_below(above, below, leads) and current + 1 < len(entries)):
            loose.append(item)
        elif above <= _NEAR * letter or current + 1 < len(entries):
            _append(entries[current], item)
    return entries


def _belongs_below(above: float, below: float, leads: bool) -> bool:
    """Whether a text row goes with the numbers below it; where the table begins with text, it does."""
    return below <= above * 1.5 if leads else below < 0.5 * above


def _append(entry: Entry, item: _Printed) -> None:
    for name, spans in item.cells.items():
        entry.cells.setdefault(name, []).extend(spans)
    entry.rows.append(item.row)


def _prepend(entry: Entry, item: _Printed) -> None:
    for name, spans in item.cells.items():
        entry.cells[name] = [*spans, *entry.cells.get(name, [])]
    entry.rows.insert(0, item.row)
