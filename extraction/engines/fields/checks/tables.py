"""Rows that must add up: line items against the invoice's sums, transactions against the balances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from extraction.engines.fields.candidates import Candidate
from extraction.engines.fields.defs import FieldDef
from extraction.engines.fields.parse import JsonValue
from extraction.engines.fields.structured.cells import decimal_of
from extraction.engines.fields.structured.measures import column_meanings, measured
from extraction.engines.fields.structured.values import Part, Structured

from .base import Chosen, Verdict, money

_SUMS = ("net", "total", "subtotal", "net_total", "receipt_total")
_LABELLED = 0.4  # how strongly a printed amount must be labelled as a sum to count as one


def check_lines(chosen: Chosen, verdict: Verdict) -> None:
    """The line amounts add up to a printed net, subtotal or total."""
    for definition, table, columns in _tables(chosen, "amount"):
        if "balance" in columns:
            continue
        total = _total(table, columns["amount"])
        sums = _printed_sums(chosen)
        if total is None or not sums:
            continue
        if any(abs(total - value) <= _tolerance(table) for value in sums.values()):
            verdict.confirm([definition.name])
            continue
        verdict.doubted.add(definition.name)
        if _is_sure(table) and not _explained(chosen, table, total, sums):
            name, value = next(iter(sums.items()))
            text = f"The line amounts add up to {money(total)}, but {name} is {money(value)}."
            verdict.errors[definition.name].append(text)


def check_products(chosen: Chosen, verdict: Verdict) -> None:
    """Quantity × unit price is the amount, in all rows but a few: those few are named."""
    for name, table in chosen.tables.items():
        wrong = sorted(table.wrong_products)
        # Rows that add up all the same have a discount of their own.
        if wrong and len(wrong) * 3 <= table.products and name not in verdict.held:
            rows = ", ".join(str(index + 1) for index in wrong[:5])
            verdict.errors[name].append(f"Quantity × unit price is not the amount in row {rows}.")


def check_balances(chosen: Chosen, verdict: Verdict) -> None:
    """Opening balance + all transactions = closing balance, on a bank statement."""
    opening, closing = chosen.number("opening_balance"), chosen.number("closing_balance")
    if opening is None or closing is None:
        return
    for definition, table, columns in _tables(chosen):
        moved = _moved(table, columns)
        if moved is None:
            continue
        names = [definition.name, chosen.name_of("opening_balance"), chosen.name_of("closing_balance")]
        if abs(opening + moved - closing) <= _tolerance(table):
            verdict.confirm(names)
        elif table.regular >= 0.99:
            verdict.blame(names, _balance_text(opening, moved, closing))
        else:
            verdict.doubted.add(definition.name)


def _balance_text(opening: Decimal, moved: Decimal, closing: Decimal) -> str:
    return (
        f"Opening balance {money(opening)} and transactions of {money(moved)} "
        f"do not give the closing balance {money(closing)}."
    )


def _tables(chosen: Chosen, *needed: str) -> Iterable[tuple[FieldDef, Structured, dict[str, str]]]:
    for definition in chosen.fields:
        table = chosen.tables.get(definition.name)
        columns = column_meanings(definition)
        if table and table.parts and definition.items and all(name in columns for name in needed):
            yield definition, table, columns


def _total(table: Structured, column: str) -> Decimal | None:
    """The sum of a column; None where a row has no readable amount and text instead."""
    numbers = [_number(row, column) for row in table.parts]
    unread = any(column in row and row[column].value is None for row in table.parts)
    found = [number for number in numbers if number is not None]
    return None if unread or not found else sum(found, Decimal(0))


def _number(row: Mapping[str, Part], column: str) -> Decimal | None:
    return decimal_of(row[column].value) if column in row else None


def _moved(table: Structured, columns: Mapping[str, str]) -> Decimal | None:
    """What all transactions together change: signed amounts, or credits less debits."""
    if "debit" in columns and "credit" in columns:
        debit, credit = (_column(table, columns[name]) for name in ("debit", "credit"))
        if debit or credit:
            return sum(credit, Decimal(0)) - sum((abs(value) for value in debit), Decimal(0))
    amounts = _column(table, columns["amount"]) if "amount" in columns else []
    return sum(amounts, Decimal(0)) if len(amounts) == len(table.parts) else None


def _column(table: Structured, column: str) -> list[Decimal]:
    found = (_number(row, column) for row in table.parts)
    return [number for number in found if number is not None]


def _printed_sums(chosen: Chosen) -> dict[str, Decimal]:
    """The amounts labelled as a sum: the chosen ones first, then other candidates of the same fields."""
    sums: dict[str, Decimal] = {}
    for role in _SUMS:
        candidate = chosen.role(role)
        if candidate and candidate.number is not None:
            sums[chosen.names[role]] = candidate.number
    for role in _SUMS if sums else ():
        for item in chosen.ranked.get(chosen.names.get(role, ""), ()):
            number = item.candidate.number
            if number is not None and item.features.get("label", 0.0) >= _LABELLED:
                sums.setdefault(f"{role} {number}", number)
    return sums


def _explained(chosen: Chosen, table: Structured, total: Decimal, sums: Mapping[str, Decimal]) -> bool:
    """Whether an amount printed outside the table, such as a discount or freight, is the difference."""
    if chosen.reading is None:
        return False
    outside = (item for item in chosen.reading.pool("money") if not _is_inside(item, table))
    printed = {abs(item.number) for item in outside if item.number}
    return any(abs(total - value) in printed for value in sums.values())


def _is_inside(candidate: Candidate, table: Structured) -> bool:
    middles = [(box.page, box.y + box.h / 2) for box in candidate.boxes]
    return any(row.page == page and row.y <= y <= row.bottom for page, y in middles for row in table.boxes)


def _is_sure(table: Structured) -> bool:
    """A table read down to its totals, all rows filled and multiplied out, is right whatever the sums say."""
    multiplied = table.products == len(table.parts) and not table.wrong_products
    return table.closed and multiplied and table.regular >= 0.99


def _tolerance(table: Structured) -> Decimal:
    return Decimal("0.02") + Decimal("0.005") * len(table.parts)


def table_of(definition: FieldDef, rows: Sequence[JsonValue]) -> Structured:
    """Values that were entered or stored, as a table to check; what is no object counts as an empty row."""
    parts: list[dict[str, Part]] = []
    for row in rows:
        cells = row if isinstance(row, dict) else {}
        parts.append(
            {name: Part(value, str(value), 1.0) for name, value in cells.items() if value is not None}
        )
    return replace(measured(definition, list(rows), tuple(parts)), closed=True)
