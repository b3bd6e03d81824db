"""Where a page may hold tables: grids and stacks of drawn lines, and runs of lines with the same gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from extraction.engines.convert.drawing import Drawing, Rect, Rule, around
from extraction.engines.convert.tables_grid import (
    Piece,
    lines_of,
    segments,
    space_of,
    text_gaps,
    unit_of,
)

# Lines that meet within this many points belong to one grid; two stacked ones share their ends within _SAME.
_TOUCH = 3.0
_SAME = 4.0
# More than that side by side is running text in columns.
_MAX_CELL_WORDS = 6
_MAX_CELL_WIDTH = 0.3
CAPTION = re.compile(r"(table|tabelle|tab\.|tableau|tabla|tabela|tabel|figure|fig\.|abb)", re.I)


def ruled_regions(drawing: Drawing, pieces: Sequence[Piece], page: Rect) -> list[Rect]:
    """The rectangles of grids (lines across and down) and of stacks of three or more lines across."""
    grids = [rect for rect in _grids(drawing) if rect.area < 0.95 * page.area]
    grids = [rect for rect in grids if not any(rect is not o and _inside(rect, o) for o in grids)]
    free = [rule for rule in drawing.across if not any(_within(rule, rect) for rect in grids)]
    return [rect for rect in [*grids, *_stacks(free, pieces)] if not is_scale(rect, drawing, pieces)]


def is_scale(rect: Rect, drawing: Drawing, pieces: Sequence[Piece]) -> bool:
    """Whether the lines are those of a chart's scale, with labels level with them instead of between them."""
    wide = Rect(rect.left - 40, rect.top - 5, rect.right + 40, rect.bottom + 5)
    lines = lines_of(piece for piece in pieces if wide.holds(piece.x, piece.y))
    levels = [rule.at for rule in drawing.across if _within(rule, rect)]
    if len(levels) < 4 or not lines:
        return False
    on_line = sum(any(abs(line[0].y - at) < 0.2 * line[0].box.height for at in levels) for line in lines)
    return on_line > 0.3 * len(lines)


def _grids(drawing: Drawing) -> list[Rect]:
    """The boxes of lines that touch each other, where two run across and one runs down between or at them."""
    across = [rule for rule in drawing.across if rule.length > 8]
    down = [rule for rule in drawing.down if rule.length > 8]
    group = list(range(len(across) + len(down)))
    for i, h in enumerate(across):
        for j, v in enumerate(down, start=len(across)):
            meets_x = h.start - _TOUCH <= v.at <= h.end + _TOUCH
            if meets_x and v.start - _TOUCH <= h.at <= v.end + _TOUCH:
                _unite(group, i, j)
    members: dict[int, list[int]] = {}
    for index in range(len(group)):
        members.setdefault(_root(group, index), []).append(index)
    found = []
    for indices in members.values():
        flat = [across[i] for i in indices if i < len(across)]
        tall = [down[i - len(across)] for i in indices if i >= len(across)]
        if len(flat) >= 2 and tall and len(flat) + len(tall) >= 5:
            found.append(_box(flat, tall))
    return found


def _box(flat: Sequence[Rule], tall: Sequence[Rule]) -> Rect:
    return Rect(
        min([rule.start for rule in flat] + [rule.at for rule in tall]),
        min([rule.at for rule in flat] + [rule.start for rule in tall]),
        max([rule.end for rule in flat] + [rule.at for rule in tall]),
        max([rule.at for rule in flat] + [rule.end for rule in tall]),
    )


def _root(group: list[int], index: int) -> int:
    while group[index] != index:
        group[index] = group[group[index]]
        index = group[index]
    return index


def _unite(group: list[int], one: int, other: int) -> None:
    group[_root(group, one)] = _root(group, other)


def _inside(rect: Rect, other: Rect) -> bool:
    return rect.common(other) > 0.9 * rect.area and rect.area < other.area


def _within(rule: Rule, rect: Rect) -> bool:
    grown = rect.grown(_TOUCH)
    return grown.holds((rule.start + rule.end) / 2, rule.at)


def _stacks(rules: Sequence[Rule], pieces: Sequence[Piece]) -> Iterator[Rect]:
    """Lines across above one another, as wide as each other, with text in columns between them."""
    chains: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        chain = next(
            (chain for chain in reversed(chains) if rule.length > 30 and _continues(chain, rule)), None
        )
        if chain is None:
            chains.append([rule])
        else:
            chain.append(rule)
    for chain in chains:
        inner = [rule for rule in rules if _is_between(rule, chain)]
        if len(chain) >= 3 or (len(chain) == 2 and inner):
            yield from _parts(chain, pieces)


def _is_between(rule: Rule, chain: Sequence[Rule]) -> bool:
    """Whether a shorter line lies between the first line of the stack and its last."""
    within = chain[0].start - _SAME < rule.start and rule.end < chain[0].end + _SAME
    return within and chain[0].at < rule.at < chain[-1].at


def _continues(chain: Sequence[Rule], rule: Rule) -> bool:
    widest = max(chain, key=lambda rule: rule.length)
    same_end = abs(widest.start - rule.start) < _SAME or abs(widest.end - rule.end) < _SAME
    common = min(widest.end, rule.end) - max(widest.start, rule.start)
    return same_end and common > 0.6 * max(widest.length, rule.length)


def _parts(chain: Sequence[Rule], pieces: Sequence[Piece]) -> Iterator[Rect]:
    """The stack cut where running text or an empty stretch parts two tables."""
    left, right = min(rule.start for rule in chain), max(rule.end for rule in chain)
    part = [chain[0]]
    for upper, lower in pairwise(chain):
        band = Rect(left - _TOUCH, upper.at, right + _TOUCH, lower.at)
        if _parts_tables([piece for piece in pieces if band.holds(piece.x, piece.y)], band):
            if len(part) >= 2:
                yield Rect(left, part[0].at, right, part[-1].at)
            part = []
        part.append(lower)
    if len(part) >= 2:
        yield Rect(left, part[0].at, right, part[-1].at)


def _parts_tables(pieces: Sequence[Piece], band: Rect) -> bool:
    if not pieces:
        return band.height > 30
    lines = lines_of(pieces)
    unit = unit_of(pieces)
    return len(lines) >= 2 and all(len(segments(line, unit)) == 1 for line in lines)


def text_regions(pieces: Sequence[Piece], page: Rect) -> list[Rect]:
    """The boxes of runs of lines with three or more short texts side by side, wherever they stand."""
    runs: list[tuple[Rect, int]] = []
    for row in _short_rows(pieces, page):
        near = next((i for i, (box, _) in reversed(list(enumerate(runs))) if _carries_on(box, row)), None)
        if near is None:
            runs.append((row, 1))
        else:
            runs[near] = around([runs[near][0], row]), runs[near][1] + 1
    return [box for box, count in runs if count >= 3 and _is_aligned(box, count, pieces)]


def _is_aligned(box: Rect, rows: int, pieces: Sequence[Piece]) -> bool:
    """Whether most lines in the box are such rows, and share two gaps: loosely set text has neither."""
    inside = [piece for piece in pieces if box.holds(piece.x, piece.y)]
    lines = lines_of(inside)
    return rows >= 0.5 * len(lines) and len(text_gaps(lines, unit_of(inside))) >= 2


def _short_rows(pieces: Sequence[Piece], page: Rect) -> Iterator[Rect]:
    for line in lines_of(pieces):
        unit = unit_of(line)
        row: list[Rect] = []
        for part in [*segments(line, 0.9 * unit), None]:
            box = around(piece.box for piece in part) if part else None
            if part and box and len(part) <= _MAX_CELL_WORDS and box.width < _MAX_CELL_WIDTH * page.width:
                row.append(box)
                continue
            if len(row) >= 3:
                yield around(row)
            row = []


def _carries_on(box: Rect, row: Rect) -> bool:
    common = min(box.right, row.right) - max(box.left, row.left)
    gap = row.top - box.bottom
    return common > 0.5 * min(box.width, row.width) and gap < 3.5 * row.height


def trimmed(region: Rect, pieces: Sequence[Piece]) -> Rect:
    """The region without the running text and the caption at its top and bottom."""
    lines = lines_of(piece for piece in pieces if region.grown(1).holds(piece.x, piece.y))
    while len(lines) > 2 and _is_running(lines[0], region):
        lines = lines[1:]
    while len(lines) > 2 and _is_running(lines[-1], region):
        lines = lines[:-1]
    return around(piece.box for line in lines for piece in line) if lines else region


def _is_running(line: Sequence[Piece], region: Rect) -> bool:
    unit = unit_of(line)
    if len(segments(line, max(space_of(line, unit), 0.6 * unit))) > 1:
        return False
    width = line[-1].box.right - line[0].box.left
    return width > 0.7 * region.width or bool(len(line) > 2 and CAPTION.match(line[0].text))


def grown(region: Rect, pieces: Sequence[Piece], drawing: Drawing) -> Rect:
    """The region with the rows above and below that fit its columns or stand before the next drawn line."""
    inside = [piece for piece in pieces if region.grown(1).holds(piece.x, piece.y)]
    if len(inside) < 2:
        return region
    unit = unit_of(inside)
    gaps = text_gaps(lines_of(inside), unit)
    beside = [p for p in pieces if region.left - unit < p.x < region.right + unit]
    above = [line for line in reversed(lines_of(p for p in beside if p.y < region.top - 1))]
    below = lines_of(p for p in beside if p.y > region.bottom + 1)
    for upward, lines in ((True, above), (False, below)):
        limit = _rule_beyond(region, drawing, upward=upward)
        for line in lines:
            box = around(piece.box for piece in line)
            far = region.top - box.bottom if upward else box.top - region.bottom
            enclosed = limit is not None and (box.top > limit if upward else box.bottom < limit)
            if far > 1.2 * unit or not (enclosed or _fits(line, gaps, region, unit)):
                break
            region = around([region, box])
    return region


def _rule_beyond(region: Rect, drawing: Drawing, *, upward: bool) -> float | None:
    """The y of the nearest line across that is as wide as the region, within a few lines of text."""
    edge = region.top if upward else region.bottom
    found = [
        rule.at
        for rule in drawing.across
        if min(rule.end, region.right) - max(rule.start, region.left) > 0.9 * region.width
        and rule.length < 1.3 * region.width
        and (edge - 60 < rule.at < edge if upward else edge < rule.at < edge + 60)
    ]
    return (min(found) if upward else max(found)) if found else None


def _fits(line: Sequence[Piece], gaps: Sequence[tuple[float, float]], region: Rect, unit: float) -> bool:
    """Whether the line is one of the table's: several texts, each within a column or centred over some."""
    if CAPTION.match(line[0].text) or not gaps:
        return False
    parts = segments(line, max(space_of(line, unit), 0.6 * unit))
    spans = [(part[0].box.left, part[-1].box.right) for part in parts]
    outside = any(left < region.left - unit or right > region.right + unit for left, right in spans)
    crossing = sum(any(left < gap[0] and right > gap[1] for gap in gaps) for left, right in spans)
    if outside or crossing > len(spans) // 2:
        return False
    return len(parts) >= 2 or spans[0][0] > gaps[0][0]
