"""The layout engine's blocks as ours, and each block's lines out of what is printed in its box."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from extraction.engines.blocks import Block, BlockKind, Box, Cell, Page
from extraction.engines.convert.bidi import has_rtl
from extraction.engines.convert.inline import Piece
from extraction.engines.convert.markup import plain_text
from extraction.engines.convert.pdf_text import Line, Run, lines_of_runs

_KINDS: dict[str, BlockKind] = {
    "heading": "heading",
    "list_item": "list_item",
    "code": "code",
    "figure": "figure",
}
# These keep what the engine (or the step that found them) says of them.
_CLOSED = frozenset({"table", "figure", "figure_text", "code"})
_NOT_LETTERS = re.compile(r"[\W_]+")
# Pages with more blocks times runs are machine-made; the engine's own text does for them.
MAX_PAIRS = 1_000_000
MAX_PARTS = 500


@dataclass(slots=True)
class Draft:
    """A block in the making. `lines` are empty where its text could not be found on the page line by line.

    Lengths are in points; `size`, `bold` and the like are those of most of its letters.
    """

    block: Block
    kind: BlockKind
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    lines: list[Line] = field(default_factory=list)
    size: float = 0.0
    weight: int = 400
    bold: bool = False
    italic: bool = False
    mono: bool = False
    font: str = ""
    level: int = 0
    marker: str = ""
    ordered: bool = False
    mark: str = ""
    pieces: list[Piece] = field(default_factory=list)
    # The last of the drafts that were joined to this one.
    last: Draft | None = None

    @property
    def page(self) -> int:
        return self.block.page

    @property
    def words(self) -> int:
        return len(self.text.split())


def blocks_of(page: Any) -> Iterator[Block]:
    """liteparse's blocks of one page as ours, boxes as fractions of the page."""
    for source in page.blocks or []:
        block = _table(source, page) if source.kind == "table" else _text_block(source, page)
        if block is not None:
            yield block


def _text_block(source: Any, page: Any) -> Block | None:
    if source.kind == "rule":
        return None
    lines = source.lines or []
    text = "\n".join(lines) if lines else plain_text(source.text or "")
    kind = _KINDS.get(source.kind, "paragraph")
    if not text.strip() and kind != "figure":
        return None
    return Block(
        kind=kind,
        text=text,
        page=page.page_num,
        box=_box(source.bbox, page),
        level=source.level or (1 if kind == "heading" else 0),
        ordered=bool(source.ordered),
        marker=(source.marker or "") if source.ordered else "",
    )


def _table(source: Any, page: Any) -> Block | None:
    header = [source.header] if source.header else []
    rows = [*header, *(source.rows or [])]
    cells = tuple(
        Cell(row, col, plain_text(cell.text), header=bool(header) and row == 0, box=_box(cell.bbox, page))
        for row, line in enumerate(rows)
        for col, cell in enumerate(line)
    )
    text = "\n".join("\t".join(plain_text(cell.text) for cell in line) for line in rows)
    return Block("table", text, page.page_num, box=_box(source.bbox, page), cells=cells) if cells else None


def _box(rect: Any, page: Any) -> Box | None:
    """The part of the rectangle that is on the page, in fractions of it; None if there is none."""
    if rect is None:
        return None
    x, y = max(rect.x / page.width, 0.0), max(rect.y / page.height, 0.0)
    right = min((rect.x + rect.width) / page.width, 1.0)
    bottom = min((rect.y + rect.height) / page.height, 1.0)
    return Box(page.page_num, x, y, right - x, bottom - y) if right > x and bottom > y else None


def drafts_of(blocks: Sequence[Block], runs: Sequence[Run], width: float, height: float) -> list[Draft]:
    """One draft per block, in the same order, with the lines printed in its box."""
    drafts = [draft_of_block(block, width, height) for block in blocks]
    if len(drafts) * len(runs) > MAX_PAIRS:
        return drafts
    owned: list[list[Run]] = [[] for _ in drafts]
    orphans: list[Run] = []
    for run in runs:
        owner = _owner(run, drafts)
        (orphans if owner is None else owned[owner]).append(run)
    for draft, its in zip(drafts, owned, strict=True):
        if its and orphans and draft.kind == "heading":
            its.extend(_rest_of(draft, its, orphans))
        if its:
            _describe(draft, its)
            if draft.kind not in _CLOSED:
                _set_lines(draft, lines_of_runs(its))
    return _with_orphans(drafts, orphans, width)


def _rest_of(draft: Draft, its: Sequence[Run], orphans: list[Run]) -> list[Run]:
    """The further lines of a heading, taken from `orphans`: the engine's box holds only its first line."""
    missing = draft.text
    for run in its:
        missing = missing.replace(run.text, "", 1)
    reach = draft.y1 + 3 * its[0].size
    rest = [run for run in orphans if draft.y0 <= run.y0 <= reach and run.text in missing and not run.turned]
    for run in rest:
        orphans.remove(run)
        draft.x0, draft.x1 = min(draft.x0, run.x0), max(draft.x1, run.x1)
        draft.y1 = max(draft.y1, run.y1)
    return rest


def _with_orphans(drafts: list[Draft], orphans: Sequence[Run], width: float) -> list[Draft]:
    """The drafts with what the engine left out; text along the left edge comes first."""
    lost = [run for run in orphans if _letters(run.text)]
    if not lost:
        return drafts
    like = drafts[0] if drafts else None
    if like is None:
        return drafts
    edge = [run for run in lost if run.turned]
    for line in lines_of_runs([run for run in lost if not run.turned]):
        above = [index for index, draft in enumerate(drafts) if draft.y1 <= line.y0 + 1]
        drafts.insert(above[-1] + 1 if above else 0, draft_of_lines(like, [line]))
    if edge:
        aside = draft_of_lines(like, [Line([run]) for run in edge])
        drafts.insert(0 if aside.x1 < 0.15 * width else len(drafts), aside)
    return drafts


def draft_of_block(block: Block, width: float, height: float) -> Draft:
    """The block in the making; `width` and `height` are the page's, in points."""
    box = block.box or Box(block.page, 0.0, 0.0, 0.0, 0.0)
    return Draft(
        block,
        block.kind,
        block.text,
        box.x * width,
        box.y * height,
        box.right * width,
        box.bottom * height,
        level=block.level,
        marker=block.marker,
        ordered=block.ordered,
    )


def _owner(run: Run, drafts: Sequence[Draft]) -> int | None:
    x, y = (run.x0 + run.x1) / 2, run.middle
    inside = [
        index
        for index, draft in enumerate(drafts)
        if draft.x0 - 1 <= x <= draft.x1 + 1 and draft.y0 - 1 <= y <= draft.y1 + 1
    ]
    if len(inside) < 2:
        return inside[0] if inside else None
    telling = [index for index in inside if run.text in drafts[index].text] or inside
    return min(telling, key=lambda index: _area(drafts[index]))


def _area(draft: Draft) -> float:
    return (draft.x1 - draft.x0) * (draft.y1 - draft.y0)


def _set_lines(draft: Draft, lines: list[Line]) -> None:
    """Take the lines if they hold the block's letters; the engine's text stands where they do not."""
    found = _letters("".join([run.text for line in lines for run in line.runs]))
    known = _letters(draft.text)
    if draft.kind == "list_item" and len(found) > len(known) and found.endswith(known):
        draft.lines = _without_mark(lines, len(found) - len(known))
    elif found == known:
        draft.lines = lines
    elif has_rtl(known) and sorted(found) == sorted(known):
        # The engine reads its words from left to right.
        draft.lines = lines
    elif len(found) == len(known):
        draft.lines = _in_order(lines, known)
    if draft.lines:
        draft.text = " ".join([line.text for line in draft.lines])


def _without_mark(lines: list[Line], letters: int) -> list[Line]:
    """The lines of a list item without its mark, which is `letters` letters or figures long."""
    first = lines[0].runs[0]
    mark, *words = first.words
    if _letters(mark[0]) and len(_letters(mark[0])) != letters:
        return lines
    if not words:
        return [Line(lines[0].runs[1:]), *lines[1:]] if len(lines[0].runs) > 1 else lines[1:]
    rest = replace(first, text=" ".join([word[0] for word in words]), x0=words[0][1], words=words)
    return [Line([rest, *lines[0].runs[1:]]), *lines[1:]]


def _in_order(lines: Sequence[Line], known: str) -> list[Line]:
    """The lines in the engine's order where it read one column after the other; none if they do not fit."""
    parts = [part for line in lines for part in _parts(line)]
    if len(parts) > MAX_PARTS:
        return []
    letters = [_letters("".join([run.text for run in part.runs])) for part in parts]
    ordered: list[Line] = []
    position = 0
    while position < len(known):
        fitting = [i for i, text in enumerate(letters) if text and known.startswith(text, position)]
        if not fitting:
            return []
        longest = max(fitting, key=lambda index: len(letters[index]))
        ordered.append(parts[longest])
        position += len(letters[longest])
        letters[longest] = ""
    return ordered


def _parts(line: Line) -> Iterator[Line]:
    """The line cut where its runs are further apart than words are."""
    part: list[Run] = []
    for run in line.runs:
        if part and run.x0 - part[-1].x1 > 0.6 * run.size:
            yield Line(part)
            part = []
        part.append(run)
    yield Line(part)


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text)


def draft_of_lines(like: Draft, lines: list[Line], kind: BlockKind = "paragraph") -> Draft:
    """A new draft of these lines, on the page of another one."""
    block = Block(kind, "", like.page, source=like.block.source)
    draft = Draft(block, kind, "", 0.0, 0.0, 0.0, 0.0, lines)
    describe(draft)
    return draft


def block_of_lines(lines: Sequence[Line], page: Page) -> Block:
    """A paragraph of these lines, its box as fractions of the page."""
    x0, y0 = min(line.x0 for line in lines), min(line.y0 for line in lines)
    x1, y1 = max(line.x1 for line in lines), max(line.y1 for line in lines)
    box = Box(page.number, x0 / page.width, y0 / page.height, (x1 - x0) / page.width, (y1 - y0) / page.height)
    return Block("paragraph", "\n".join(line.text for line in lines), page.number, box)


def describe(draft: Draft) -> None:
    """Give the draft the style, the box and the text of its lines."""
    runs = [run for line in draft.lines for run in line.runs]
    _describe(draft, runs)
    draft.x0, draft.y0 = min(run.x0 for run in runs), min(run.y0 for run in runs)
    draft.x1, draft.y1 = max(run.x1 for run in runs), max(run.y1 for run in runs)
    draft.text = " ".join(line.text for line in draft.lines)


def _describe(draft: Draft, runs: Sequence[Run]) -> None:
    letters: Counter[tuple[float, str]] = Counter()
    bold = italic = mono = total = heavy = 0
    for run in runs:
        count = len(run.text)
        letters[run.size, run.font] += count
        total += count
        bold += count * run.bold
        italic += count * run.face.italic
        mono += count * run.face.mono
        heavy += count * run.weight
    (draft.size, draft.font), _ = letters.most_common(1)[0]
    draft.bold, draft.italic, draft.mono = bold > 0.8 * total, italic > 0.8 * total, mono > 0.9 * total
    draft.weight = heavy // total


def split_lines(draft: Draft) -> list[Draft]:
    """One draft per line."""
    return [draft_of_lines(draft, [line], draft.kind) for line in draft.lines]
