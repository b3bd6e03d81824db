"""Where a text that a model quotes is printed: on the lines it names, beside them, or elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from extraction.engines.fields.candidates import Reading
from extraction.engines.fields.layout import Segment, Span, fold
from extraction.engines.llm.lines import RowKey, keys_in

# A quote may differ from the print by one letter in ten: reading errors, not other words.
MIN_RATIO = 0.9
# Shorter texts are found only as they are: one letter is too much of them.
_FUZZY_FROM = 6
# Shorter texts stand everywhere; they count only on lines that were named.
_ELSEWHERE_FROM = 4
_MAX_ROWS = 60
# The lines that a text nobody has named a place for may run over.
_MAX_COLUMN = 5
_ALIKE = str.maketrans("‐‑‒–—−’‘‚“”„«»\u00a0\u2007\u202f", '------\'\'\'"""""   ')


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text is printed: `ratio` (0.9–1) tells how alike, `named` whether on or beside named lines."""

    spans: tuple[Span, ...]
    ratio: float
    named: bool

    @property
    def raw(self) -> str:
        return " ".join(span.raw.strip() for span in self.spans)

    def holds(self, span: Span) -> bool:
        return any(
            own.segment is span.segment and own.start < span.end and span.start < own.end
            for own in self.spans
        )


@dataclass(frozen=True, slots=True)
class _Strip:
    """Segments in a row or down a column as one text, each with the place where it begins."""

    text: str
    parts: tuple[tuple[int, Segment], ...]

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        return tuple(
            Span(segment, max(start - at, 0), min(end - at, len(segment.text)))
            for at, segment in self.parts
            if at < end and at + len(segment.text) > start
        )


def find(text: str, reading: Reading, ids: Sequence[str]) -> Place | None:
    """Where the text is printed: on the named lines or their neighbours, else anywhere. None if nowhere.

    Letters may differ a little, digits may not.
    """
    needle = plain(" ".join(text.split()))
    if not needle:
        return None
    keys = named_rows(reading, ids)
    place = _search(needle, _strips(reading, keys), named=True)
    if place or len(needle) < _ELSEWHERE_FROM:
        return place
    return _search(needle, _everywhere(reading), named=False)


def named_rows(reading: Reading, ids: Sequence[str]) -> list[RowKey]:
    """The rows that exist of those named, then their neighbours; in this order they are searched."""
    named = list(dict.fromkeys(keys_in(ids)))[:_MAX_ROWS]
    beside = [(page, row + step) for page, row in named for step in (-1, 1)]
    return [key for key in dict.fromkeys([*named, *beside]) if _row(reading, key)]


def plain(text: str) -> str:
    """The text folded letter by letter, so that places in it are places in the original."""
    text = text.translate(_ALIKE)
    return text.lower() if text.isascii() else "".join(map(_plain_letter, text))


@lru_cache(maxsize=4096)
def _plain_letter(letter: str) -> str:
    return fold(letter)[:1] or letter


def _row(reading: Reading, key: RowKey) -> tuple[Segment, ...]:
    page, row = key
    layout = reading.layout.by_number.get(page)
    return layout.rows[row] if layout and 0 <= row < len(layout.rows) else ()


def _strips(reading: Reading, keys: Sequence[RowKey]) -> list[_Strip]:
    """Segments alone, whole rows, columns downwards, and all rows together."""
    rows = [_row(reading, key) for key in keys]
    strips = [_strip([segment]) for row in rows for segment in row]
    strips += [_strip(row) for row in rows if len(row) > 1]
    in_order = [_row(reading, key) for key in sorted(keys)]
    if len(in_order) > 1:
        strips += [_strip(column) for column in _columns(in_order)]
        strips.append(_strip([segment for row in in_order for segment in row]))
    return strips


def _columns(rows: Sequence[Sequence[Segment]], tops: int | None = None) -> Iterator[list[Segment]]:
    """What stands below each segment of the first rows (all if None), with the segment."""
    for index, row in enumerate(rows[:tops]):
        for top in row:
            column = [top]
            for below in rows[index + 1 :]:
                under = [item for item in below if min(item.x1, top.x1) > max(item.x0, top.x0)]
                column += under[:1]
            if len(column) > 1:
                yield column


def _everywhere(reading: Reading) -> list[_Strip]:
    def strips(reading: Reading) -> list[_Strip]:
        segments = [_strip([segment]) for segment in reading.layout.segments]
        pages = [page.rows for page in reading.layout.pages]
        rows = [_strip(row) for page in pages for row in page if len(row) > 1]
        columns = [
            _strip(column)
            for page in pages
            for top in range(len(page))
            for column in _columns(page[top : top + _MAX_COLUMN], tops=1)
        ]
        return segments + rows + columns

    return reading.once("llm_strips", strips)


def _strip(segments: Sequence[Segment]) -> _Strip:
    parts, text = [], ""
    for segment in segments:
        text += " " if text else ""
        parts.append((len(text), segment))
        text += plain(segment.text)
    return _Strip(text, tuple(parts))


def _search(needle: str, strips: Sequence[_Strip], *, named: bool) -> Place | None:
    for strip in strips:
        if found := _exact(needle, strip.text):
            return Place(strip.spans(*found), 1.0, named)
    if len(needle) < _FUZZY_FROM:
        return None
    scored = ((_alike(needle, strip.text), strip) for strip in strips)
    best = max(((hit, strip) for hit, strip in scored if hit), key=lambda item: item[0][0], default=None)
    if best is None:
        return None
    (ratio, start, end), strip = best
    return Place(strip.spans(start, end), ratio, named)


def _exact(needle: str, text: str) -> tuple[int, int] | None:
    """The needle as whole words: 12.50 is not printed in 112.50."""
    start = text.find(needle)
    while start >= 0:
        end = start + len(needle)
        if not (_joined(text[start - 1 : start], needle[0]) or _joined(needle[-1], text[end : end + 1])):
            return start, end
        start = text.find(needle, start + 1)
    return None


def _joined(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum()


def _alike(needle: str, text: str) -> tuple[float, int, int] | None:
    """The words most like the needle: how alike (0–1), from, to. None below MIN_RATIO or for other digits."""
    if len(text) < MIN_RATIO * len(needle):
        return None
    found = fuzz.partial_ratio_alignment(needle, text, score_cutoff=100 * MIN_RATIO)
    if found is None:
        return None
    # For a needle longer than the text, the text is what was aligned.
    start, end = (0, len(text)) if len(needle) > len(text) else (found.dest_start, found.dest_end)
    start, end = _whole_words(text, start, end)
    ratio = fuzz.ratio(needle, text[start:end]) / 100
    if ratio < MIN_RATIO or _digits(needle) != _digits(text[start:end]):
        return None
    return ratio, start, end


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The place moved to the nearest ends of words; nothing where it is only a part of one."""
    words = [found.span() for found in re.finditer(r"\S+", text)]
    touched = [(a, b) for a, b in words if min(b, end) - max(a, start) > (b - a) / 2]
    return (touched[0][0], touched[-1][1]) if touched else (start, start)


def _digits(text: Iterable[str]) -> str:
    return "".join(char for char in text if char.isdigit())
