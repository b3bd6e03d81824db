"""Everything on a page that could be a field's value, whether a label says so or not.

The sources of the page propose what their labels and rules know. A person corrects just where these fail, so
the memory also looks at codes and texts that stand anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from extraction.engines.fields.addresses import address_of
from extraction.engines.fields.aliases import ROLE_KINDS, Role
from extraction.engines.fields.builtin import is_custom
from extraction.engines.fields.candidates import Candidate, Reading, span_of
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.layout import Segment, Span
from extraction.engines.fields.names import name_at
from extraction.engines.fields.sources import LOCAL_SOURCES, MAX_TEXT

_CODE = re.compile(r"[^\W_](?:[\w\-/.#]*[\w])?")
_AFTER_MARK = re.compile(r"[:#=]\s*(?=\S)")
_ADDRESS_ROWS, _ADDRESS_LINES = 22, 7
_HEAD_ROWS, _FOOT_ROWS = 24, 6
_LABEL_WORDS = 4


def everything(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    """The page's candidates and, behind them, what else is printed that could be one; made once a field."""
    return reading.once(f"memory:{definition.name}", lambda _: _everything(reading, definition, role))


def _everything(reading: Reading, definition: FieldDef, role: Role) -> list[Candidate]:
    found = [item for source in LOCAL_SOURCES for item in source(reading, definition, role) if item.spans]
    known = {_key(item) for item in found}
    return found + [item for item in _others(reading, definition, role) if _key(item) not in known]


def _key(candidate: Candidate) -> tuple[tuple[int, int, int, int], ...]:
    return tuple((span.segment.page, id(span.segment), span.start, span.end) for span in candidate.spans)


def _others(reading: Reading, definition: FieldDef, role: Role) -> Iterable[Candidate]:
    if definition.type != "string":
        return
    kind = ROLE_KINDS.get(role)
    if role == "receipt_address":
        yield from _runs(reading)
    elif kind == "party" or role == "company":
        yield from _names(reading)
    elif kind == "code":
        yield from _codes(reading)
    elif is_custom(role):
        yield from _codes(reading)
        yield from _texts(reading.layout.segments, _LABEL_WORDS)


def _codes(reading: Reading) -> Iterable[Candidate]:
    """Every word with a digit, also several joined by a space in one segment."""
    for segment in reading.layout.segments:
        for found in _CODE.finditer(segment.text):
            if sum(char.isdigit() for char in found.group()) >= 2:
                yield _candidate("code", segment, *found.span())


def _texts(segments: Iterable[Segment], label_words: int = 0) -> Iterable[Candidate]:
    """Every segment, what stands in it behind a colon, and behind its first words (a label without colon)."""
    for segment in segments:
        starts = {0, *segment.starts[1 : label_words + 1]}
        if mark := _AFTER_MARK.search(segment.text):
            starts.add(mark.end())
        for start in sorted(starts):
            yield _candidate("text", segment, start, len(segment.text))


def _names(reading: Reading) -> Iterable[Candidate]:
    """The lines at the first page's top and foot, what stands behind a colon, and two of them together."""
    for page in list(reading.layout.pages)[:1]:
        rows = page.rows[:_HEAD_ROWS] + page.rows[max(_HEAD_ROWS, len(page.rows) - _FOOT_ROWS) :]
        for item in _texts(segment for row in rows for segment in row):
            yield name_at(reading, item.spans)
        for upper, lower in zip(page.rows[:_HEAD_ROWS], page.rows[1:], strict=False):
            yield name_at(reading, (span_of(upper[0]), span_of(lower[0])))


def _runs(reading: Reading) -> Iterable[Candidate]:
    """Every run of up to seven lines in the upper part of the first page."""
    for page in list(reading.layout.pages)[:1]:
        lines = [row[0] for row in page.rows[:_ADDRESS_ROWS]]
        for start in range(len(lines)):
            for end in range(start + 1, min(start + _ADDRESS_LINES, len(lines)) + 1):
                yield address_of(lines[start:end])


def _candidate(kind: str, segment: Segment, start: int, end: int) -> Candidate:
    span = Span(segment, start, end)
    raw = span.raw.strip()
    return Candidate(kind, raw[:MAX_TEXT], raw, (span,))  # type: ignore[arg-type]
