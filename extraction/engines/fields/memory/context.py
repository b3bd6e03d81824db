"""Where a value stands on a sender's documents, told by what is around it, so that it can be found again.

A place is not a box: receipts get longer, letterheads shift, scans are cut. What stays is the text beside and
above the value, the column, the shape of what is printed ("RE-999999"), and the distance to the page's edges.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz

from extraction.engines.fields.candidates import Reading
from extraction.engines.fields.layout import Segment, Span, fold

MAX_TEXT = 32
_HEADER_ROWS = 30
_X_REACH, _Y_REACH, _ROW_REACH = 0.08, 0.15, 6.0

# What each trait of a place counts; a value's own label says most. By hand.
WEIGHTS: dict[str, float] = {
    "before": 3.0,
    "above": 1.2,
    "below": 1.0,
    "header": 1.0,
    "after": 0.6,
    "shape": 1.6,
    "x": 1.0,
    "y": 0.8,
    "row": 0.8,
    "lines": 0.6,
}
# A value behind another label is another value, however well it stands: so much of the likeness is lost.
OTHER_LABEL = 0.4
# Two empty texts are alike, but that says little.
_BOTH_EMPTY = 0.4


@dataclass(frozen=True, slots=True)
class Context:
    """What is around a value. Texts are folded, digits are 9; `x0`, `x1`, `y` are fractions of the page;
    `row` counts from the page's top, `up` from its bottom; `page` from 1, or from -1 for the last."""

    page: int
    before: str
    after: str
    above: str
    below: str
    header: str
    shape: str
    x0: float
    x1: float
    y: float
    row: int
    up: int
    lines: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Context:
        return cls(**{item.name: data[item.name] for item in fields(cls)})


def context_of(reading: Reading, spans: Sequence[Span]) -> Context:
    """The surroundings of a value that covers at least one span."""
    first, last = spans[0].segment, spans[-1].segment
    page = reading.layout.by_number[first.page]
    row = reading.layout.row_of(first)
    width, height = max(page.width, 1.0), max(page.height, 1.0)
    box = spans[0].box
    x0, x1 = (box.x, box.right) if box else (first.x0 / width, first.x1 / width)
    return Context(
        page=first.page if len(reading.layout.pages) == 1 or first.page == 1 else _page(reading, first.page),
        before=_tail(" ".join([*(part.text for part in _left(row, first)), first.text[: spans[0].start]])),
        after=_head(" ".join([last.text[spans[-1].end :], *(part.text for part in _right(reading, last))])),
        above=_tail(_near(page.rows, first, first.row - 1)),
        below=_head(_near(page.rows, last, last.row + 1)),
        header=_head(_header(page.rows, first)),
        shape=shape_of(spans[0].raw),
        x0=round(x0, 4),
        x1=round(x1, 4),
        y=round(first.middle / height, 4),
        row=first.row,
        up=len(page.rows) - first.row,
        lines=len({span.segment.row for span in spans}),
    )


def likeness(place: Context, found: Context) -> float:
    """How well what was found fits a remembered place, 0–1."""
    terms = list(_terms(place, found))
    total = sum(weight for weight, _ in terms)
    whole = sum(weight * value for weight, value in terms) / total
    return whole * (1 - OTHER_LABEL * (1 - _label_kept(place, found)))


def _label_kept(place: Context, found: Context) -> float:
    """How alike the texts before are (0–1); 1 where nothing was read before the value."""
    if not any(char.isalpha() for char in place.before):
        return 1.0
    return float(fuzz.ratio(place.before, found.before)) / 100


@lru_cache(maxsize=4096)
def shape_of(text: str) -> str:
    """What a value looks like: letters are a, digits 9, runs of more than four are cut, spaces are one."""
    kinds = ("9" if char.isdigit() else "a" if char.isalpha() else char for char in " ".join(text.split()))
    return re.sub(r"(.)\1{4,}", r"\1\1\1\1", "".join(kinds))[:MAX_TEXT]


@lru_cache(maxsize=4096)
def masked(text: str) -> str:
    """A text without case, accents and punctuation, every digit 9."""
    return " ".join(re.sub(r"[\W_]+", " ", re.sub(r"\d", "9", fold(text))).split())


def _terms(place: Context, found: Context) -> Iterable[tuple[float, float]]:
    for name in ("before", "after", "above", "below", "header"):
        yield _text_term(WEIGHTS[name], getattr(place, name), getattr(found, name))
    yield WEIGHTS["shape"], fuzz.ratio(place.shape, found.shape) / 100
    apart = min(abs(place.x0 - found.x0), abs(place.x1 - found.x1))
    yield WEIGHTS["x"], max(0.0, 1 - apart / _X_REACH)
    yield WEIGHTS["y"], max(0.0, 1 - abs(place.y - found.y) / _Y_REACH)
    rows = min(abs(place.row - found.row), abs(place.up - found.up))
    yield WEIGHTS["row"], max(0.0, 1 - rows / _ROW_REACH)
    yield WEIGHTS["lines"], 1.0 if place.lines == found.lines else 0.3
    if place.page != found.page:
        yield 1.5, 0.0


def _text_term(weight: float, left: str, right: str) -> tuple[float, float]:
    if not left and not right:
        return weight * _BOTH_EMPTY, 1.0
    return weight, fuzz.ratio(left, right) / 100


def _page(reading: Reading, number: int) -> int:
    return -1 if number == reading.layout.pages[-1].number else number


def _left(row: Sequence[Segment], segment: Segment) -> list[Segment]:
    return [other for other in row if other.x1 <= segment.x0 + 1 and other is not segment]


def _right(reading: Reading, segment: Segment) -> list[Segment]:
    return [other for other in reading.layout.row_of(segment) if other.x0 >= segment.x1 - 1]


def _near(rows: Sequence[Sequence[Segment]], segment: Segment, at: int) -> str:
    """The part of a neighbouring row over or under a segment, else the whole row."""
    if not 0 <= at < len(rows):
        return ""
    beside = [other for other in rows[at] if min(other.x1, segment.x1) > max(other.x0, segment.x0)]
    return " ".join(other.text for other in beside or rows[at])


def _header(rows: Sequence[Sequence[Segment]], segment: Segment) -> str:
    """The nearest text without figures above a segment, in its column."""
    for row in reversed(rows[max(0, segment.row - _HEADER_ROWS) : segment.row]):
        for other in row:
            over = min(other.x1, segment.x1) > max(other.x0, segment.x0)
            if over and not any(char.isdigit() for char in other.text):
                return other.text
    return ""


def _tail(text: str) -> str:
    return masked(text)[-MAX_TEXT:].strip()


def _head(text: str) -> str:
    return masked(text)[:MAX_TEXT].strip()
