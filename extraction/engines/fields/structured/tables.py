"""Arrays of objects, read from the tables of a document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from extraction.engines.blocks import Box
from extraction.engines.fields.candidates import Reading
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.layout import Span
from extraction.engines.fields.parse import JsonValue

from .cells import decimal_of, parse_cell
from .headers import Header, headers_of
from .measures import ODD, column_meanings, measured
from .rows import Entry, TableReader, text_of
from .values import Part, Structured, boxes_of, reader_score

MAX_TEXT = 500
_COUNTED = re.compile(r"(\d{1,5}(?:[.,]\d{1,2})?)\s?([^\W\d].*)")
_ORDINAL = re.compile(r"(\d{1,4})[.)]?\s+(?=\S)")


def read_table(reading: Reading, definition: FieldDef) -> Structured | None:
    """The rows of the table whose header names the array's parts; None where no such table is printed."""
    names = {item.name for item in definition.items}
    groups = headers_of(reading, definition)
    heads = [header for group in groups for header in group]
    reader = TableReader(reading, definition, {"amount", "balance"} <= names, heads)
    read = [(headers, reader.read(headers), reader.closed) for headers in groups]
    tables = [(headers, entries) for headers, entries, _ in read if entries]
    if not tables:
        return None
    headers, entries = tables[0]
    closed = next(closed for _, entries, closed in read if entries)
    weights = _weights(headers)
    for more, beside in tables[1:]:
        if len(beside) == len(entries):
            _join(entries, beside)
            weights |= _weights(more)
    return replace(_structured(reading, definition, reader, entries, weights), closed=closed)


def _weights(headers: Sequence[Header]) -> dict[str, float]:
    return {column.name: column.weight for header in headers for column in header.columns if column.name}


def _join(entries: Sequence[Entry], beside: Sequence[Entry]) -> None:
    """Adds the columns of a second table with the same rows (a wide table printed in two halves)."""
    for entry, other in zip(entries, beside, strict=True):
        for name, spans in other.cells.items():
            entry.cells.setdefault(name, spans)
        entry.rows += other.rows


def _structured(
    reading: Reading,
    definition: FieldDef,
    reader: TableReader,
    entries: Sequence[Entry],
    weights: Mapping[str, float],
) -> Structured:
    _drop_ordinals(entries, definition)
    columns = [item for item in definition.items if item.name in weights]
    parts = tuple(_parts(reading, columns, entry, weights, reader.signed) for entry in entries)
    parts = tuple(_with_amount(row, definition) for row in _with_quantities(parts, definition))
    rows: list[JsonValue] = [{item.name: _value(row, item) for item in definition.items} for row in parts]
    boxes = tuple(box for entry in entries for box in _entry_boxes(entry))
    raw = "\n".join("   ".join(part.raw for part in row.values()) for row in parts)
    table = measured(definition, rows, parts, boxes, raw)
    unread = any(_is_number(item) and not any(item.name in row for row in parts) for item in columns)
    return replace(table, regular=min(table.regular, ODD)) if unread else table


def _is_number(item: FieldDef) -> bool:
    return item.type in ("number", "integer", "currency") and item.name not in ("debit", "credit")


def _value(row: Mapping[str, Part], item: FieldDef) -> JsonValue:
    value: JsonValue = row[item.name].value if item.name in row else None
    return item.default if value is None else value


def _parts(
    reading: Reading, columns: Sequence[FieldDef], entry: Entry, weights: Mapping[str, float], signed: bool
) -> dict[str, Part]:
    made = {}
    for item in columns:
        spans = entry.cells.get(item.name)
        if not spans:
            continue
        raw = text_of(spans)
        value, certainty = parse_cell(raw, item, reading, signed)
        value = value[:MAX_TEXT] if isinstance(value, str) else value
        sure = certainty * reader_score(spans) * (1.0 if weights[item.name] >= 0.9 else 0.9)
        made[item.name] = Part(value, raw[:MAX_TEXT], round(min(sure, 0.99), 4), boxes_of(spans))
    return made


def _with_quantities(parts: tuple[dict[str, Part], ...], definition: FieldDef) -> tuple[dict[str, Part], ...]:
    """Quantities that are printed together with their units ("24 pcs") where they have no column."""
    columns = column_meanings(definition)
    quantity, unit = columns.get("quantity"), columns.get("unit")
    if not quantity or not unit or any(quantity in row for row in parts):
        return parts
    found = [_COUNTED.fullmatch(row[unit].raw) if unit in row else None for row in parts]
    if not parts or not all(found):
        return parts
    return tuple(
        {
            **row,
            quantity: replace(row[unit], value=_count(match[1]), raw=match[1]),
            unit: replace(row[unit], value=match[2], raw=match[2]),
        }
        for row, match in zip(parts, found, strict=True)
        if match
    )


def _count(text: str) -> int | float:
    number = float(text.replace(",", "."))
    return int(number) if number.is_integer() else number


def _with_amount(row: dict[str, Part], definition: FieldDef) -> dict[str, Part]:
    """A booking's signed amount, where the bank prints money out and money in as two columns."""
    columns = column_meanings(definition)
    if not {"debit", "credit", "amount"} <= columns.keys() or columns["amount"] in row:
        return row
    for side in ("credit", "debit"):
        cell = row.get(columns[side])
        number = decimal_of(cell.value) if cell else None
        if cell and number:
            signed = -abs(number) if side == "debit" else number
            return {**row, columns["amount"]: replace(cell, value=f"{signed:.2f}")}
    return row


def _entry_boxes(entry: Entry) -> tuple[Box, ...]:
    """One box per printed row of the entry, around all its cells."""
    return boxes_of([Span(segment, 0, len(segment.text)) for row in entry.rows for segment in row])


def _drop_ordinals(entries: Sequence[Entry], definition: FieldDef) -> None:
    """Takes the running number off descriptions where every row begins with the next one."""
    for item in definition.items:
        if item.type != "string":
            continue
        firsts = [entry.cells[item.name][0] for entry in entries if entry.cells.get(item.name)]
        found = [_ORDINAL.match(span.raw) for span in firsts]
        numbers = [int(match[1]) for match in found if match]
        if len(firsts) < 2 or numbers != list(range(numbers[0] if numbers else 1, len(firsts) + 1)):
            continue
        for entry, match in zip(
            [entry for entry in entries if entry.cells.get(item.name)], found, strict=True
        ):
            span = entry.cells[item.name][0]
            entry.cells[item.name][0] = Span(
                span.segment, span.start + (match.end() if match else 0), span.end
            )
