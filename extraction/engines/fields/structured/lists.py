"""Arrays of plain values: what stands after a label in a row, or below it as a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from extraction.engines.fields.candidates import Reading
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.labels import Label
from extraction.engines.fields.layout import Segment, Span
from extraction.engines.fields.parse import JsonValue

from .values import WHOLE, Part, Structured, boxes_of, reader_score

MAX_ENTRIES = 200
_BETWEEN = re.compile(r"\s*[,;|•·]\s*|\s+(?:and|und|et|y|e|en|dan|&)\s+")
_BULLET = re.compile(r"^(?:[-–—•·*▪●]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+")
_INLINE, _BELOW = 0.8, 0.7  # how sure such an entry is, before the reader's own score


def read_list(reading: Reading, definition: FieldDef) -> Structured | None:
    """The plain values named by the field's label, the longest run of them; None without such a label."""
    role = reading.roles[definition.name]
    runs = [
        run
        for labels in reading.labels.by_segment.values()
        for label in labels
        if label.role == role
        for run in (_inline(label), _below(reading, label))
        if run
    ]
    if not runs:
        return None
    best = max(runs, key=lambda run: (sum(sure for _, sure in run) / len(run), len(run)))
    return listed(best[:MAX_ENTRIES])


def listed(entries: Sequence[tuple[Sequence[Span], float]]) -> Structured:
    """A list of the spans' texts, each with how sure it is."""
    parts: list[dict[str, Part]] = []
    for spans, sure in entries:
        text = " ".join(span.raw.strip() for span in spans)
        parts.append({WHOLE: Part(text, text, round(sure * reader_score(spans), 4), boxes_of(spans))})
    values: list[JsonValue] = [part[WHOLE].value for part in parts]
    boxes = tuple(box for part in parts for box in part[WHOLE].boxes)
    return Structured(values, tuple(parts), boxes, "\n".join(str(value) for value in values))


def _inline(label: Label) -> list[tuple[list[Span], float]]:
    """The values after a label on its line, split at commas and the like."""
    segment = label.segment
    rest = segment.text[label.end :]
    if not rest.lstrip().startswith(":"):
        return []
    start = label.end + len(rest) - len(rest.lstrip(" :"))
    return [([span], _INLINE) for span in _split(segment, start)]


def _split(segment: Segment, start: int) -> Iterable[Span]:
    for found in _BETWEEN.finditer(segment.text, start):
        if segment.text[start : found.start()].strip():
            yield Span(segment, start, found.start())
        start = found.end()
    if segment.text[start:].strip():
        yield Span(segment, start, len(segment.text))


def _below(reading: Reading, label: Label) -> list[tuple[list[Span], float]]:
    """The lines below a label that stands alone, as long as they follow closely in its column."""
    segment = label.segment
    if label.coverage < 0.8:
        return []
    page = reading.layout.by_number[segment.page]
    found: list[tuple[list[Span], float]] = []
    bottom = segment.y1
    for row in page.rows[segment.row + 1 :]:
        under = [other for other in row if other.x1 > segment.x0 and other.x0 < segment.x1 + 2 * page.letter]
        if not under or under[0].y0 - bottom > 1.6 * page.letter or _is_heading(reading, under[0]):
            break
        bottom = under[0].y1
        start = len(under[0].text) - len(_BULLET.sub("", under[0].text))
        found.append(([Span(under[0], start, len(under[0].text))], _BELOW))
    return found


def _is_heading(reading: Reading, segment: Segment) -> bool:
    return any(label.coverage >= 0.8 for label in reading.labels.by_segment.get(segment, ()))
