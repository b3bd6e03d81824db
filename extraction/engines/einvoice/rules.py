"""What an invoice's own figures say against each other: the cheap and certain rules of EN 16931 in words."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from .invoice import EInvoice

# Sums are exact by the standard; older writers round each part by itself.
TOLERANCE = Decimal("0.02")
Errors = dict[str, list[str]]


def broken_rules(invoice: EInvoice) -> Errors:
    """Sentences per field, none for an invoice that adds up; a sum with a part unnamed is not judged."""
    errors: Errors = {name: [sentence] for name, sentence in invoice.problems.items()}
    for name, sentence in _broken_sums(invoice):
        errors.setdefault(name, []).append(sentence)
    return errors


def _broken_sums(invoice: EInvoice) -> Iterable[tuple[str, str]]:
    sums, zero = invoice.sums, Decimal(0)
    counted = [line.amount for line in invoice.lines if line.counts]
    shares = [share.amount for share in invoice.taxes]
    if counted and not invoice.truncated:
        yield from _compare("net", "its lines add up to", _sum(counted), "the sum of lines", sums.lines)
    if sums.lines is not None:
        net = sums.lines - (sums.allowances or zero) + (sums.charges or zero)
        yield from _compare("net", "lines, allowances and charges give", net, "the net amount", sums.net)
    if shares:
        yield from _compare("tax", "the taxes add up to", _sum(shares), "the tax", sums.tax)
    if sums.net is not None and sums.tax is not None:
        yield from _compare("total", "net and tax give", sums.net + sums.tax, "the total", sums.total)
    if sums.total is not None:
        due = sums.total - (sums.prepaid or zero) + (sums.rounding or zero)
        yield from _compare("amount_due", "total less prepayments gives", due, "the amount due", sums.due)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """None if one of them is missing."""
    parts = list(amounts)
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)) if len(known) == len(parts) else None


def _compare(
    name: str, how: str, made: Decimal | None, what: str, said: Decimal | None
) -> Iterable[tuple[str, str]]:
    if made is not None and said is not None and abs(made - said) > TOLERANCE:
        yield name, f"In the XML {how} {made:,.2f}, but {what} is {said:,.2f}."
