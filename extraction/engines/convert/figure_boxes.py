"""Where the figures of a PDF page are: pictures, and drawings such as charts and diagrams."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from extraction.engines.blocks import Block, Box, Page
from extraction.engines.convert.captions import is_caption
from extraction.engines.convert.drawing import Drawing, Rect, Rule, around
from extraction.engines.convert.pdf_source import UNREAD, PdfSource
from extraction.engines.convert.tables_grid import is_number

# Shares of the page's area: smaller is an ornament or a logo, larger the page's background.
_SMALLEST, _LARGEST = 0.02, 0.85
# Parts of one drawing are at most about this far apart, in points.
_MESH = 9.0
# Squares are numbered row by row; no page is this many squares wide.
_STRIDE = 1 << 16
_AROUND = tuple(row * _STRIDE + column for row in (-1, 0, 1) for column in (-1, 0, 1))
_SHORTEST_SIDE = 24.0
# A chart or diagram is made of more pieces than a frame or an underlined heading.
_FEW_PIECES = 5
# A caption stands this close, in points: about two lines.
_NEAR = 30.0
_MOST_WORDS = 80
_RUNNING_WORDS = 25
_TEXT = frozenset({"paragraph", "heading", "list_item", "code"})


def find_figures(blocks: Sequence[Block], page: Page, source: PdfSource) -> tuple[Block, ...]:
    """The page's blocks with a figure block for every picture and drawing of some size.

    A figure's text is its caption, which stays a block of its own; text printed inside a figure becomes
    `figure_text`. The layout engine's own figure blocks are replaced.
    """
    signs = source.signs
    own = [block for block in blocks if block.kind == "figure"]
    if not (own or signs is UNREAD or signs.images or signs.figures):
        return tuple(blocks)
    found = figure_rects(blocks, page, source.drawing(page.number))
    kept = [block for block in blocks if block.kind != "figure"]
    for rect in sorted(found, key=lambda rect: (rect.top, rect.left)):
        kept = _with_figure(kept, rect, page)
    return tuple(kept)


def figure_rects(blocks: Sequence[Block], page: Page, drawing: Drawing) -> list[Rect]:
    """The figures' rectangles in points."""
    whole = Rect(0, 0, page.width, page.height)
    tables = [_rect(block.box, page) for block in blocks if block.kind == "table" and block.box]
    parts = [rect for image in drawing.images if (rect := _clipped(image, whole)) is not None]
    parts = [rect for rect in parts if not _is_background(rect, whole)]
    if drawing.whole:
        parts += _drawn(drawing, tables, whole)
    texts = [(block, _rect(block.box, page)) for block in blocks if block.kind in _TEXT and block.box]
    found = [_with_labels(rect, texts) for rect in _merged(parts)]
    return [
        rect
        for rect in _merged(found)
        if _SMALLEST * whole.area <= rect.area < _LARGEST * whole.area
        and min(rect.width, rect.height) >= _SHORTEST_SIDE
        and not _is_text(rect, texts)
        and not any(rect.common(table) > 0.5 * rect.area for table in tables)
    ]


def _is_background(rect: Rect, whole: Rect) -> bool:
    """Whether a picture fills the page, or a side of it from edge to edge."""
    at_edge = (rect.left < 2, rect.top < 2, rect.right > whole.right - 2, rect.bottom > whole.bottom - 2)
    return rect.area >= _LARGEST * whole.area or sum(at_edge) >= 3


def _drawn(drawing: Drawing, tables: Sequence[Rect], whole: Rect) -> list[Rect]:
    """The boxes of drawings: pieces near each other, enough of them to be more than a frame."""
    thin = [Rect(rule.start, rule.at, rule.end, rule.at) for rule in drawing.across]
    thin += [Rect(rule.at, rule.start, rule.at, rule.end) for rule in drawing.down]
    pieces = [rect for rect in (*drawing.shapes, *drawing.fills) if rect.area < 0.5 * whole.area]
    # A line across the page parts texts; it would tie figures together that are strangers.
    pieces += [rect for rect in thin if max(rect.width / whole.width, rect.height / whole.height) < 0.6]
    pieces = [clipped for rect in pieces if (clipped := _clipped(rect, whole)) is not None]
    pieces = [rect for rect in pieces if not any(_middle_in(rect, table.grown(4)) for table in tables)]
    pieces += [scale for scale in _scales(drawing) if _pieces_in(scale, drawing) >= 3]
    curved = set(drawing.shapes)
    found = []
    for group in _clusters(pieces):
        solid = [rect for rect in group if rect in curved or min(rect.width, rect.height) > 0]
        if len(group) >= _FEW_PIECES and len(solid) >= 2:
            found.append(around(group))
    return found


def _scales(drawing: Drawing) -> Iterator[Rect]:
    """The boxes of four or more lines across with the same ends, such as the scale of a chart."""
    ends: dict[tuple[int, int], list[Rule]] = {}
    for rule in drawing.across:
        ends.setdefault((round(rule.start / 4), round(rule.end / 4)), []).append(rule)
    for rules in ends.values():
        if len(rules) >= 4:
            yield around(Rect(rule.start, rule.at, rule.end, rule.at) for rule in rules)


def _pieces_in(rect: Rect, drawing: Drawing) -> int:
    pieces = [*drawing.shapes, *drawing.fills]
    return sum(_middle_in(piece, rect) and piece.height < rect.height for piece in pieces)


def _clusters(rects: Sequence[Rect]) -> Iterator[list[Rect]]:
    """The rectangles grouped by touching squares of a mesh laid over the page."""
    squares: dict[int, list[int]] = {}
    for index, rect in enumerate(rects):
        columns = range(int(rect.left // _MESH), int(rect.right // _MESH) + 1)
        for row in range(int(rect.top // _MESH), int(rect.bottom // _MESH) + 1):
            for column in columns:
                squares.setdefault(row * _STRIDE + column, []).append(index)
    while squares:
        start, members = squares.popitem()
        waiting = [start]
        while waiting:
            square = waiting.pop()
            for step in _AROUND:
                found = squares.pop(square + step, None)
                if found is not None:
                    members += found
                    waiting.append(square + step)
        yield [rects[index] for index in sorted(set(members))]


def _merged(rects: Iterable[Rect]) -> list[Rect]:
    """The rectangles with those that overlap or touch put together."""
    found: list[Rect] = []
    for rect in rects:
        whole = rect
        while touching := [other for other in found if whole.grown(0.5).common(other.grown(0.5)) > 0]:
            found = [other for other in found if other not in touching]
            whole = around([whole, *touching])
        found.append(whole)
    return found


def _with_labels(rect: Rect, texts: Sequence[tuple[Block, Rect]]) -> Rect:
    """The figure with the short texts that stand at its edge, such as the labels of an axis."""
    near = rect.grown(12)
    labels = [
        box
        for block, box in texts
        if _is_label(block.text)
        and box.area < 0.2 * rect.area
        and near.common(box) > 0.6 * box.area
        and block.kind != "heading"
        and not is_caption(block.text)
    ]
    return around([rect, *labels])


def _is_label(text: str) -> bool:
    """Whether it is a few words, or the numbers of a scale."""
    words = text.split()
    return len(words) <= 6 or (len(words) <= 25 and all(map(is_number, words)))


def _is_text(rect: Rect, texts: Sequence[tuple[Block, Rect]]) -> bool:
    """Whether the region is one of text: shaded, framed or printed over a picture."""
    inside = [block.text.split() for block, box in texts if box.common(rect) > 0.6 * box.area]
    words = sum(map(len, inside))
    return words > _MOST_WORDS or sum(len(text) for text in inside if len(text) > _RUNNING_WORDS) > 40


def _with_figure(blocks: Sequence[Block], rect: Rect, page: Page) -> list[Block]:
    caption = _caption(blocks, rect, page)
    text = " ".join(caption.text.split()) if caption is not None else ""
    figure = Block("figure", text, page.number, box=_box(rect, page))
    inside = [block for block in blocks if block is not caption and _is_inside(block, rect, page)]
    place = _place(blocks, inside, caption, rect, page)
    out: list[Block] = []
    for index, block in enumerate([*blocks, None]):
        if index == place:
            out.append(figure)
        if block is not None:
            label = any(block is other for other in inside)
            out.append(replace(block, kind="figure_text", level=0, markup="") if label else block)
    return out


def _is_inside(block: Block, rect: Rect, page: Page) -> bool:
    if block.kind not in _TEXT or block.box is None or is_caption(block.text):
        return False
    box = _rect(block.box, page)
    return len(block.text.split()) <= _RUNNING_WORDS and box.common(rect) > 0.7 * box.area


def _caption(blocks: Sequence[Block], rect: Rect, page: Page) -> Block | None:
    """The nearest caption under the figure, or over it."""
    found: list[tuple[float, Block]] = []
    for block in blocks:
        if block.box is None or not (block.kind == "caption" or is_caption(block.text)):
            continue
        box = _rect(block.box, page)
        common = min(box.right, rect.right) - max(box.left, rect.left)
        below, above = box.top - rect.bottom, rect.top - box.bottom
        distance = max(below, above, 0.0)
        if common > 0.3 * min(box.width, rect.width) and distance <= _NEAR:
            # Between two figures a caption belongs to the one above it.
            found.append((distance + (_NEAR if above > 0 else 0.0), block))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _place(
    blocks: Sequence[Block], inside: Sequence[Block], caption: Block | None, rect: Rect, page: Page
) -> int:
    """The index in reading order at which the figure goes in."""
    for index, block in enumerate(blocks):
        if block is caption or any(block is other for other in inside):
            return index
    for index, block in enumerate(blocks):
        if block.box is None:
            continue
        box = _rect(block.box, page)
        if box.top >= rect.top and min(box.right, rect.right) > max(box.left, rect.left):
            return index
    return len(blocks)


def _clipped(rect: Rect, whole: Rect) -> Rect | None:
    left, top = max(rect.left, whole.left), max(rect.top, whole.top)
    right, bottom = min(rect.right, whole.right), min(rect.bottom, whole.bottom)
    return Rect(left, top, right, bottom) if right >= left and bottom >= top else None


def _middle_in(rect: Rect, other: Rect) -> bool:
    return other.holds((rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2)


def _rect(box: Box, page: Page) -> Rect:
    return Rect(box.x * page.width, box.y * page.height, box.right * page.width, box.bottom * page.height)


def _box(rect: Rect, page: Page) -> Box:
    return Box(
        page.number,
        rect.left / page.width,
        rect.top / page.height,
        rect.width / page.width,
        rect.height / page.height,
    )
