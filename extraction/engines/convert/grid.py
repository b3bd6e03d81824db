"""A sheet's cells as headings, notes and tables the way a person sees them apart."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extraction.engines.blocks import Cell
from extraction.engines.convert.builder import Builder

MAX_SHEETS = 20
MAX_ROWS = 2_000
MAX_COLUMNS = 50
# Merged areas may claim to cover the same million cells over and over.
_MAX_COVERED = 500_000

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """A merged area: first and last row and column, from 0 and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as shown; `is_text` tells words from numbers, dates and truth values."""

    text: str
    is_text: bool


def without_hidden(
    cells: Mapping[Place, Shown], spans: Sequence[Span], rows: Collection[int], columns: Collection[int]
) -> tuple[dict[Place, Shown], list[Span]]:
    """The cells and merged areas as if the hidden rows and columns had never been there."""
    down, across = sorted(rows), sorted(columns)

    def moved(row: int, column: int) -> Place:
        return row - bisect_left(down, row), column - bisect_left(across, column)

    hidden_rows, hidden_columns = set(down), set(across)
    left = {
        moved(*place): cell
        for place, cell in cells.items()
        if place[0] not in hidden_rows and place[1] not in hidden_columns
    }
    kept = []
    for span in spans:
        if span.top in hidden_rows or span.left in hidden_columns:
            continue
        bottom, right = moved(span.bottom + 1, span.right + 1)
        kept.append(Span(*moved(span.top, span.left), bottom - 1, right - 1))
    return left, kept


def add_sheet(builder: Builder, name: str, cells: Mapping[Place, Shown], spans: Sequence[Span]) -> None:
    """Add a sheet: its name as a heading, single cells on their own as text, and its tables."""
    builder.text("heading", name, level=2)
    filled = {place: cell for place, cell in cells.items() if cell.text.strip()}
    owners = _spans_of(filled, spans)
    for rows in _bands(filled):
        for columns in _strips(filled, owners, rows):
            _add_part(builder, filled, owners, rows, columns)


def _spans_of(cells: Mapping[Place, Shown], spans: Sequence[Span]) -> dict[Place, Span]:
    """The merged areas by their first cell, of those that hold something; none of them overlap."""
    owners: dict[Place, Span] = {}
    covered: set[Place] = set()
    looked_at = 0
    bottom = max((row for row, _ in cells), default=0)
    right = max((column for _, column in cells), default=0)
    for span in spans:
        place = span.top, span.left
        if place not in cells:
            continue
        # A merged heading may reach beyond the last filled column, a frame must not reach for ever.
        clipped = Span(*place, min(span.bottom, bottom), min(span.right, max(right, MAX_COLUMNS - 1)))
        looked_at += (clipped.bottom - clipped.top + 1) * (clipped.right - clipped.left + 1)
        if looked_at > _MAX_COVERED:
            break
        area = [
            (row, column)
            for row in range(clipped.top, clipped.bottom + 1)
            for column in range(clipped.left, clipped.right + 1)
        ]
        if covered.isdisjoint(area) and not any(other in cells for other in area[1:]):
            owners[place] = clipped
            covered.update(area)
    return owners


def _runs(numbers: Sequence[int], gap: int) -> list[list[int]]:
    """Sorted numbers cut where more than `gap` are missing in between."""
    runs: list[list[int]] = [list(numbers[:1])] if numbers else []
    for before, after in pairwise(numbers):
        if after - before > gap + 1:
            runs.append([])
        runs[-1].append(after)
    return runs


def _bands(cells: Mapping[Place, Shown]) -> list[list[int]]:
    """Filled rows in groups: a blank row ends a group, unless the table plainly goes on behind it."""
    by_row: dict[int, list[int]] = {}
    for row, column in cells:
        by_row.setdefault(row, []).append(column)
    bands: list[list[int]] = []
    for run in _runs(sorted(by_row), 0):
        if bands and run[0] - bands[-1][-1] == 2 and _goes_on(cells, by_row, bands[-1], run):
            bands[-1] += run
        else:
            bands.append(run)
    return bands


def _goes_on(
    cells: Mapping[Place, Shown], by_row: dict[int, list[int]], above: list[int], below: list[int]
) -> bool:
    def reach(rows: list[int]) -> tuple[int, int]:
        columns = [column for row in rows for column in by_row[row]]
        return min(columns), max(columns)

    first, last = reach(above)
    if last - first < 1 or reach(below) != (first, last) or len(above) < 2:
        return False
    # A row of words alone above numbers is the head of another table.
    head = all(cells[below[0], column].is_text for column in by_row[below[0]])
    return not (head and len(below) > 1 and _has_numbers(cells, by_row, below[1:]))


def _has_numbers(cells: Mapping[Place, Shown], by_row: dict[int, list[int]], rows: list[int]) -> bool:
    return any(not cells[row, column].is_text for row in rows for column in by_row[row])


def _strips(cells: Mapping[Place, Shown], owners: Mapping[Place, Span], rows: list[int]) -> list[list[int]]:
    """The band's columns, cut at blank columns where both sides are tables of their own."""
    wanted = set(rows)
    used = {column for row, column in cells if row in wanted}
    for (row, _), span in owners.items():
        if row in wanted:
            used |= set(range(span.left, span.right + 1))
    runs = _runs(sorted(used), 0)
    if len(runs) < 2 or len(rows) < 2 or any(len(run) < 2 for run in runs):
        return [sorted(used)]
    return runs


def _add_part(
    builder: Builder,
    cells: Mapping[Place, Shown],
    owners: Mapping[Place, Span],
    rows: list[int],
    columns: list[int],
) -> None:
    """Add one island: its title rows as paragraphs, what remains as a table."""
    wanted = set(columns)
    by_row = {row: [column for column in columns if (row, column) in cells] for row in rows}
    rows = [row for row in rows if by_row[row]]
    while rows and len(by_row[rows[0]]) == 1 and _is_title(cells, owners, by_row, rows, wanted):
        builder.text("paragraph", cells[rows[0], by_row[rows[0]][0]].text)
        rows = rows[1:]
    if rows:
        builder.table(_table(cells, owners, by_row, rows))


def _is_title(
    cells: Mapping[Place, Shown],
    owners: Mapping[Place, Span],
    by_row: dict[int, list[int]],
    rows: list[int],
    wanted: set[int],
) -> bool:
    """Whether the only cell of the first row stands above the table rather than in it."""
    column = by_row[rows[0]][0]
    if len(rows) == 1:
        return True
    span = owners.get((rows[0], column))
    if span is not None and span.bottom > rows[0]:
        return False
    if span is not None and wanted <= set(range(span.left, span.right + 1)):
        return True
    # Below a blank corner stand the names of rows; only a cell at the left edge can be a title.
    at_edge = column == min(wanted) and cells[rows[0], column].is_text
    return at_edge and len(wanted) >= 3 and any(len(by_row[row]) >= 2 for row in rows[1:])


def _table(
    cells: Mapping[Place, Shown], owners: Mapping[Place, Span], by_row: dict[int, list[int]], rows: list[int]
) -> list[list[Cell]]:
    reach = max(
        (
            owners[row, column].right
            if (row, column) in owners and owners[row, column].left == column
            else column
        )
        for row in rows
        for column in by_row[row]
    )
    first = min(column for row in rows for column in by_row[row])
    used = {column for row in rows for column in by_row[row]}
    # Columns that nothing but merged cells reach into would be empty.
    columns = [column for column in range(first, reach + 1) if column in used]
    head = len(by_row[rows[0]]) > 1 and all(cells[rows[0], column].is_text for column in by_row[rows[0]])
    # A head of two rows has cells that reach over both.
    heads = max(
        (owners[rows[0], c].bottom for c in by_row[rows[0]] if (rows[0], c) in owners), default=rows[0]
    )
    covered: set[Place] = set()
    table = []
    for number, row in enumerate(rows):
        line: list[Cell] = []
        for position, column in enumerate(columns):
            if (row, column) in covered:
                continue
            shown, span = cells.get((row, column)), owners.get((row, column))
            down = sum(span.top <= other <= span.bottom for other in rows) if span else 1
            across = sum(span.left <= other <= span.right for other in columns) if span else 1
            if down * across > 1:
                covered |= {
                    (r, c)
                    for r in rows[number : number + down]
                    for c in columns[position : position + across]
                }
            line.append(
                Cell(number, position, shown.text if shown else "", down, across, head and row <= heads)
            )
        while line and not line[-1].text and line[-1].colspan == 1:
            line.pop()
        table.append(line)
    return table
