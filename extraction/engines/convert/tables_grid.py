"""Rows and columns of one table region, from the words in it and the lines drawn around them.

Drawn lines decide where there are any; the rest follows the white space: a column edge is a gap that runs
down through all lines (texts that cross it, such as a centred heading over several columns, set aside), and
lines belong to one row where their distance is that of wrapped text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter
from statistics import median
from typing import NamedTuple

from extraction.engines.convert.drawing import Drawing, Rect, Rule

_AROUND = r"[\s(\[<>≤≥~±+\-−–—*†‡#$€£¥%‰.,:/'’°^)\]]"
_NUMBER = re.compile(rf"{_AROUND}*([A-Z]{{1,3}}{_AROUND}*)?\d({_AROUND}|\d)*[A-Za-zμ²³]{{0,3}}{_AROUND}*")
_YEAR = re.compile(r"(19|20)\d\d([-–/]\d\d(\d\d)?)?")
_BLANK = re.compile(r"[-–—.…*/\s✓✔✗✘×•]+|n/?a|n\.a\.", re.I)
_AT = attrgetter("at")
# In units of the words' height: what still is a space between words, and what at least parts two columns.
_SPACE = 0.5
_GUTTER = 0.45
_WIDE_GUTTER = 0.8


class Piece(NamedTuple):
    """A word of the page by its number there, with its rectangle in points and the middle of it."""

    number: int
    text: str
    box: Rect
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two rows or columns; `rules` are the drawn pieces of it, none for white space."""

    at: float
    rules: tuple[Rule, ...] = ()

    def covers(self, start: float, end: float) -> float:
        """The drawn share of the way from `start` to `end`, 0–1."""
        drawn = sum(max(0.0, min(end, rule.end) - max(start, rule.start)) for rule in self.rules)
        return drawn / (end - start) if end > start else 0.0


@dataclass(slots=True)
class GridCell:
    """A cell with the words in it, in reading order."""

    row: int
    col: int
    rowspan: int
    colspan: int
    box: Rect
    pieces: list[Piece] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)


@dataclass(slots=True)
class Grid:
    """A table's cells row by row; the first `header_rows` rows are its header. `ruled` says that lines
    between columns are drawn, `edges` are the columns' edges and `tops` the rows'."""

    cells: list[GridCell]
    rows: int
    columns: int
    header_rows: int
    ruled: bool


def is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text) or _BLANK.fullmatch(text))


def lines_of(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """The words line by line from the top, each line from the left."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.y):
        if lines and abs(piece.y - lines[-1][0].y) < 0.45 * min(piece.box.height, lines[-1][0].box.height):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [sorted(line, key=lambda piece: piece.x) for line in lines]


def segments(line: Sequence[Piece], gap: float, cuts: Sequence[float] = ()) -> list[list[Piece]]:
    """The line cut where the space is wider than `gap`, and at the x positions `cuts`."""
    parts: list[list[Piece]] = []
    for piece in line:
        previous = parts[-1][-1] if parts else None
        if previous is None or piece.box.left - previous.box.right > gap or _cut(previous, piece, cuts):
            parts.append([piece])
        else:
            parts[-1].append(piece)
    return parts


def _cut(left: Piece, right: Piece, cuts: Sequence[float]) -> bool:
    return any(left.x < cut < right.x for cut in cuts)


def unit_of(pieces: Sequence[Piece]) -> float:
    return median(piece.box.height for piece in pieces)


def _span(part: Sequence[Piece]) -> tuple[float, float]:
    return part[0].box.left, max(piece.box.right for piece in part)


# Columns


def space_of(line: Sequence[Piece], unit: float) -> float:
    """The widest gap between words of the line that is still a space: its narrowest one is taken for one."""
    gaps = [right.box.left - left.box.right for left, right in pairwise(line)]
    narrowest = max(min(gaps, default=0.0), 0.0)
    return min(_SPACE * unit, max(0.3 * unit, 1.6 * narrowest))


def text_gaps(lines: Sequence[Sequence[Piece]], unit: float) -> list[tuple[float, float]]:
    """The gaps between columns as (left, right), told by white space alone."""
    spans = [[_span(part) for part in segments(line, space_of(line, unit))] for line in lines]
    flat = [span for line in spans for span in line]
    loose = _gaps(flat, max(1, len(lines) // 5) if len(lines) > 2 else 0)
    full = _full_row(spans)
    kept = [
        [span for span in line if _is_full(line, full) or not any(gap.is_under(span, unit) for gap in loose)]
        for line in spans
    ]
    found = []
    for gap in _gaps([span for line in kept for span in line], 0):
        left, right = gap.left, gap.right
        both = sum(
            any(span[1] <= left + 0.1 for span in line) and any(span[0] >= right - 0.1 for span in line)
            for line in kept
        )
        if right - left >= (_GUTTER if both >= 4 else _WIDE_GUTTER) * unit and both:
            found.append((left, right))
    return found


def _full_row(spans: Sequence[Sequence[tuple[float, float]]]) -> int:
    """How many texts side by side make a full row: the most that a quarter of the lines have."""
    counts = sorted((len(line) for line in spans), reverse=True)
    return max(counts[max(1, len(counts) // 4) if len(counts) > 2 else 0], 2)


def _is_full(line: Sequence[tuple[float, float]], full: int) -> bool:
    return len(line) >= full or (full > 4 and len(line) == full - 1)


@dataclass(frozen=True, slots=True)
class _Gap:
    """An x range that few texts reach into, and the part of it that fewest do."""

    left: float
    right: float
    core: tuple[float, float]

    def is_under(self, span: tuple[float, float], unit: float) -> bool:
        """Whether the text stands over the gap: it covers its core, or most of it is in the gap without
        being a column of its own there."""
        if span[0] <= self.core[0] and self.core[1] <= span[1]:
            return True
        common = min(span[1], self.right) - max(span[0], self.left)
        alone = span[0] - self.left > _WIDE_GUTTER * unit and self.right - span[1] > _WIDE_GUTTER * unit
        return common > 0.8 * (span[1] - span[0]) and not alone


def _gaps(spans: Sequence[tuple[float, float]], tolerance: int) -> list[_Gap]:
    """The x ranges between the spans that at most `tolerance` of them reach into."""
    events = sorted([(left, 1) for left, _ in spans] + [(right, -1) for _, right in spans])
    gaps: list[_Gap] = []
    low: list[tuple[int, float, float]] = []
    depth, started = 0, False
    for (x, step), (after, _) in pairwise(events):
        depth += step
        if depth > tolerance:
            if low:
                gaps.append(_Gap(low[0][1], low[-1][2], _core(low)))
            started, low = True, []
        elif started and after > x:
            low.append((depth, x, after))
    return gaps


def _core(low: Sequence[tuple[int, float, float]]) -> tuple[float, float]:
    fewest = min(depth for depth, _, _ in low)
    _, left, right = max(low, key=lambda part: (part[0] == fewest, part[2] - part[1]))
    return left, right


def column_edges(lines: Sequence[Sequence[Piece]], drawing: Drawing, region: Rect, unit: float) -> list[Edge]:
    """The edges between columns, without the table's outer ones."""
    drawn = _drawn_columns(lines, drawing, region, unit)
    pieces = [piece for line in lines for piece in line]
    bounds = [region.left, *(edge.at for edge in drawn), region.right]
    edges = list(drawn)
    for left, right in pairwise(bounds):
        inside = lines_of(piece for piece in pieces if left <= piece.x < right) if drawn else lines
        gaps = [gap for gap in text_gaps(inside, unit) if not drawn or _filled_on_both_sides(inside, gap)]
        edges += [Edge((gap[0] + gap[1]) / 2) for gap in gaps]
    return sorted(edges, key=lambda edge: edge.at)


def _filled_on_both_sides(lines: Sequence[Sequence[Piece]], gap: tuple[float, float]) -> bool:
    both = sum(any(p.x < gap[0] for p in line) and any(p.x > gap[1] for p in line) for line in lines)
    return both >= 3 and both >= 0.6 * len(lines)


def _drawn_columns(
    lines: Sequence[Sequence[Piece]], drawing: Drawing, region: Rect, unit: float
) -> list[Edge]:
    pieces = [piece for line in lines for piece in line]
    left, right = min(p.x for p in pieces), max(p.x for p in pieces)
    found: list[Edge] = []
    for group in _by_place(drawing.down, 2.0):
        at = group[0].at
        rules = tuple(rule for rule in group if rule.length >= unit)
        length = sum(min(rule.end, region.bottom) - max(rule.start, region.top) for rule in rules)
        if not left < at < right or length < 0.3 * region.height:
            continue
        cut = sum(p.box.left + 1 < at < p.box.right - 1 and _beside(p, rules) for p in pieces)
        if cut <= 0.03 * len(pieces):
            found.append(Edge(at, rules))
    return found


def _beside(piece: Piece, rules: Iterable[Rule]) -> bool:
    return any(rule.start <= piece.y <= rule.end for rule in rules)


def _by_place(rules: Iterable[Rule], near: float) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if groups and rule.at - groups[-1][-1].at <= near:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


# Rows


def row_edges(
    lines: Sequence[Sequence[Piece]], drawing: Drawing, region: Rect, *, lattice: bool
) -> tuple[list[Edge], list[Edge]]:
    """The drawn edges between rows: those across the table, and those across some of its columns only."""
    whole, part = _edges_of(drawing.across, lines, region, 0.25 if lattice else 0.6, joined_up=lattice)
    if len(whole) < 2:
        # Shading parts rows where nothing else does; word processors also shade every line of a row.
        fills = [fill for fill in drawing.fills if fill.height < 0.9 * region.height]
        sides = [Rule(at, fill.left, fill.right) for fill in fills for at in (fill.top, fill.bottom)]
        shaded, _ = _edges_of(sides, lines, region, 0.6, joined_up=True)
        drawn = [edge.at for edge in whole]
        whole += [edge for edge in shaded if all(abs(edge.at - at) > 2 for at in drawn)]
        whole.sort(key=lambda edge: edge.at)
    return whole, part


def _edges_of(
    rules: Iterable[Rule], lines: Sequence[Sequence[Piece]], region: Rect, enough: float, *, joined_up: bool
) -> tuple[list[Edge], list[Edge]]:
    first, last = lines[0][0].y, lines[-1][0].y
    whole: list[Edge] = []
    part: list[Edge] = []
    for group in _by_place(rules, 2.0):
        edge = Edge(sum(rule.at for rule in group) / len(group), tuple(group))
        # Lines under the headings of groups of columns are several side by side.
        length = _union_length(group) if joined_up else max(rule.length for rule in group)
        share = length / region.width
        if first < edge.at < last and share >= 0.08:
            (whole if share >= enough else part).append(edge)
    return whole, part


def _union_length(rules: Iterable[Rule]) -> float:
    total, end = 0.0, float("-inf")
    for rule in sorted(rules, key=lambda rule: rule.start):
        total += max(0.0, rule.end - max(rule.start, end))
        end = max(end, rule.end)
    return total


def wrapped_rows(lines: Sequence[Sequence[Piece]], edges: Sequence[Edge]) -> list[list[list[Piece]]]:
    """The lines grouped into rows by white space: wrapped text stands closer than rows do."""
    if len(lines) < 2:
        return [[list(line) for line in lines]] if lines else []
    limit = tight_limit(lines, edges)
    if limit is not None:
        rows = _joined_by_steps(lines, edges, limit)
        if len(rows) > 1:
            return rows
    return _by_first_column(lines, edges)


def tight_limit(lines: Sequence[Sequence[Piece]], edges: Sequence[Edge]) -> float | None:
    """The distance between lines up to which they are one row's wrapped text; None where all are alike."""
    return _tight(_steps(lines, edges), unit_of([piece for line in lines for piece in line]))


def _filled(lines: Sequence[Sequence[Piece]], edges: Sequence[Edge]) -> list[set[int]]:
    return [{column_of(piece.x, edges) for piece in line} for line in lines]


def column_of(x: float, edges: Sequence[Edge]) -> int:
    """The column that holds `x`."""
    return bisect_left(edges, x, key=_AT)


@dataclass(frozen=True, slots=True)
class _Step:
    """From one filled line of a column to the next: how far, which lines, and whether both hold a number."""

    size: float
    first: int
    second: int
    numbers: bool


def _steps(lines: Sequence[Sequence[Piece]], edges: Sequence[Edge]) -> list[_Step]:
    last: dict[int, tuple[int, bool]] = {}
    steps = []
    for index, columns in enumerate(_filled(lines, edges)):
        for column in columns:
            number = column > 0 and has_number(lines[index], edges, column)
            if column in last:
                before, was_number = last[column]
                size = lines[index][0].y - lines[before][0].y
                steps.append(_Step(size, before, index, number and was_number))
            last[column] = index, number
    return steps


def _tight(steps: Sequence[_Step], unit: float) -> float | None:
    """The distance up to which lines are wrapped text; None where there is but one kind of distance."""
    sizes = sorted(step.size for step in steps)
    closest = min((step.size for step in steps if step.numbers), default=float("inf"))
    for smaller, larger in pairwise(sizes):
        if smaller > 1.6 * unit or smaller >= 0.99 * closest:
            return None
        if larger > 1.2 * smaller:
            return (smaller + min(larger, 1.6 * smaller)) / 2
    return None


def _joined_by_steps(
    lines: Sequence[Sequence[Piece]], edges: Sequence[Edge], limit: float
) -> list[list[list[Piece]]]:
    """Rows of lines that a column of wrapped text holds together, whatever stands between them."""
    end = list(range(len(lines)))
    for step in _steps(lines, edges):
        if step.size <= limit:
            end[step.first] = max(end[step.first], step.second)
    rows: list[list[list[Piece]]] = []
    reach = -1
    for index, line in enumerate(lines):
        if index > reach:
            rows.append([])
        rows[-1].append(list(line))
        reach = max(reach, end[index])
    return rows


def _by_first_column(lines: Sequence[Sequence[Piece]], edges: Sequence[Edge]) -> list[list[list[Piece]]]:
    """Every line is a row, except that a line of text without a first column carries on the one before."""
    rows: list[list[list[Piece]]] = []
    for line, columns in zip(lines, _filled(lines, edges), strict=True):
        if rows and _is_beside(line, rows[-1], columns, edges):
            rows[-1].append(list(line))
            continue
        carries_on = (
            rows
            and 0 not in columns
            and len(columns) <= max(1, len(edges) // 2)
            and not any(has_number(line, edges, column) for column in columns)
        )
        if carries_on or (rows and columns == {0} and line[0].text[:1].islower()):
            rows[-1].append(list(line))
        else:
            rows.append([list(line)])
    return rows


def _is_beside(
    line: Sequence[Piece], row: Sequence[Sequence[Piece]], columns: set[int], edges: Sequence[Edge]
) -> bool:
    """Whether the line stands next to the row's last one, lowered by less than a line's height."""
    filled = {column_of(piece.x, edges) for before in row for piece in before}
    return not columns & filled and line[0].y - row[-1][0].y < 0.75 * line[0].box.height


def has_number(line: Iterable[Piece], edges: Sequence[Edge], column: int) -> bool:
    text = " ".join(piece.text for piece in line if column_of(piece.x, edges) == column)
    return bool(text) and is_number(text)


def is_header_line(line: Sequence[Piece], edges: Sequence[Edge]) -> bool:
    """Whether no column but the first holds a number; years may stand in a header."""
    texts: dict[int, str] = {}
    for piece in line:
        column = column_of(piece.x, edges)
        texts[column] = f"{texts[column]} {piece.text}" if column in texts else piece.text
    return not any(column and is_number(text) and not _YEAR.fullmatch(text) for column, text in texts.items())


def many_numbers(lines: Sequence[Sequence[Piece]], edges: Sequence[Edge]) -> bool:
    """Whether some column holds a number on two lines or more: a wrapped cell does not."""
    return any(
        sum(has_number(line, edges, column) for line in lines) >= 2 for column in range(1, len(edges) + 1)
    )
