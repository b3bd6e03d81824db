"""Features of amounts: what they add up to, what was paid, what was rounded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from extraction.engines.fields.aliases import Role
from extraction.engines.fields.candidates import Candidate, Reading

from .pool import Pool

TOLERANCE = Decimal("0.02")
_SPOKEN = 0.6  # a label this strong names the amount
_MOST = 12
_CENTS = tuple(Decimal(cents) / 100 for cents in (-2, -1, 1, 2))
_NAMES: tuple[Role, ...] = ("paid", "change", "rounding", "tax", "net", "subtotal", "total", "amount_due")
_WIDEST_SHIFT = Decimal("0.05")
_COLUMN = 40
_FAR = 12.0


@dataclass(frozen=True, slots=True)
class Sums:
    """The amounts of a document by the label beside them, and what can be made of them."""

    by_role: Mapping[Role, tuple[Decimal, ...]]
    paid_less_change: frozenset[Decimal]
    paid: frozenset[Decimal]
    with_tax: frozenset[Decimal]
    rounded_to: frozenset[Decimal]
    rounded_from: frozenset[Decimal]
    paid_row: int | None
    columns: Mapping[Candidate, bool]


def money_features(reading: Reading, role: Role, candidate: Candidate, pool: Pool) -> dict[str, float]:
    number = candidate.number or Decimal(0)
    sums = reading.once("sums", _sums)
    marks = {
        "largest": number == pool.largest,
        "zero": number == 0,
        "negative": number < 0,
        "paid_less_change": number > 0 and number in sums.paid_less_change,
        "is_paid": number > 0 and number in sums.paid,
        "with_tax": number > 0 and number in sums.with_tax,
        "rounded_to": number in sums.rounded_to,
        "rounded_from": number in sums.rounded_from,
        "rounded": _is_rounded(number, pool),
        "column_sum": sums.columns.get(candidate, False),
        "in_tax_summary": _in_tax_summary(reading, candidate),
    }
    return {
        **{name: 1.0 if said else 0.0 for name, said in marks.items()},
        "size": float(number / pool.largest) if pool.largest and number > 0 else 0.0,
        "to_payment": _to_payment(sums, candidate),
    }


def _sums(reading: Reading) -> Sums:
    named: dict[Role, set[Decimal]] = defaultdict(set)
    rows: list[int] = []
    for item in reading.pool("money"):
        strengths = reading.strengths(item)
        for role in _NAMES:
            if item.number is not None and strengths.get(role, 0.0) > _SPOKEN:
                named[role].add(abs(item.number) if role != "rounding" else item.number)
                rows += [_row(item)] if role == "paid" else []
    by_role = {role: tuple(sorted(numbers)[:_MOST]) for role, numbers in named.items()}
    bases = (*by_role.get("net", ()), *by_role.get("subtotal", ()))
    shifts = [shift for shift in by_role.get("rounding", ()) if 0 < abs(shift) < _WIDEST_SHIFT]
    totals = {*bases, *by_role.get("total", ()), *by_role.get("amount_due", ())}
    return Sums(
        by_role=by_role,
        paid_less_change=frozenset(_differences(by_role)),
        paid=frozenset(by_role.get("paid", ())),
        with_tax=frozenset(base + tax for base in bases for tax in by_role.get("tax", ()) if tax),
        rounded_to=frozenset(total + sign * shift for total in totals for shift in shifts for sign in (1, -1))
        - totals.difference(_moved(totals, shifts)),
        rounded_from=frozenset(total for total in totals if shifts and _moved({total}, shifts) & totals),
        paid_row=min(rows, default=None),
        columns=_column_sums(reading),
    )


def _moved(totals: Iterable[Decimal], shifts: Iterable[Decimal]) -> set[Decimal]:
    return {total + sign * shift for total in totals for shift in shifts for sign in (1, -1)}


def _differences(by_role: Mapping[Role, tuple[Decimal, ...]]) -> Iterable[Decimal]:
    """Paid less change; where the labels do not part the two, every difference of them."""
    paid, change = by_role.get("paid", ()), by_role.get("change", ())
    amounts = [number for number in (*paid, *change) if number]
    return (large - small for large in amounts for small in amounts if large > small)


def _row(item: Candidate) -> int:
    segment = item.spans[0].segment
    return segment.page * 1000 + segment.row


def _to_payment(sums: Sums, candidate: Candidate) -> float:
    """Rows from the candidate down to the first payment, at most ±12; 12 where nothing says so."""
    if sums.paid_row is None or not candidate.spans:
        return _FAR
    return float(max(-_FAR, min(_FAR, sums.paid_row - _row(candidate))))


def _column_sums(reading: Reading) -> dict[Candidate, bool]:
    """Which amounts are the sum of two or more amounts that stand right above them in their column."""
    found: dict[Candidate, bool] = {}
    above: list[tuple[float, Decimal]] = []
    for item in reading.pool("money"):
        if item.number is None or not item.seen.get("cents"):
            continue
        right = item.spans[0].box
        edge = right.right if right else 0.0
        found[item] = _adds_up(
            item.number, [number for x, number in above[-_COLUMN:] if abs(x - edge) < 0.03]
        )
        above.append((edge, item.number))
    return found


def _adds_up(number: Decimal, column: list[Decimal]) -> bool:
    total = Decimal(0)
    for count, other in enumerate(reversed(column), 1):
        total += other
        if count >= 2 and total == number:
            return True
        if total > number:
            return False
    return False


def _is_rounded(number: Decimal, pool: Pool) -> bool:
    """A multiple of five cents beside an amount one or two cents off, as where small coins left use."""
    if number <= 0 or number % Decimal("0.05"):
        return False
    return any(number + cents in pool.numbers for cents in _CENTS)


def _in_tax_summary(reading: Reading, candidate: Candidate) -> bool:
    if not candidate.spans:
        return False
    segment = candidate.spans[0].segment
    letter = reading.layout.by_number[segment.page].letter
    return reading.labels.under(segment, "tax_summary", 12 * letter)
