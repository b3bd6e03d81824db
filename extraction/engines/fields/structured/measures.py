"""How a table looks as a whole: rows that fill the same columns, quantities that multiply out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from extraction.engines.blocks import Box
from extraction.engines.fields.builtin import meanings_of
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.parse import JsonValue

from .cells import decimal_of
from .values import Part, Structured

PRODUCT_TOLERANCE = Decimal("0.011")
_PRODUCT = ("quantity", "unit_price", "amount")
ODD = 0.95  # of a table that lacks a whole column
Row = Mapping[str, Part]


def measured(
    definition: FieldDef,
    value: list[JsonValue],
    parts: tuple[Row, ...],
    boxes: tuple[Box, ...] = (),
    raw: str = "",
) -> Structured:
    """A table with its measures."""
    columns = column_meanings(definition)
    wrong, compared = _products(parts, columns)
    return Structured(value, parts, boxes, raw, _regular(parts, columns), compared, wrong)


def column_meanings(definition: FieldDef) -> dict[str, str]:
    """A table's columns by what they mean: the built-in part's name → the part's own name."""
    found: dict[str, str] = {}
    for item in definition.items:
        part = replace(item, name=f"{definition.name}.{item.name}")
        for place, meaning in enumerate(meanings_of(part)):
            if place == 0 or meaning not in found:
                found[meaning] = item.name
    return found


def _regular(parts: Sequence[Row], columns: Mapping[str, str]) -> float:
    """The share of rows that fill every column which most rows fill with a readable value.

    Half of the rows are enough for quantity, price and amount; money out and money in take turns.
    """
    filled = [{name for name, part in row.items() if part.value is not None} for row in parts]
    counted = Counter(name for row in filled for name in row)
    sums = {columns[name] for name in _PRODUCT if name in columns}
    turns = {columns[name] for name in ("debit", "credit") if name in columns}
    usual = {
        name
        for name, count in counted.items()
        if name not in turns and count >= (0.5 if name in sums else 0.61) * len(filled)
    }
    share = sum(usual <= row for row in filled) / max(len(filled), 1)
    return min(share, ODD) if _lacks_quantities(counted, columns) else share


def _lacks_quantities(counted: Mapping[str, int], columns: Mapping[str, str]) -> bool:
    """Prices and amounts without any quantity: its column was most likely not recognised."""
    present = [bool(counted.get(columns[name])) if name in columns else None for name in _PRODUCT]
    return present == [False, True, True]


def _products(parts: Sequence[Row], columns: Mapping[str, str]) -> tuple[frozenset[int], int]:
    """The rows whose quantity × unit price is not their amount, and how many rows could be compared."""
    wrong, compared = set(), 0
    if not all(name in columns for name in _PRODUCT):
        return frozenset(), 0
    for index, row in enumerate(parts):
        cells = [row.get(columns[name]) for name in _PRODUCT]
        numbers = [decimal_of(cell.value) if cell else None for cell in cells]
        known = [number for number in numbers if number is not None]
        if len(known) < len(_PRODUCT):
            continue
        quantity, price, amount = known
        compared += 1
        if abs(quantity * price - amount) > PRODUCT_TOLERANCE + abs(amount) / 10_000:
            wrong.add(index)
    return frozenset(wrong), compared
