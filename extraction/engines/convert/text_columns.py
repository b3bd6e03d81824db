"""The page's lines for full text: rows across the page, but column by column where text is set in columns.

A label at the left margin and its value at the right one share a row, and forms need that; two columns of
running text side by side do not make one line.
"""

from __future__ import annotations

from collections.abc import Sequence

from extraction.engines.convert.pdf_blocks import Draft
from extraction.engines.convert.pdf_text import Line, Run

# What makes a block running text: this many lines with this many letters each, most of them full.
_LINES = 3
_LETTERS = 20
_FULL = 0.8
_MOST = 200


def text_lines(rows: Sequence[Line], drafts: Sequence[Draft]) -> list[Line]:
    """The page's rows, parted and ordered by column where `drafts` (in reading order) stand in columns."""
    columns = _columns(drafts)
    if not columns:
        return list(rows)
    keyed: list[tuple[int, int, Line]] = []
    place = 0
    for number, row in enumerate(rows):
        for index, runs in _by_draft(row, drafts, columns):
            place = index if index is not None else place
            keyed.append((place, number, Line(runs)))
    keyed.sort(key=lambda entry: entry[:2])
    return [line for _, _, line in keyed]


def _columns(drafts: Sequence[Draft]) -> set[int]:
    """The indices of the drafts that are columns of running text beside another one."""
    running = [index for index, draft in enumerate(drafts) if _is_running(draft)][:_MOST]
    found: set[int] = set()
    for place, one in enumerate(running):
        for other in running[place + 1 :]:
            if _beside(drafts[one], drafts[other]):
                found |= {one, other}
    return found


def _is_running(draft: Draft) -> bool:
    if draft.kind not in ("paragraph", "list_item", "footnote") or len(draft.lines) < _LINES:
        return False
    width = draft.x1 - draft.x0
    inner = draft.lines[:-1]
    full = sum(line.x1 - line.x0 > _FULL * width for line in inner)
    return full >= _FULL * len(inner) and len(draft.text) > _LETTERS * len(draft.lines)


def _beside(one: Draft, other: Draft) -> bool:
    apart = one.x1 <= other.x0 or other.x1 <= one.x0
    return apart and one.y0 < other.y1 and other.y0 < one.y1


def _by_draft(row: Line, drafts: Sequence[Draft], columns: set[int]) -> list[tuple[int | None, list[Run]]]:
    """The row's runs in parts: a part ends where a column of text begins or ends."""
    parts: list[tuple[int | None, list[Run]]] = []
    for run in row.runs:
        index = _draft_at(run, drafts)
        if parts and not _parted(parts[-1][0], index, columns):
            parts[-1][1].append(run)
        else:
            parts.append((index, [run]))
    return parts


def _draft_at(run: Run, drafts: Sequence[Draft]) -> int | None:
    x, y = (run.x0 + run.x1) / 2, run.middle
    for index, draft in enumerate(drafts):
        if draft.x0 - 1 <= x <= draft.x1 + 1 and draft.y0 - 1 <= y <= draft.y1 + 1:
            return index
    return None


def _parted(before: int | None, after: int | None, columns: set[int]) -> bool:
    return before != after and before is not None and after is not None and bool({before, after} & columns)
