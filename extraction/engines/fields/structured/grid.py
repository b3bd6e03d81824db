"""Which column each word under a header belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extraction.engines.fields.layout import Segment, Span

from .headers import Column

Row = tuple[Segment, ...]


class Grid:
    """The columns of one table with the cuts between them.

    A cut lies between two header cells where the fewest words of the rows below are crossed, in the widest
    such gap: so it does not matter whether cells stand left, right or centred under their header.
    """

    def __init__(self, columns: Sequence[Column], rows: Sequence[Row], width: float) -> None:
        self.columns = tuple(columns)
        self.width = width
        segments = [segment for row in rows for segment in row]
        self.cuts = [_cut(left, right, segments, width) for left, right in pairwise(columns)]

    def column_at(self, x: float) -> int:
        return sum(1 for cut in self.cuts if x >= cut)

    def place(self, row: Row) -> dict[int, list[Span]]:
        """The row's words by column; a text that reaches over a cut is parted at it, word by word."""
        placed: dict[int, list[Span]] = {}
        for segment in row:
            for column, span in self._parts(segment):
                placed.setdefault(column, []).append(span)
        return placed

    def reach(self, segment: Segment) -> int:
        """How many columns a segment reaches over."""
        return self.column_at(segment.x1 - 1) - self.column_at(segment.x0 + 1) + 1

    def _parts(self, segment: Segment) -> list[tuple[int, Span]]:
        whole = Span(segment, 0, len(segment.text))
        if self.reach(segment) == 1:
            return [(self.column_at((segment.x0 + segment.x1) / 2), whole)]
        parts: list[tuple[int, int, int]] = []
        for column, start, end in self._words(segment):
            if parts and parts[-1][0] == column:
                parts[-1] = (column, parts[-1][1], end)
            else:
                parts.append((column, start, end))
        return [(column, Span(segment, start, end)) for column, start, end in parts]

    def _words(self, segment: Segment) -> list[tuple[int, int, int]]:
        """Each word's column, start and end."""
        found = []
        for word, start in zip(segment.words, segment.starts, strict=True):
            middle = (word.box.x + word.box.w / 2) * self.width
            found.append((self.column_at(middle), start, start + len(word.text)))
        return found


def _cut(left: Column, right: Column, segments: Sequence[Segment], width: float) -> float:
    """The best place between two columns, in points from the page's left edge."""
    low, high = left.x0, max(right.x1, left.x0 + 1)
    near = [segment for segment in segments if segment.x1 > low and segment.x0 < high]
    words = [(word.box.x * width, word.box.right * width) for segment in near for word in segment.words]
    inner = {edge for word in words for edge in word if low <= edge <= high}
    gaps = [(start, end) for start, end in pairwise(sorted({left.x1, right.x0, low, high} | inner))]
    if not gaps:
        return (left.x1 + right.x0) / 2
    crossed = {gap: _crossed(sum(gap) / 2, near, words, left, right) for gap in gaps}
    fewest = min(crossed.values())
    start, end = max((gap for gap in gaps if crossed[gap] <= fewest), key=lambda gap: gap[1] - gap[0])
    return (start + end) / 2


def _crossed(
    x: float,
    segments: Sequence[Segment],
    words: Sequence[tuple[float, float]],
    left: Column,
    right: Column,
) -> float:
    """How much a vertical line would cut: a word counts 1, a gap between close words half of it.

    A header cell counts more than all rows together.
    """
    through_header = left.x0 < x < left.x1 or right.x0 < x < right.x1
    cost = (3.0 + len(segments)) * through_header
    through = sum(1.0 for start, end in words if start < x < end)
    return cost + 0.5 * through + 0.5 * sum(1.0 for segment in segments if segment.x0 < x < segment.x1)
