"""What a PDF page draws besides text: lines, fills, shapes and pictures, in points from its top left."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

# Pages of ordinary documents hold a few hundred objects; maps and plots hold tens of thousands.
MAX_OBJECTS = 3000
MAX_SEGMENTS = 400
MAX_ALL_SEGMENTS = 12_000
# More lines than this are a map or a hatching; as a table they would be unreadable.
MAX_RULES = 800
_MAX_DEPTH = 3
# Thinner than this an area is a line, in points.
_THIN = 2.5
_SHORT = 4.0

Matrix = tuple[float, float, float, float, float, float]


class Rect(NamedTuple):
    """A rectangle in points, origin top left of the page as shown."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return max(self.width, 0.0) * max(self.height, 0.0)

    def common(self, other: Rect) -> float:
        """The area both share, in square points."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(width, 0.0) * max(height, 0.0)

    def grown(self, by: float) -> Rect:
        return Rect(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom


def around(rects: Iterable[Rect]) -> Rect:
    """The smallest rectangle around all of them; there must be one."""
    first, *rest = rects
    left, top, right, bottom = first.left, first.top, first.right, first.bottom
    for rect in rest:
        left, top = min(left, rect.left), min(top, rect.top)
        right, bottom = max(right, rect.right), max(bottom, rect.bottom)
    return Rect(left, top, right, bottom)


class Rule(NamedTuple):
    """A straight line along an axis: `at` is its y (across) or x (down); it runs from `start` to `end`."""

    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Drawing:
    """`across` and `down` are ruling lines, `fills` coloured areas, `shapes` everything else that is drawn,
    `images` pictures. `whole` is False where the page holds more than is looked at."""

    across: tuple[Rule, ...] = ()
    down: tuple[Rule, ...] = ()
    fills: tuple[Rect, ...] = ()
    shapes: tuple[Rect, ...] = ()
    images: tuple[Rect, ...] = ()
    whole: bool = True


class _Collector:
    def __init__(self, page: Any, width: float, height: float) -> None:
        self.to_page = _to_page(page, width, height)
        self.left = MAX_OBJECTS
        self.segments_left = MAX_ALL_SEGMENTS
        self.across: list[Rule] = []
        self.down: list[Rule] = []
        self.fills: list[Rect] = []
        self.shapes: list[Rect] = []
        self.images: list[Rect] = []

    def walk(self, holder: Any, count: Any, get: Any, matrix: Matrix, depth: int) -> None:
        for index in range(count(holder)):
            if self.left <= 0:
                return
            self.left -= 1
            item = get(holder, index)
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._path(item, matrix)
            elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING):
                box = _bounds(item, matrix)
                if box is not None:
                    (self.images if kind == pdfium.FPDF_PAGEOBJ_IMAGE else self.shapes).append(box)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
                inner = _times(_matrix(item), matrix)
                self.walk(
                    item, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, inner, depth + 1
                )

    def _path(self, item: Any, matrix: Matrix) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not pdfium.FPDFPath_GetDrawMode(item, fill, stroke) or not (fill.value or stroke.value):
            return
        box = _bounds(item, matrix)
        filled = bool(fill.value) and not _is_white(item)
        if box is None or not (filled or stroke.value):
            return
        if min(box.width, box.height) <= _THIN:
            self._line(box)
            return
        count = pdfium.FPDFPath_CountSegments(item)
        self.segments_left -= max(count, 0)
        if 0 < count <= MAX_SEGMENTS and self.segments_left > 0:
            parts = _parts(item, _times(_matrix(item), matrix), count)
            self._straight(parts, box, stroked=bool(stroke.value), filled=filled)
        else:
            self.shapes.append(box)

    def _straight(self, parts: list[list[Rect]], box: Rect, *, stroked: bool, filled: bool) -> None:
        """Straight strokes along the axes are rules, areas bounded by them fills; the rest is a shape."""
        if not parts:
            self.shapes.append(box)
        for part in parts:
            if stroked:
                for side in part:
                    self._line(side)
            if filled:
                self._area(around(part))

    def _line(self, box: Rect) -> None:
        if box.width >= box.height and box.width >= _SHORT:
            self.across.append(Rule((box.top + box.bottom) / 2, box.left, box.right))
        elif box.height > box.width and box.height >= _SHORT:
            self.down.append(Rule((box.left + box.right) / 2, box.top, box.bottom))

    def _area(self, box: Rect) -> None:
        if min(box.width, box.height) <= _THIN:
            self._line(box)
        else:
            self.fills.append(box)


def _parts(item: Any, matrix: Matrix, count: int) -> list[list[Rect]]:
    """The sides of each piece of a path of lines along the axes; empty if it has any other line."""
    parts: list[list[Rect]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO or not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            return []
        point = _apply(matrix, x.value, y.value)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
            parts.append([])
        elif not parts or not _along_axis(last, point):
            return []
        else:
            parts[-1].append(_span(last, point))
        if parts and pdfium.FPDFPathSegment_GetClose(segment):
            parts[-1].append(_span(point, start))
        last = point
    return [part for part in parts if part]


def page_drawing(document: Any, number: int) -> Drawing:
    """What page `number` (from 1) of a `pypdfium2.PdfDocument` draws; an empty Drawing for a page that
    PDFium cannot load."""
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError:
        return Drawing()
    try:
        width, height = page.get_size()
        found = _Collector(page.raw, width, height)
        found.walk(page.raw, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, found.to_page, 0)
    finally:
        page.close()
    across, down = joined(found.across), joined(found.down)
    if len(across) + len(down) > MAX_RULES:
        across = down = []
    return Drawing(
        tuple(across),
        tuple(down),
        tuple(found.fills),
        tuple(found.shapes),
        tuple(found.images),
        whole=found.left > 0 and found.segments_left > 0,
    )


def joined(rules: Sequence[Rule], near: float = 1.6) -> list[Rule]:
    """The rules with pieces of one line put together, and the two edges of a thick line taken as one."""
    lines: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if lines and rule.at - lines[-1][0].at <= near:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    return [whole for line in lines for whole in _runs(line)]


def _runs(line: Sequence[Rule]) -> Iterator[Rule]:
    at = sum(rule.at for rule in line) / len(line)
    start = end = None
    for rule in sorted(line, key=lambda rule: rule.start):
        if start is None or end is None:
            start, end = rule.start, rule.end
        elif rule.start <= end + _SHORT:
            end = max(end, rule.end)
        else:
            yield Rule(at, start, end)
            start, end = rule.start, rule.end
    if start is not None and end is not None:
        yield Rule(at, start, end)


def _along_axis(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return abs(a[0] - b[0]) < 1 or abs(a[1] - b[1]) < 1


def _span(a: tuple[float, float], b: tuple[float, float]) -> Rect:
    return Rect(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))


def _is_white(item: Any) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
        return False
    return alpha.value == 0 or min(red.value, green.value, blue.value) >= 250


def _bounds(item: Any, matrix: Matrix) -> Rect | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return None
    return _span(_apply(matrix, left.value, bottom.value), _apply(matrix, right.value, top.value))


def _matrix(item: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, found):
        return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _to_page(page: Any, width: float, height: float) -> Matrix:
    """From the page's own space to points from the top left of the page as shown, rotated and cropped."""
    fine = 64

    def shown(x: float, y: float) -> tuple[float, float]:
        left, top = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, int(width * fine), int(height * fine), 0, x, y, left, top)
        return left.value / fine, top.value / fine

    (ox, oy), (ax, ay), (bx, by) = shown(0, 0), shown(100, 0), shown(0, 100)
    return ((ax - ox) / 100, (ay - oy) / 100, (bx - ox) / 100, (by - oy) / 100, ox, oy)
