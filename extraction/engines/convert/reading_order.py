"""Reading order by white space: a recursive XY-cut, and text blocks torn across columns put right.

The XY-cut follows Nagy and Seth (1984): a region is cut at its white bands until none is left, here columns
before rows wherever a band of white runs down the whole region.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from extraction.engines.convert.pdf_text import Line, Run

Rect = tuple[float, float, float, float]
_MAX_DEPTH = 40
# A column is at least this share of its region's height.
_COLUMN_SHARE = 0.2
_COLUMN_LETTERS = 100
# More rows than this are no text set in columns, but lines of a plot or a form.
_MAX_ROWS = 60
# A gutter is at least this many letter heights wide, and this many lines high on both sides.
_GUTTER = 0.6
_GUTTER_LINES = 4
# Running text has more letters on a line than labels and figures have.
_TEXT_LETTERS = 14
# Words of one heading are never further apart, in letter heights; a number may stand that far from its title.
_HEADING_GAP = 2.0
_HEADING_LETTERS = 4


def xy_cut(rects: Sequence[Rect], letters: Sequence[int], *, gutter: float) -> list[int]:
    """The rectangles' indices in reading order; white bands wider than `gutter` points part columns.

    `letters` are how many each rectangle holds: labels side by side are not columns, running text is.
    """
    cut = _Cut(rects, letters, gutter)
    order: list[int] = []
    stack: list[tuple[list[int], int]] = [(list(range(len(rects))), 0)]
    while stack:
        part, depth = stack.pop()
        parts = cut.pieces(part) if len(part) > 1 and depth < _MAX_DEPTH else [part]
        if len(parts) == 1:
            order += sorted(part, key=lambda index: (rects[index][1], rects[index][0]))
        else:
            stack += [(piece, depth + 1) for piece in reversed(parts)]
    return order


@dataclass(frozen=True, slots=True)
class _Cut:
    rects: Sequence[Rect]
    letters: Sequence[int]
    gutter: float

    def pieces(self, part: list[int]) -> list[list[int]]:
        columns = self.columns(part)
        return columns if len(columns) > 1 else self.rows(part)

    def rows(self, part: list[int]) -> list[list[int]]:
        """The part's rows; those that share gutters stay together, as a figure leaves white in one column."""
        rows = _bands(part, self.rects, 1, 0.0)
        if len(rows) > _MAX_ROWS:
            return rows
        grouped: list[list[int]] = []
        start = 0
        while start < len(rows):
            end = start + 1
            for last in range(len(rows), start + 1, -1):
                together = [index for row in rows[start:last] for index in row]
                if len(together) < len(part) and len(self.columns(together)) > 1:
                    end = last
                    break
            grouped.append([index for row in rows[start:end] for index in row])
            start = end
        return grouped

    def columns(self, part: list[int]) -> list[list[int]]:
        """The part's columns, if each is one: high enough, and with enough text."""
        columns = _bands(part, self.rects, 0, self.gutter)
        if len(columns) == 1:
            return columns
        least = _COLUMN_SHARE * self._height(part)
        if all(self._height(column) > least and self._text(column) for column in columns):
            return columns
        return [part]

    def _height(self, part: list[int]) -> float:
        return max(self.rects[i][3] for i in part) - min(self.rects[i][1] for i in part)

    def _text(self, part: list[int]) -> bool:
        return sum(self.letters[index] for index in part) >= _COLUMN_LETTERS


def _bands(part: list[int], rects: Sequence[Rect], axis: int, least: float) -> list[list[int]]:
    """The part in pieces that white bands wider than `least` separate along an axis (0: x, 1: y)."""
    ordered = sorted(part, key=lambda index: rects[index][axis])
    pieces = [[ordered[0]]]
    reach = rects[ordered[0]][axis + 2]
    for index in ordered[1:]:
        if rects[index][axis] > reach + least:
            pieces.append([])
        pieces[-1].append(index)
        reach = max(reach, rects[index][axis + 2])
    return pieces


def agreement(order: Sequence[int]) -> float:
    """How much of an order 0 … n-1 another one keeps (0–1): the share of pairs that stay in sequence."""
    count = len(order)
    if count < 2:
        return 1.0
    kept = sum(order[i] < order[j] for i in range(count) for j in range(i + 1, count))
    return kept / (count * (count - 1) / 2)


def columns_of(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines as columns from left to right where running text in columns was read across; else as is."""
    gutter = _gutter(lines)
    if gutter is None:
        return [list(lines)]
    left = _side(lines, lambda run: run.x1 <= gutter)
    right = _side(lines, lambda run: run.x0 >= gutter)
    return [*columns_of(left), *columns_of(right)]


def stretches_of(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines in stretches that run downwards: a paragraph may go on at the top of the next column."""
    part: list[Line] = []
    for line in lines:
        if part and line.y1 < part[-1].y0:
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def side_by_side(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines in parts from left to right, if white space two letters wide runs down between them.

    For headings over neighbouring columns: nothing but the gap says that they are two. None for one part.
    """
    spans = sorted((run.x0, run.x1, run.size) for line in lines for run in line.runs)
    edges: list[float] = []
    reach = spans[0][1] if spans else 0.0
    for start, end, size in spans:
        if start - reach > _HEADING_GAP * size:
            edges.append((reach + start) / 2)
        reach = max(reach, end)
    if not edges:
        return []
    bounds = [-math.inf, *edges, math.inf]
    parts = [_side(lines, partial(_between, left, right)) for left, right in pairwise(bounds)]
    letters = [_letters([run for line in part for run in line.runs]) for part in parts]
    return parts if min(letters) >= _HEADING_LETTERS else []


def _between(left: float, right: float, run: Run) -> bool:
    return left < (run.x0 + run.x1) / 2 <= right


def _side(lines: Sequence[Line], belongs: Callable[[Run], bool]) -> list[Line]:
    sides = (Line([run for run in line.runs if belongs(run)]) for line in lines)
    return [line for line in sides if line.runs]


def _gutter(lines: Sequence[Line]) -> float | None:
    """The x of a white band down all lines with running text on both sides; None without one."""
    if len(lines) < _GUTTER_LINES or all(len(line.runs) == 1 for line in lines):
        return None
    runs = [run for line in lines for run in line.runs]
    least = _GUTTER * sorted(run.size for run in runs)[len(runs) // 2]
    spans = sorted((run.x0, run.x1) for run in runs)
    reach = spans[0][1]
    for (_, _), (start, end) in pairwise(spans):
        if start - reach > least and _is_text(lines, reach, start):
            return (reach + start) / 2
        reach = max(reach, end)
    return None


def _is_text(lines: Sequence[Line], left: float, right: float) -> bool:
    """Whether both sides of a band are running text: most lines long, the right ones beginning at one x."""
    before = [[run for run in line.runs if run.x1 <= left] for line in lines]
    after = [[run for run in line.runs if run.x0 >= right] for line in lines]
    for side in (before, after):
        full = [runs for runs in side if runs]
        if len(full) < _GUTTER_LINES or sum(map(_letters, full)) < _TEXT_LETTERS * len(full):
            return False
    starts = [min(run.x0 for run in runs) for runs in after if runs]
    return sum(start - right < 1.5 for start in starts) >= 0.6 * len(starts)


def _letters(runs: Sequence[Run]) -> int:
    return sum(len(run.text) for run in runs)
