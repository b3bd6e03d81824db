"""A table out of the words of a region: rows, header and spans over the edges that `tables_grid` finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from extraction.engines.convert.drawing import Drawing, Rect, around
from extraction.engines.convert.tables_grid import (
    Edge,
    Grid,
    GridCell,
    Piece,
    column_edges,
    column_of,
    has_number,
    is_header_line,
    lines_of,
    many_numbers,
    row_edges,
    segments,
    space_of,
    tight_limit,
    unit_of,
    wrapped_rows,
)

_MAX_HEADER_ROWS = 4
# No printed page holds a table of more fields, or one with more of them merged.
_MAX_FIELDS, _MAX_LINKS = 10_000, 2_000
Lines = list[list[Piece]]


class Area(NamedTuple):
    """A rectangle of fields: its first row and column, and its last ones."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def rows(self) -> int:
        return self.bottom - self.top + 1

    @property
    def columns(self) -> int:
        return self.right - self.left + 1

    def overlaps(self, other: Area) -> bool:
        rows = self.top <= other.bottom and other.top <= self.bottom
        return rows and self.left <= other.right and other.left <= self.right

    def fields(self) -> Iterator[tuple[int, int]]:
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield row, column


@dataclass(slots=True)
class _Row:
    """One row of the table to be: its lines of words, the drawn edge above it, and its top and bottom."""

    lines: Lines
    above: Edge | None
    header: bool
    top: float = 0.0
    bottom: float = 0.0


def build_grid(pieces: Sequence[Piece], drawing: Drawing, region: Rect) -> Grid | None:
    """The table that the words make; None without columns, with one row, or with far too many fields."""
    lines = lines_of(pieces)
    if len(lines) < 2:
        return None
    unit = unit_of(pieces)
    edges = column_edges(lines, drawing, region, unit)
    if not edges:
        return None
    lattice = any(edge.rules for edge in edges)
    whole, part = row_edges(lines, drawing, region, lattice=lattice)
    rows = _rows(pieces, edges, whole, part, unit, lattice=lattice)
    if len(rows) < 2 or len(rows) * (len(edges) + 1) > _MAX_FIELDS:
        return None
    _place(rows, region)
    return _Cells(rows, edges, region, unit, lattice=lattice).grid()


# Rows


def _rows(
    pieces: Sequence[Piece],
    edges: Sequence[Edge],
    whole: Sequence[Edge],
    part: Sequence[Edge],
    unit: float,
    *,
    lattice: bool,
) -> list[_Row]:
    if not lattice:
        whole, part = _apart(pieces, edges, whole, part)
    bands = list(_bands(pieces, whole))
    rows: list[_Row] = []
    for index, (above, lines) in enumerate(bands):
        first = index == 0
        if first and len(bands) > 1 and all(is_header_line(line, edges) for line in lines):
            rows += _header_rows(lines, edges, part, unit)
        elif len(bands) < 3 or many_numbers(lines, edges) or (not lattice and tight_limit(lines, edges)):
            rows += _text_rows(lines, edges, part, unit, above, with_header=first, lattice=lattice)
        else:
            rows.append(_Row(lines, above, header=first))
    return rows


def _apart(
    pieces: Sequence[Piece], edges: Sequence[Edge], whole: Sequence[Edge], part: Sequence[Edge]
) -> tuple[list[Edge], list[Edge]]:
    """The drawn edges; those inside the header, which leave the first column out, count as partial ones."""
    left = min(piece.box.left for piece in pieces)
    inner = []
    for edge, (_, lines) in zip(whole, list(_bands(pieces, whole))[1:], strict=False):
        if edge.covers(left, edges[0].at) >= 0.4 or not all(is_header_line(line, edges) for line in lines):
            break
        inner.append(edge)
    return list(whole[len(inner) :]), sorted([*part, *inner], key=lambda edge: edge.at)


def _bands(pieces: Sequence[Piece], edges: Sequence[Edge]) -> Iterator[tuple[Edge | None, Lines]]:
    """The lines between one drawn edge and the next, with the edge above them."""
    groups: dict[int, list[Piece]] = {}
    for piece in pieces:
        groups.setdefault(sum(piece.y > edge.at for edge in edges), []).append(piece)
    for index in sorted(groups):
        yield (edges[index - 1] if index else None), lines_of(groups[index])


def _text_rows(
    lines: Lines,
    edges: Sequence[Edge],
    part: Sequence[Edge],
    unit: float,
    above: Edge | None,
    *,
    with_header: bool,
    lattice: bool,
) -> list[_Row]:
    rows: list[_Row] = []
    head = _header_length(lines, edges) if with_header else 0
    if head:
        rows += _header_rows(lines[:head], edges, part, unit)
    body = wrapped_rows(lines[head:], edges)
    if lattice and not many_numbers(lines, edges):
        # Lines drawn between columns would have been drawn between rows too, were these rows.
        body = body if _are_rows(body, edges) else [lines[head:]]
    rows += [_Row(row, None, header=False) for row in body]
    if with_header and not head and rows:
        rows[0].header = not _all_numbers(rows[0], edges)
    if rows and not with_header:
        rows[0].above = above
    return rows


def _are_rows(rows: Sequence[Lines], edges: Sequence[Edge]) -> bool:
    """Whether each begins in the first column, in a table of three columns or more."""
    return len(edges) > 1 and all(
        any(column_of(piece.x, edges) == 0 for line in row for piece in line) for row in rows
    )


def _header_length(lines: Lines, edges: Sequence[Edge]) -> int:
    """How many lines stand above the first line of numbers, in a table of numbers; 0 in a table of text."""
    numbers = [not is_header_line(line, edges) for line in lines]
    if True not in numbers:
        return 0
    head = numbers.index(True)
    if not head or head > 6 or sum(numbers[head:]) < 0.6 * len(numbers[head:]):
        return 0
    while head > 1 and {column_of(piece.x, edges) for piece in lines[head - 1]} == {0}:
        head -= 1  # A title row of the first section.
    return head


def _all_numbers(row: _Row, edges: Sequence[Edge]) -> bool:
    columns = {column_of(piece.x, edges) for line in row.lines for piece in line} - {0}
    return bool(columns) and all(
        any(has_number(line, edges, column) for line in row.lines) and not _is_year(row, edges, column)
        for column in columns
    )


def _is_year(row: _Row, edges: Sequence[Edge], column: int) -> bool:
    text = "".join(p.text for line in row.lines for p in line if column_of(p.x, edges) == column)
    return len(text) == 4 and text[:2] in ("19", "20")


def _header_rows(lines: Lines, edges: Sequence[Edge], part: Sequence[Edge], unit: float) -> list[_Row]:
    """A header's lines as rows, parted by drawn edges and where what the headings stand over changes."""
    rows: list[_Row] = []
    kind = ""
    started = previous = lines[0][0].y
    for index, line in enumerate(lines):
        edge = next((edge for edge in part if previous < edge.at < line[0].y), None)
        previous = line[0].y
        # A label in the middle of a taller header stands between two of its lines.
        beside = bool(rows) and previous - started < 0.75 * unit
        started = started if beside else previous
        before, kind = kind, kind if beside else _heading_kind(line, lines[index + 1 :], edges, unit)
        if not rows or edge is not None or (before and before != kind):
            rows.append(_Row([], edge, header=True))
        rows[-1].lines.append(line)
    return rows


def _heading_kind(line: Sequence[Piece], below: Lines, edges: Sequence[Edge], unit: float) -> str:
    """What the line's headings stand over: "" for one column each, otherwise a name of their groups."""
    groups = centred_groups(line, [piece for row in below for piece in row], edges)
    if groups is not None:
        return f"groups of {len(groups)}"
    return "crossing" if _spans(line, edges, unit) else ""


def _spans(line: Sequence[Piece], edges: Sequence[Edge], unit: float) -> bool:
    texts = _texts(line, unit)
    return any(_runs_over(texts, edge, unit) for edge in edges if not edge.rules)


def _texts(line: Sequence[Piece], unit: float) -> list[tuple[float, float]]:
    """Where the line's texts begin and end; a gap wider than its spaces parts two of them."""
    return [(part[0].box.left, part[-1].box.right) for part in segments(line, space_of(line, unit))]


def _runs_over(texts: Sequence[tuple[float, float]], edge: Edge, unit: float) -> bool:
    """Whether a text stands on both sides of the edge, by more than the ragged end of a column does."""
    for left, right in texts:
        slack = max(0.3 * unit, min(unit, 0.12 * (right - left)))
        if left < edge.at - slack and right > edge.at + slack:
            return True
    return False


def centred_groups(
    line: Sequence[Piece], below: Sequence[Piece], edges: Sequence[Edge]
) -> list[tuple[int, int]] | None:
    """The (first, last) columns that each heading of the line stands over, where headings share out all
    columns but the first evenly and each is centred over its share; None otherwise."""
    if not below:
        return None
    unit = unit_of(line)
    parts = [part for part in segments(line, space_of(line, unit)) if column_of(part[0].x, edges) > 0]
    columns = len(edges)
    if not parts or columns % len(parts) or columns // len(parts) < 2:
        return None
    size = columns // len(parts)
    groups = []
    for index, part in enumerate(parts):
        first, last = 1 + index * size, (index + 1) * size
        inside = [piece for piece in below if first <= column_of(piece.x, edges) <= last]
        if len({column_of(piece.x, edges) for piece in inside}) < size:
            return None
        middle = (min(p.box.left for p in inside) + max(p.box.right for p in inside)) / 2
        if abs((part[0].box.left + part[-1].box.right) / 2 - middle) > 1.5 * unit:
            return None
        groups.append((first, last))
    return groups


def _place(rows: Sequence[_Row], region: Rect) -> None:
    """Give each row its top and bottom: the drawn edge, or the middle of the white space."""
    for row in rows:
        row.top = min(piece.box.top for line in row.lines for piece in line)
        row.bottom = max(piece.box.bottom for line in row.lines for piece in line)
    for upper, lower in pairwise(rows):
        at = lower.above.at if lower.above is not None else (upper.bottom + lower.top) / 2
        upper.bottom = lower.top = at
    rows[0].top = min(rows[0].top, region.top)
    rows[-1].bottom = max(rows[-1].bottom, region.bottom)


# Cells


class _Cells:
    """Joins the fields of rows × columns into cells where text or a missing line holds them together."""

    def __init__(
        self, rows: Sequence[_Row], edges: Sequence[Edge], region: Rect, unit: float, *, lattice: bool
    ) -> None:
        self.rows, self.edges, self.unit, self.lattice = rows, edges, unit, lattice
        self.width = len(edges) + 1
        self.bounds = [region.left, *(edge.at for edge in edges), region.right]
        self.texts = [[text for line in row.lines for text in _texts(line, unit)] for row in rows]
        self.fields: list[list[list[Piece]]] = [[[] for _ in range(self.width)] for _ in rows]
        for row, fields in zip(rows, self.fields, strict=True):
            for line in row.lines:
                for piece in line:
                    fields[column_of(piece.x, edges)].append(piece)

    def grid(self) -> Grid:
        areas = self._joined(self._open_right(), self._open_down())
        cells = []
        for top, left, bottom, right in areas:
            pieces = [
                p for row in self.fields[top : bottom + 1] for part in row[left : right + 1] for p in part
            ]
            ordered = [piece for line in lines_of(pieces) for piece in line]
            box = Rect(
                self.bounds[left], self.rows[top].top, self.bounds[right + 1], self.rows[bottom].bottom
            )
            cells.append(GridCell(top, left, bottom - top + 1, right - left + 1, box, ordered))
        header = self._header_rows(areas)
        return Grid(cells, len(self.rows), self.width, header, ruled=self.lattice)

    def _header_rows(self, areas: Sequence[Area]) -> int:
        count = next((index for index, row in enumerate(self.rows) if not row.header), len(self.rows))
        if not count:
            return 0
        deep = max(bottom for top, _, bottom, _ in areas if top < count) + 1
        return min(max(count, deep if deep <= _MAX_HEADER_ROWS else count), len(self.rows))

    def _open_right(self) -> set[tuple[int, int]]:
        """The fields joined with the one to their right."""
        found = set()
        for index, row in enumerate(self.rows):
            spread = self._spread(index)
            for column, edge in enumerate(self.edges):
                crossed = self._crossed(index, edge)
                if edge.rules:
                    drawn = edge.covers(row.top, row.bottom) >= 0.4
                    empty = not (self.fields[index][column] and self.fields[index][column + 1])
                    joined = not drawn and (crossed or (empty and self._mostly_drawn(edge)))
                else:
                    joined = crossed or any(first <= column < last for first, last in spread)
                if joined:
                    found.add((index, column))
        return found

    def _mostly_drawn(self, edge: Edge) -> bool:
        return sum(edge.covers(row.top, row.bottom) >= 0.4 for row in self.rows) >= 0.5 * len(self.rows)

    def _crossed(self, index: int, edge: Edge) -> bool:
        return _runs_over(self.texts[index], edge, self.unit)

    def _spread(self, index: int) -> list[tuple[int, int]]:
        """The columns that a header row's headings stand over, by the line under them or by their place."""
        row = self.rows[index]
        if not row.header or index + 1 >= len(self.rows) or not self.rows[index + 1].header:
            return []
        below = self.rows[index + 1]
        if below.above is not None:
            return [group for group in self._underlined(index, below.above) if self._has_text(index, group)]
        lower = [row for row in self.rows[index + 1 :] if row.header]
        pieces = [piece for row in lower for line in row.lines for piece in line]
        return next(
            (groups for line in row.lines if (groups := centred_groups(line, pieces, self.edges))), []
        )

    def _has_text(self, index: int, group: tuple[int, int]) -> bool:
        """Whether a line of the row has just one text over the columns."""
        left, right = self.bounds[group[0]], self.bounds[group[1] + 1]
        return any(
            sum(left < (start + end) / 2 < right for start, end in _texts(line, self.unit)) == 1
            for line in self.rows[index].lines
        )

    def _underlined(self, index: int, edge: Edge) -> list[tuple[int, int]]:
        """The columns whose texts below the row are under one drawn piece of the edge."""
        middles = {}
        for column in range(self.width):
            pieces = [piece for row in self.fields[index + 1 :] for piece in row[column]]
            if pieces:
                box = around(piece.box for piece in pieces)
                middles[column] = (box.left + box.right) / 2
        groups = []
        for rule in edge.rules:
            columns = [column for column, x in middles.items() if rule.start <= x <= rule.end]
            if len(columns) > 1:
                groups.append((columns[0], columns[-1]))
        return groups

    def _open_down(self) -> set[tuple[int, int]]:
        """The fields joined with the one below."""
        found = set()
        has_span = any(row.header and self._spread_or_crossed(index) for index, row in enumerate(self.rows))
        for column in range(self.width):
            run = [0]
            for index in range(len(self.rows)):
                if index + 1 < len(self.rows) and self._may_join(index, column, has_span=has_span):
                    run.append(index + 1)
                    continue
                if any(self.fields[row][column] for row in run):
                    found |= {(row, column) for row in run[:-1]}
                run = [index + 1]
        return found

    def _may_join(self, index: int, column: int, *, has_span: bool) -> bool:
        upper, lower = self.rows[index], self.rows[index + 1]
        both = self.fields[index][column] and self.fields[index + 1][column]
        in_header = upper.header and lower.header
        if lower.above is not None:
            share = lower.above.covers(self.bounds[column], self.bounds[column + 1])
            return share < 0.4 and bool(not both or self.lattice or in_header)
        return in_header and has_span and not both and not self._under_span(index, column)

    def _spread_or_crossed(self, index: int) -> bool:
        return bool(self._spread(index)) or any(
            self._crossed(index, edge) for edge in self.edges if not edge.rules
        )

    def _under_span(self, index: int, column: int) -> bool:
        crossed = [i for i, edge in enumerate(self.edges) if self._crossed(index, edge)]
        spread = self._spread(index)
        return (
            column in crossed
            or column - 1 in crossed
            or any(first <= column <= last for first, last in spread)
        )

    def _joined(self, right: set[tuple[int, int]], down: set[tuple[int, int]]) -> list[Area]:
        """The fields put together into rectangles."""
        links = [((r, c), (r, c + 1)) for r, c in right] + [((r, c), (r + 1, c)) for r, c in down]
        joined = _rectangles(links) if len(links) <= _MAX_LINKS else []
        largest = max((area.rows * area.columns for area in joined), default=0)
        if largest > max(0.5 * len(self.rows) * self.width, 4):
            joined = []
        taken = {field for area in joined for field in area.fields()}
        single = (Area(r, c, r, c) for r in range(len(self.rows)) for c in range(self.width))
        return sorted([*joined, *(area for area in single if (area.top, area.left) not in taken)])


def _rectangles(links: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> list[Area]:
    """The smallest rectangles around the linked fields that do not overlap."""
    found: list[Area] = []
    for (top, left), (bottom, right) in sorted(links):
        area = Area(top, left, bottom, right)
        while touched := [other for other in found if area.overlaps(other)]:
            found = [other for other in found if other not in touched]
            area = _hull([area, *touched])
        found.append(area)
    return found


def _hull(areas: Sequence[Area]) -> Area:
    return Area(
        min(area.top for area in areas),
        min(area.left for area in areas),
        max(area.bottom for area in areas),
        max(area.right for area in areas),
    )
