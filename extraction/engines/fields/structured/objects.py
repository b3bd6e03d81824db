"""Objects: their parts are read like fields of their own, near the object's heading if it has one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from extraction.engines.fields.candidates import Candidate, Reading
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.labels import Label
from extraction.engines.fields.layout import Segment

_ROWS_DOWN = 15  # rows that belong to a heading at most
_GAP = 3.5  # letter heights of white space that end a section


def flattened(fields: Sequence[FieldDef]) -> list[FieldDef]:
    """All fields that hold one value, with the parts of objects as `object.part`; arrays stay whole."""
    found: list[FieldDef] = []
    for item in fields:
        found += flattened(parts_of(item)) if item.type == "object" else [item]
    return found


def parts_of(definition: FieldDef) -> list[FieldDef]:
    """An object's parts, named `object.part`."""
    return [replace(item, name=f"{definition.name}.{item.name}") for item in definition.items]


def objects_in(fields: Sequence[FieldDef]) -> list[FieldDef]:
    """All objects, the outer ones first."""
    found: list[FieldDef] = []
    for item in fields:
        if item.type == "object":
            found += [item, *objects_in(parts_of(item))]
    return found


def in_section(
    reading: Reading, name: str, objects: Sequence[str], candidates: Sequence[Candidate]
) -> list[Candidate]:
    """Of a part's candidates those below its object's heading; all of them where none is there."""
    owner = name.rpartition(".")[0]
    headings = {item: list(_headings(reading, item)) for item in objects}
    section = {
        segment for label in headings.get(owner, ()) for segment in _section(reading, label, headings, owner)
    }
    inside = [item for item in candidates if item.spans and item.spans[0].segment in section]
    return inside or list(candidates)


def _headings(reading: Reading, name: str) -> Iterable[Label]:
    role = f"custom:{name}"
    for labels in reading.labels.by_segment.values():
        yield from (label for label in labels if label.role == role and label.coverage >= 0.6)


def _section(
    reading: Reading, label: Label, headings: dict[str, list[Label]], owner: str
) -> Iterable[Segment]:
    """The segments below a heading, as far as the next heading beside or below it."""
    head = label.segment
    page = reading.layout.by_number[head.page]
    others = [item.segment for name, items in headings.items() if name != owner for item in items]
    others = [item for item in others if item.page == head.page and item is not head]
    beside = [item.x0 for item in others if abs(item.row - head.row) <= 1 and item.x0 > head.x1]
    left, right = head.x0 - 2 * page.letter, min(beside, default=page.width)
    bottom = head.y1
    for row in page.rows[head.row + 1 : head.row + 1 + _ROWS_DOWN]:
        here = [segment for segment in row if left <= segment.x0 < right]
        if any(segment in others for segment in here):
            return
        if here and here[0].y0 - bottom > _GAP * page.letter:
            return
        bottom = max((segment.y1 for segment in here), default=bottom)
        yield from here
